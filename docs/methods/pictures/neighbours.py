"""Picture of three ways to say who is a neighbour."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from drawing import ALARM, INK, QUIET, draw

from convive.stats import spatial_weights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drawing import Texts

PLACES, SIDE = 28, 3000
AXIS = {"axis": None, "scale": {"domain": [0, SIDE]}}


def places() -> tuple[np.ndarray, np.ndarray]:
    """Centres of invented neighbourhoods and their outlines."""
    xy = np.random.default_rng(13).uniform(100, SIDE - 100, (PLACES, 2))
    cells = shapely.voronoi_polygons(
        shapely.multipoints(xy), extend_to=shapely.box(0, 0, SIDE, SIDE), ordered=True
    )
    outlines = shapely.intersection(
        shapely.get_parts(cells), shapely.box(0, 0, SIDE, SIDE)
    )
    return xy, outlines


def segments(kind: str, part: str, ends: Iterable[np.ndarray]) -> list[dict[str, Any]]:
    names = ("x", "y", "x2", "y2")
    rows = [np.ravel(pair).round().tolist() for pair in ends]
    return [dict(zip(names, row, strict=True), kind=kind, part=part) for row in rows]


def ways(said: Texts) -> dict[str, list[dict[str, Any]]]:
    xy, outlines = places()
    rings = [shapely.get_coordinates(outline) for outline in outlines]
    edges = [pair for ring in rings for pair in pairwise(ring)]
    weights = {
        said("share an outline", "comparten lindero"): spatial_weights(
            outlines, contiguity="rook"
        ),
        said("within 700 m", "a menos de 700 m"): spatial_weights(xy, within_m=700),
        said("the 3 nearest", "los 3 más cercanos"): spatial_weights(xy, nearest=3),
    }
    centres = np.stack([xy, xy], axis=1)
    return {
        kind: segments(kind, "outline", edges)
        + segments(kind, "link", xy[each.to_frame()["place", "neighbour"].to_numpy()])
        + segments(kind, "centre", centres)
        for kind, each in weights.items()
    }


def spatial(said: Texts) -> dict[str, Any]:
    x = {"field": "x", "type": "quantitative", **AXIS}
    y = {"field": "y", "type": "quantitative", **AXIS}
    line = {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    drawn = ways(said)
    return {
        "title": said(
            "Who is a neighbour? 28 neighbourhoods, three answers",
            "¿Quién es vecino? 28 colonias, tres respuestas",
        ),
        "data": {"values": [row for rows in drawn.values() for row in rows]},
        "facet": {
            "column": {
                "field": "kind",
                "sort": list(drawn),
                "title": None,
                "header": {"labelFontSize": 13},
            }
        },
        "spec": {
            "width": 230,
            "height": 230,
            "layer": [
                {
                    "transform": [{"filter": "datum.part == 'outline'"}],
                    "mark": {
                        "type": "rule",
                        "color": QUIET,
                        "strokeWidth": 0.8,
                        "aria": False,
                    },
                    "encoding": line,
                },
                {
                    "transform": [{"filter": "datum.part == 'link'"}],
                    "mark": {
                        "type": "rule",
                        "color": ALARM,
                        "strokeWidth": 1.4,
                        "aria": False,
                    },
                    "encoding": line,
                },
                {
                    "transform": [{"filter": "datum.part == 'centre'"}],
                    "mark": {"type": "circle", "color": INK, "opacity": 1, "size": 24},
                    "encoding": {"x": x, "y": y},
                },
            ],
        },
    }


if __name__ == "__main__":
    draw("spatial_weights", spatial)
