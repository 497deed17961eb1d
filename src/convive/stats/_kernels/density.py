"""Loops of kernel density: events into cells, a kernel over cells, an exact sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]

GAUSSIAN, QUARTIC, EPANECHNIKOV = 0, 1, 2
# Rows of the grid that one thread sums; few enough to share, too many to repeat much.
_ROWS = 64


@njit(cache=True)
def spread(
    x: Floats, y: Floats, weights: Floats, shape: tuple[int, int]
) -> Floats:  # pragma: no cover - compiled
    """Share each event among the four cell centres around it.

    Places are in cells from the first centre; a border of one cell is added, so that
    an event may lie half a cell outside the centres.
    """
    rows, columns = shape
    cells = np.zeros((rows + 2, columns + 2))
    for event in range(len(x)):
        column, row = int(np.floor(x[event])), int(np.floor(y[event]))
        right, up = x[event] - column, y[event] - row
        low, high = weights[event] * (1 - up), weights[event] * up
        cells[row + 1, column + 1] += low * (1 - right)
        cells[row + 1, column + 2] += low * right
        cells[row + 2, column + 1] += high * (1 - right)
        cells[row + 2, column + 2] += high * right
    return cells


def spread_plainly(
    x: Floats, y: Floats, weights: Floats, shape: tuple[int, int]
) -> Floats:
    """Spread with NumPy: the twin of `spread`."""
    cells = np.zeros((shape[0] + 2, shape[1] + 2))
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    for up in (0, 1):
        for right in (0, 1):
            part = np.abs(1 - up - (y - row)) * np.abs(1 - right - (x - column))
            np.add.at(cells, (row + 1 + up, column + 1 + right), weights * part)
    return cells


# A product may be added without being rounded first.
@njit(cache=True, fastmath={"contract"})
def _add(line: Floats, values: Floats, weight: float) -> None:  # pragma: no cover
    for column in range(len(line)):
        line[column] += weight * values[column]


@njit(cache=True)
def smooth(
    cells: Floats, down: Floats, across: Floats
) -> Floats:  # pragma: no cover - compiled
    """Weigh the rows around each row, then the columns around each column.

    Both weights are odd in number, the middle one that of the cell itself.
    """
    rows, columns = cells.shape
    tall, wide = len(down) // 2, len(across) // 2
    smoothed = np.zeros((rows, columns))
    # Margins of nothing spare the inner loop its limits.
    line = np.zeros(columns + 2 * wide)
    for row in range(rows):
        line[:] = 0.0
        for other in range(max(0, row - tall), min(rows, row + tall + 1)):
            _add(line[wide : wide + columns], cells[other], down[other - row + tall])
        for step in range(len(across)):
            _add(smoothed[row], line[step : step + columns], across[step])
    return smoothed


@njit(cache=True)
def _add_event(
    line: Floats, x_squared: Floats, y_squared: float, weight: float, kind: int
) -> None:  # pragma: no cover - compiled
    if kind == GAUSSIAN:
        # Here x_squared already holds the exponential of its half.
        _add(line, x_squared, weight * np.exp(-0.5 * y_squared))
    elif kind == QUARTIC:
        for column in range(len(line)):
            rest = max(0.0, 1.0 - y_squared - x_squared[column])
            line[column] += weight * rest * rest
    else:
        for column in range(len(line)):
            line[column] += weight * max(0.0, 1.0 - y_squared - x_squared[column])


@njit(cache=True, parallel=True)
def sum_exactly(
    xy: tuple[Floats, Floats],
    weights: Floats,
    centres: tuple[Floats, Floats],
    reach: float,
    kind: int,
) -> Floats:  # pragma: no cover - compiled
    """Sum of kernels at each centre, up to their norm.

    Events, sorted by y, and centres are in bandwidths; `reach` is how far a kernel
    is followed.
    """
    xs, ys = xy
    across, down = centres
    total = np.zeros((len(down), len(across)))
    for band in prange((len(down) + _ROWS - 1) // _ROWS):
        top = min(len(down), (band + 1) * _ROWS)
        first = np.searchsorted(ys, down[band * _ROWS] - reach)
        last = np.searchsorted(ys, down[top - 1] + reach, side="right")
        squared = np.empty(len(across))
        for event in range(first, last):
            left = np.searchsorted(across, xs[event] - reach)
            right = np.searchsorted(across, xs[event] + reach, side="right")
            for column in range(left, right):
                squared[column] = (across[column] - xs[event]) ** 2
                if kind == GAUSSIAN:
                    squared[column] = np.exp(-0.5 * squared[column])
            low = np.searchsorted(down, ys[event] - reach)
            high = np.searchsorted(down, ys[event] + reach, side="right")
            for row in range(max(low, band * _ROWS), min(high, top)):
                _add_event(
                    total[row, left:right],
                    squared[left:right],
                    (down[row] - ys[event]) ** 2,
                    weights[event],
                    kind,
                )
    return total


def sum_plainly(
    xy: tuple[Floats, Floats],
    weights: Floats,
    centres: tuple[Floats, Floats],
    kind: int,
) -> Floats:
    """Sum at every centre over every event: the twin of `sum_exactly`."""
    across, down = centres
    squared = (across[None, :, None] - xy[0]) ** 2 + (down[:, None, None] - xy[1]) ** 2
    if kind == GAUSSIAN:
        values = np.exp(-squared / 2)
    else:
        values = np.maximum(0, 1 - squared) ** (2 if kind == QUARTIC else 1)
    total: Floats = values @ weights
    return total
