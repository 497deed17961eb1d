"""Loops of the polygon index: which cells an edge crosses, which polygon a point is in.

Arrays of an edge are x0, y0, x1, y1 in grid units, where one cell is 1 x 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]

# An edge that touches a cell's corner is counted as crossing it.
_PAD = 1e-7


@njit(cache=True)
def _span(
    edges: Floats, edge: int, row: int, size: int
) -> tuple[int, int]:  # pragma: no cover - compiled
    x0, y0, x1, y1 = edges[edge]
    low, high = min(x0, x1), max(x0, x1)
    if y0 != y1:
        at_floor = x0 + (x1 - x0) * (row - _PAD - y0) / (y1 - y0)
        at_ceiling = x0 + (x1 - x0) * (row + 1 + _PAD - y0) / (y1 - y0)
        low = max(low, min(at_floor, at_ceiling))
        high = min(high, max(at_floor, at_ceiling))
    first = max(0, int(np.floor(low - _PAD)))
    last = min(size - 1, int(np.floor(high + _PAD)))
    return first, last


@njit(cache=True)
def _rows(edges: Floats, edge: int, size: int) -> tuple[int, int]:  # pragma: no cover
    low = min(edges[edge, 1], edges[edge, 3])
    high = max(edges[edge, 1], edges[edge, 3])
    first = max(0, int(np.floor(low - _PAD)))
    return first, min(size - 1, int(np.floor(high + _PAD)))


@njit(cache=True)
def crossed_cells(edges: Floats, size: int) -> tuple[Longs, Ints]:  # pragma: no cover
    """Pairs (cell, edge) of every cell that an edge crosses or touches."""
    count = 0
    for edge in range(len(edges)):
        bottom, top = _rows(edges, edge, size)
        for row in range(bottom, top + 1):
            first, last = _span(edges, edge, row, size)
            count += max(0, last - first + 1)
    cells = np.empty(count, np.int64)
    owners = np.empty(count, np.int32)
    position = 0
    for edge in range(len(edges)):
        bottom, top = _rows(edges, edge, size)
        for row in range(bottom, top + 1):
            first, last = _span(edges, edge, row, size)
            for column in range(first, last + 1):
                cells[position] = row * size + column
                owners[position] = edge
                position += 1
    return cells, owners


@njit(cache=True)
def edges_by_row(
    edges: Floats, polygon_of: Ints, polygons: int, size: int
) -> tuple[Longs, Ints]:  # pragma: no cover - compiled
    """Edges of each (polygon, row), as starts and members of a ragged array."""
    starts = np.zeros(polygons * size + 1, np.int64)
    for edge in range(len(edges)):
        bottom, top = _rows(edges, edge, size)
        for row in range(bottom, top + 1):
            starts[polygon_of[edge] * size + row + 1] += 1
    starts = np.cumsum(starts)
    cursor = starts[:-1].copy()
    members = np.empty(starts[-1], np.int32)
    for edge in range(len(edges)):
        bottom, top = _rows(edges, edge, size)
        for row in range(bottom, top + 1):
            key = polygon_of[edge] * size + row
            members[cursor[key]] = edge
            cursor[key] += 1
    return starts, members


@njit(cache=True)
def _is_inside(
    x: float, y: float, edges: Floats, members: Ints
) -> bool:  # pragma: no cover - compiled
    inside = False
    for edge in members:
        x0, y0, x1, y1 = edges[edge]
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            inside = not inside
    return inside


@njit(cache=True, parallel=True)
def assign_points(
    xy: tuple[Floats, Floats],
    cell_value: Ints,
    candidates: tuple[Longs, Ints],
    rows: tuple[Longs, Ints],
    edges: Floats,
) -> Ints:  # pragma: no cover - compiled
    """The polygon of each point, -1 for none; x and y in grid units."""
    xs, ys = xy
    size = int(np.sqrt(len(cell_value)))
    starts, members = candidates
    row_starts, row_members = rows
    answer = np.full(len(xs), -1, np.int32)
    for i in prange(len(xs)):
        x, y = xs[i], ys[i]
        # A comparison with NaN is false, so an unknown point stays outside.
        if not (x >= 0 and y >= 0 and x < size and y < size):
            continue
        row = int(y)
        value = cell_value[row * size + int(x)]
        if value >= -1:
            answer[i] = value
            continue
        # Cells that an edge crosses hold -2 - (their number among such cells).
        crossed = -2 - value
        for k in range(starts[crossed], starts[crossed + 1]):
            key = members[k] * size + row
            some = row_members[row_starts[key] : row_starts[key + 1]]
            if _is_inside(x, y, edges, some):
                answer[i] = members[k]
                break
    return answer
