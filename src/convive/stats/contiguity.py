"""Which polygons touch: neighbours by their outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Positions = NDArray[np.int64]

# Arrays of shapely's geometries; shapely ships no types.
Polygons: TypeAlias = Any


def touching(
    places: ArrayLike, kind: str, gap_m: float
) -> tuple[Positions, Positions, int]:
    """Pairs of polygons that touch, both ways, and the number of polygons."""
    import shapely

    if kind not in {"queen", "rook"}:
        message = f"contiguity must be 'queen' or 'rook', not {kind!r}"
        raise ValueError(message)
    if not 0 <= gap_m < np.inf:
        message = f"gap_m must be zero or more, not {gap_m}"
        raise ValueError(message)
    polygons = _read(places)
    near = {"predicate": "dwithin", "distance": gap_m}
    how = near if gap_m else {"predicate": "intersects"}
    left, right = shapely.STRtree(polygons).query(polygons, **how)
    once = left < right
    left, right = left[once], right[once]
    if kind == "rook":
        is_line = _share_a_line(polygons[left], polygons[right], gap_m)
        left, right = left[is_line], right[is_line]
    return np.append(left, right), np.append(right, left), len(polygons)


def _share_a_line(left: Polygons, right: Polygons, gap_m: float) -> NDArray[np.bool_]:
    import shapely

    if not gap_m:
        return np.asarray(shapely.length(shapely.intersection(left, right)) > 0)
    near = sum(
        shapely.length(
            shapely.intersection(shapely.boundary(one), shapely.buffer(other, gap_m))
        )
        for one, other in ((left, right), (right, left))
    )
    # Two corners alone lie within the gap of each other for about twice its length.
    return np.asarray(near / 2 > 4 * gap_m)


def _read(places: ArrayLike) -> Polygons:
    import shapely

    read = [_polygon(place) for place in places]  # type: ignore[union-attr]
    # Filled by element: NumPy would take rings apart.
    polygons: Polygons = np.empty(len(read), dtype=object)
    polygons[:] = read
    is_area = (shapely.get_dimensions(polygons) == 2) & ~shapely.is_empty(polygons)
    if not len(polygons) or not is_area.all():
        message = "places must be polygons for contiguity: geometries, WKB or rings"
        raise ValueError(message)
    is_wrong = ~shapely.is_valid(polygons)
    if is_wrong.any():
        first = int(is_wrong.argmax())
        reason = shapely.is_valid_reason(polygons[first])
        message = f"places must have valid outlines; that of place {first}: {reason}"
        raise ValueError(message)
    return polygons


def _polygon(place: object) -> Polygons:
    import shapely

    if place is None or isinstance(place, shapely.Geometry):
        return place
    try:
        if isinstance(place, bytes):
            return shapely.from_wkb(place)
        return shapely.Polygon(np.asarray(place, dtype=np.float64))
    except (TypeError, ValueError, shapely.errors.ShapelyError):
        return None
