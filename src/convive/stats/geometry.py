"""Which of many polygons each of many points lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_GRID_SIZE = 1024


@dataclass(frozen=True)
class PolygonIndex:
    """A grid laid over boundaries once, that then answers points at once.

    Notes
    -----
    A cell that no edge crosses lies wholly in one polygon or in none, so its points
    need no test. In the other cells the ray-crossing rule (Shimrat, 1962) is applied
    to the edges of the cell's row only. A point on an edge shared by two polygons
    belongs to exactly one of them; where polygons overlap, to the first.

    References
    ----------
    Shimrat M. (1962). Algorithm 112: position of point relative to polygon.
    Communications of the ACM 5(8), 434.
    """

    polygons: NDArray[np.object_]
    origin: tuple[float, float]
    cell: tuple[float, float]  # width and height, in the units of the boundaries
    edges: NDArray[np.float64]  # (edges, 4), in grid units
    cell_value: NDArray[np.int32]
    candidates: tuple[NDArray[np.int64], NDArray[np.int32]]
    rows: tuple[NDArray[np.int64], NDArray[np.int32]]

    @classmethod
    def from_wkb(cls, boundaries: Sequence[bytes]) -> PolygonIndex:
        """Build the index of Shimrat's rule over boundaries in well-known binary.

        Parameters
        ----------
        boundaries : sequence of bytes
            Polygons or multipolygons in one coordinate system.

        Returns
        -------
        PolygonIndex

        Raises
        ------
        ValueError
            If there is no boundary, or one is empty.

        Notes
        -----
        Time grows with the number of edges; memory with the number of grid cells.

        References
        ----------
        Shimrat M. (1962). Algorithm 112. Communications of the ACM 5(8), 434.

        Examples
        --------
        >>> index = PolygonIndex.from_wkb([shapely.box(0, 0, 1, 1).wkb])
        >>> index.assign([0.5, 2.0], [0.5, 0.5]).tolist()
        [0, -1]
        """
        polygons = shapely.from_wkb(np.array(list(boundaries), dtype=object))
        if not len(polygons) or shapely.is_empty(polygons).any():
            message = "a polygon index needs boundaries, none of them empty"
            raise ValueError(message)
        return _build(polygons)

    def assign(self, longitude: ArrayLike, latitude: ArrayLike) -> NDArray[np.int32]:
        """Position of the polygon that holds each point (Shimrat, 1962).

        Parameters
        ----------
        longitude, latitude : array_like of float, shape (n,)
            In the coordinate system of the boundaries; NaN where unknown.

        Returns
        -------
        ndarray of int32, shape (n,)
            -1 where no polygon holds the point.

        Raises
        ------
        ValueError
            If the two arrays differ in shape.

        Notes
        -----
        A point is inside when a ray to its right crosses an odd number of edges.

        References
        ----------
        Shimrat M. (1962). Algorithm 112. Communications of the ACM 5(8), 434.

        Examples
        --------
        >>> index = PolygonIndex.from_wkb([shapely.box(0, 0, 1, 1).wkb])
        >>> index.assign([0.5], [0.5]).tolist()
        [0]
        """
        from convive.stats._kernels.grid import assign_points

        x = np.asarray(longitude, dtype=np.float64)
        y = np.asarray(latitude, dtype=np.float64)
        if x.shape != y.shape:
            message = "longitude and latitude must have the same shape"
            raise ValueError(message)
        xy = (
            (x - self.origin[0]) / self.cell[0],
            (y - self.origin[1]) / self.cell[1],
        )
        answer: NDArray[np.int32] = assign_points(
            xy, self.cell_value, self.candidates, self.rows, self.edges
        )
        return answer

    def assign_plainly(
        self, longitude: ArrayLike, latitude: ArrayLike
    ) -> NDArray[np.int32]:
        """Answer as `assign` does, polygon by polygon with GEOS (Shimrat, 1962).

        Parameters
        ----------
        longitude, latitude : array_like of float, shape (n,)
            In the coordinate system of the boundaries.

        Returns
        -------
        ndarray of int32, shape (n,)
            -1 where no polygon holds the point; a point on an edge is in none.

        Raises
        ------
        ValueError
            If the two arrays cannot be broadcast.

        Notes
        -----
        The slow twin that the compiled loops are tested against.

        References
        ----------
        Shimrat M. (1962). Algorithm 112. Communications of the ACM 5(8), 434.

        Examples
        --------
        >>> index = PolygonIndex.from_wkb([shapely.box(0, 0, 1, 1).wkb])
        >>> index.assign_plainly([0.5], [0.5]).tolist()
        [0]
        """
        x = np.asarray(longitude, dtype=np.float64)
        y = np.asarray(latitude, dtype=np.float64)
        answer = np.full(x.shape, -1, np.int32)
        for position in reversed(range(len(self.polygons))):
            answer[shapely.contains_xy(self.polygons[position], x, y)] = position
        return answer


def _build(polygons: NDArray[np.object_]) -> PolygonIndex:
    from convive.stats._kernels.grid import edges_by_row

    west, south, east, north = shapely.total_bounds(polygons)
    # A hair wider, so that the easternmost and northernmost points have a cell.
    width = (east - west) * (1 + 1e-9) / _GRID_SIZE
    height = (north - south) * (1 + 1e-9) / _GRID_SIZE
    edges, polygon_of = _edges(polygons)
    edges -= [west, south, west, south]
    edges /= [width, height, width, height]
    value, candidates = _cells(
        polygons, edges, polygon_of, (west, south, width, height)
    )
    return PolygonIndex(
        polygons=polygons,
        origin=(west, south),
        cell=(width, height),
        edges=edges,
        cell_value=value,
        candidates=candidates,
        rows=edges_by_row(edges, polygon_of, len(polygons), _GRID_SIZE),
    )


def _edges(
    polygons: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    parts, part_of = shapely.get_parts(polygons, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    xy, point_of = shapely.get_coordinates(rings, return_index=True)
    same_ring = point_of[1:] == point_of[:-1]
    edges = np.hstack([xy[:-1], xy[1:]])[same_ring]
    return edges, part_of[ring_of][point_of[1:][same_ring]].astype(np.int32)


def _cells(
    polygons: NDArray[np.object_],
    edges: NDArray[np.float64],
    polygon_of: NDArray[np.int32],
    frame: tuple[float, float, float, float],
) -> tuple[NDArray[np.int32], tuple[NDArray[np.int64], NDArray[np.int32]]]:
    """Value of each cell, and the polygons to try in each cell that edges cross."""
    from convive.stats._kernels.grid import crossed_cells

    cells, edge = crossed_cells(edges, _GRID_SIZE)
    crossed, members, numbers = _pairs(cells, polygon_of[edge])
    value = np.full(_GRID_SIZE**2, -1, np.int32)
    value[crossed] = -2 - np.arange(len(crossed), dtype=np.int32)
    starters = _run_starters(value)
    holders = _holders(polygons, starters, frame)
    # Cells between two crossed ones of a row lie in the same polygon.
    run = np.maximum.accumulate(
        np.where(np.isin(np.arange(len(value)), starters), np.arange(len(value)), 0)
    )
    at = np.full(len(value), -1, np.int32)
    at[starters] = holders
    free = value == -1
    value[free] = at[run[free]]
    return value, _with_surrounding(polygons, (crossed, members, numbers), frame)


def _pairs(
    cells: NDArray[np.int64], polygon: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """The cells, and the distinct (cell number, polygon) pairs."""
    pairs = np.unique(cells << 32 | polygon.astype(np.int64))
    crossed, numbers = np.unique(pairs >> 32, return_inverse=True)
    return crossed, (pairs & 0xFFFFFFFF).astype(np.int32), numbers.astype(np.int64)


def _run_starters(value: NDArray[np.int32]) -> NDArray[np.int64]:
    """First cell of each row's run of cells that no edge crosses."""
    free = (value == -1).reshape(_GRID_SIZE, _GRID_SIZE)
    before = np.zeros_like(free)
    before[:, 1:] = free[:, :-1]
    return np.flatnonzero(free & ~before)


def _holders(
    polygons: NDArray[np.object_],
    cells: NDArray[np.int64],
    frame: tuple[float, float, float, float],
) -> NDArray[np.int32]:
    """The first polygon that holds each cell's centre, -1 for none."""
    west, south, width, height = frame
    centre = shapely.points(
        west + (cells % _GRID_SIZE + 0.5) * width,
        south + (cells // _GRID_SIZE + 0.5) * height,
    )
    shapely.prepare(polygons)
    which, polygon = shapely.STRtree(polygons).query(centre, predicate="within")
    holder = np.full(len(cells), len(polygons), np.int32)
    np.minimum.at(holder, which, polygon.astype(np.int32))
    holder[holder == len(polygons)] = -1
    return holder


def _with_surrounding(
    polygons: NDArray[np.object_],
    pairs: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]],
    frame: tuple[float, float, float, float],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Add the polygon around a crossed cell that has no edge in it (an overlap)."""
    crossed, members, numbers = pairs
    holder = _holders(polygons, crossed, frame)
    held = np.flatnonzero(holder >= 0)
    every = np.unique(
        np.concatenate([numbers << 32 | members, held << 32 | holder[held]])
    )
    starts = np.searchsorted(every >> 32, np.arange(len(crossed) + 1))
    return starts.astype(np.int64), (every & 0xFFFFFFFF).astype(np.int32)
