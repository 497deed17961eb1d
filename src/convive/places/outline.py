"""Small line drawings of places, as SVG paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from convive.places.models import Boundary, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

SIZE = 320
_MARGIN = 6
_STROKE_PX = 0.7  # corners nearer than this to a line are left out
_MOST_NEIGHBOURS = 80


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    own: str  # path data; '' where only a point is known
    around: str  # the parent, or the parts of a country without a line of its own
    point: tuple[float, float] | None


def draw(place: Place) -> Drawing | None:
    """The place in what surrounds it; None where nothing is known of where it is."""
    own = _shapes([place])
    around = _shapes([place.parent] if place.parent else [])
    if not own:
        inside = _shapes(place.children.all()[:_MOST_NEIGHBOURS])
        around = inside or around
    has_point = place.longitude is not None and place.latitude is not None
    if not own and not around:
        return None
    frame = _Frame(own or around)
    point = None
    if not own and has_point:
        point = frame.place(np.array([[place.longitude, place.latitude]]))[0]
    return Drawing(
        width=frame.width,
        height=frame.height,
        own=frame.path(own),
        around=frame.path(around),
        point=(float(point[0]), float(point[1])) if point is not None else None,
    )


def _shapes(places: Iterable[Place]) -> list[shapely.Geometry]:
    rows = Boundary.objects.filter(place__in=places).values_list("wkb", flat=True)
    return [shapely.from_wkb(bytes(wkb)) for wkb in rows]


class _Frame:
    """Degrees to pixels, with the north up and lengths of both axes alike."""

    def __init__(self, shapes: Sequence[shapely.Geometry]) -> None:
        west, south, east, north = shapely.total_bounds(np.array(shapes))
        squeeze = float(np.cos(np.radians((south + north) / 2)))
        wide, high = (east - west) * squeeze, north - south
        self._scale = (SIZE - 2 * _MARGIN) / max(wide, high, 1e-9)
        self._squeeze, self._west, self._north = squeeze, west, north
        self.width = round(wide * self._scale) + 2 * _MARGIN
        self.height = round(high * self._scale) + 2 * _MARGIN

    def place(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        x = (degrees[:, 0] - self._west) * self._squeeze * self._scale + _MARGIN
        y = (self._north - degrees[:, 1]) * self._scale + _MARGIN
        return np.column_stack([x, y]).round(1)

    def path(self, shapes: Sequence[shapely.Geometry]) -> str:
        thin = [shapely.simplify(shape, _STROKE_PX / self._scale) for shape in shapes]
        rings = shapely.get_rings(np.array(thin)) if thin else []
        return "".join(self._ring(ring) for ring in rings)

    def _ring(self, ring: shapely.Geometry) -> str:
        corners = self.place(shapely.get_coordinates(ring))
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners.tolist()) + "Z"
