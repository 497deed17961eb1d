"""Areas as GeoJSON features, with their values after disclosure control."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely

from convive.observatory.map.scope import shapes_of

if TYPE_CHECKING:
    from convive.observatory.map.presenters import Area, AreaMap

Feature = dict[str, Any]


def area_features(shown: AreaMap, decimals: float, tolerance: float) -> list[Feature]:
    listed = [area for area in shown.areas if area.path in shown.boundaries]
    by_path = shapes_of(shown.boundaries)
    shapes = [by_path[area.path] for area in listed]
    thin = shapely.set_precision(shapely.simplify(shapes, tolerance), decimals)
    return [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shape)),
            "properties": _properties(area, shown),
        }
        for area, shape in zip(listed, thin, strict=True)
    ]


def _properties(area: Area, shown: AreaMap) -> Feature:
    measure = "rate_per_100k" if shown.is_rate else "count"
    return {
        "path": area.path,
        "name": area.name,
        "state": area.state,
        "incident_count": area.count,
        "rate_per_100k": None if area.rate is None else round(area.rate, 2),
        f"{measure}_lower_95": None if area.lower is None else round(area.lower, 2),
        f"{measure}_upper_95": None if area.upper is None else round(area.upper, 2),
        "is_approximate_outline": shown.boundaries[area.path].is_approximate,
    }
