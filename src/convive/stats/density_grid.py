"""The grid of a kernel density: its window, its cells, and a kernel over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Kernel = Literal["gaussian", "quartic", "epanechnikov"]

# How far a Gaussian is followed in its standard deviations; beyond lie 4e-6 of it.
REACH = 5.0
# Standard deviation along an axis of a kernel whose bandwidth is one.
DEVIATION = {"gaussian": 1.0, "quartic": 8**-0.5, "epanechnikov": 6**-0.5}


@dataclass(frozen=True)
class DensityGrid:
    """Cells of a rectangle, rows from the lowest up, and which of them are inside."""

    x_m: Floats
    y_m: Floats
    window_m: tuple[float, float, float, float]
    inside: Bools | None

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.y_m), len(self.x_m)

    @property
    def cell_m(self) -> tuple[float, float]:
        left, bottom, right, top = self.window_m
        return (right - left) / len(self.x_m), (top - bottom) / len(self.y_m)

    def in_cells(self, xy: Floats) -> tuple[Floats, Floats]:
        """Positions counted in cells from the first centre."""
        wide, high = self.cell_m
        return (xy[:, 0] - self.x_m[0]) / wide, (xy[:, 1] - self.y_m[0]) / high


def make_grid(
    window_m: tuple[float, float, float, float],
    cell_m: float | None,
    shape: tuple[int, int] | None,
    inside: ArrayLike | None,
) -> DensityGrid:
    left, bottom, right, top = window_m
    if not (np.isfinite(window_m).all() and left < right and bottom < top):
        message = (
            f"window_m must be (left, bottom, right, top) in metres, not {window_m}"
        )
        raise ValueError(message)
    mask = None if inside is None else np.asarray(inside)
    rows, columns = _shape(window_m, cell_m, shape, mask)
    if mask is not None and (mask.shape != (rows, columns) or mask.dtype != bool):
        message = (
            f"inside must be true or false for each of {rows} x {columns} cells, not"
            f" {mask.dtype} of shape {mask.shape}"
        )
        raise ValueError(message)
    if mask is not None and not mask.any():
        message = "inside must be true for at least one cell"
        raise ValueError(message)
    return DensityGrid(
        x_m=left + (np.arange(columns) + 0.5) * (right - left) / columns,
        y_m=bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows,
        window_m=window_m,
        inside=mask,
    )


def _shape(
    window_m: tuple[float, float, float, float],
    cell_m: float | None,
    shape: tuple[int, int] | None,
    mask: NDArray[np.generic] | None,
) -> tuple[int, int]:
    left, bottom, right, top = window_m
    if shape is None and cell_m is None and mask is not None and mask.ndim == 2:
        shape = mask.shape
    if (cell_m is None) == (shape is None):
        message = "state either cell_m, or the shape (rows, columns), of the grid"
        raise ValueError(message)
    if shape is not None:
        rows, columns = shape
        if rows < 1 or columns < 1:
            message = f"shape must be rows and columns, one or more, not {shape}"
            raise ValueError(message)
        return int(rows), int(columns)
    if cell_m is None or not (cell_m > 0 and np.isfinite(cell_m)):
        message = f"cell_m must be above zero, not {cell_m}"
        raise ValueError(message)
    # A hair more than whole is whole, whatever the rounding of the division.
    sides = np.array([top - bottom, right - left]) / cell_m
    rows, columns = np.maximum(np.ceil(sides - 1e-9), 1).astype(int).tolist()
    return rows, columns


def smooth_cells(
    cells: Floats,
    kernel: Kernel,
    bandwidth_m: tuple[float, float],
    cell_m: tuple[float, float],
) -> Floats:
    """Kernel over cells: what one event in the middle of each gives to all others.

    In events per cell: the weights of a kernel add up to one.
    """
    if kernel == "gaussian":
        from convive.stats._kernels.density import smooth

        across, down = (
            _gaussian(bandwidth / side, size - 1)
            for bandwidth, side, size in zip(
                bandwidth_m, cell_m, cells.shape[::-1], strict=True
            )
        )
        return smooth(cells, down, across)
    from scipy.signal import fftconvolve

    x, y = (
        _offsets(bandwidth / side, size - 1) * side / bandwidth
        for bandwidth, side, size in zip(
            bandwidth_m, cell_m, cells.shape[::-1], strict=True
        )
    )
    values = np.maximum(0, 1 - y[:, None] ** 2 - x**2)
    values **= 2 if kernel == "quartic" else 1
    norm = {"quartic": 3.0, "epanechnikov": 2.0}[kernel] / np.pi
    area = cell_m[0] * cell_m[1] / (bandwidth_m[0] * bandwidth_m[1])
    # The transform leaves a trace below zero where there is nothing.
    smoothed: Floats = np.maximum(fftconvolve(cells, norm * area * values, "same"), 0)
    return smoothed


def _offsets(reach: float, most: int) -> Floats:
    # Cells farther than the grid is wide would meet none.
    steps = min(int(np.ceil(reach)), most)
    return np.arange(-steps, steps + 1, dtype=np.float64)


def _gaussian(deviation: float, most: int) -> Floats:
    steps = _offsets(REACH * deviation, most)
    norm = np.sqrt(2 * np.pi) * deviation
    values: Floats = np.exp(-0.5 * (steps / deviation) ** 2) / norm
    return values


def window_mass(
    grid: DensityGrid, kernel: Kernel, bandwidth_m: tuple[float, float]
) -> Floats:
    """Share of a kernel at each cell centre that falls inside the window."""
    if kernel == "gaussian" and grid.inside is None:
        across, down = _rectangle_mass(grid, grid.x_m, grid.y_m, bandwidth_m)
        return down[:, None] * across
    return smooth_cells(_padded(grid), kernel, bandwidth_m, grid.cell_m)[1:-1, 1:-1]


def mass_at(
    grid: DensityGrid, xy: Floats, kernel: Kernel, bandwidth_m: tuple[float, float]
) -> Floats:
    """Share of a kernel at each event that falls inside the window."""
    if kernel == "gaussian" and grid.inside is None:
        across, down = _rectangle_mass(grid, xy[:, 0], xy[:, 1], bandwidth_m)
        return across * down
    narrowed = narrowed_bandwidth(kernel, bandwidth_m, grid.cell_m)
    mass = smooth_cells(_padded(grid), kernel, narrowed, grid.cell_m)
    x, y = grid.in_cells(xy)
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    right, up = x - column, y - row
    low = mass[row + 1, column + 1] * (1 - right) + mass[row + 1, column + 2] * right
    high = mass[row + 2, column + 1] * (1 - right) + mass[row + 2, column + 2] * right
    mass_there: Floats = low * (1 - up) + high * up
    return mass_there


def _padded(grid: DensityGrid) -> Floats:
    inside = np.ones(grid.shape) if grid.inside is None else grid.inside.astype(float)
    return np.pad(inside, 1)


def _rectangle_mass(
    grid: DensityGrid, x: Floats, y: Floats, bandwidth_m: tuple[float, float]
) -> tuple[Floats, Floats]:
    from scipy.special import ndtr

    left, bottom, right, top = grid.window_m
    wide, high = bandwidth_m
    return (
        ndtr((right - x) / wide) - ndtr((left - x) / wide),
        ndtr((top - y) / high) - ndtr((bottom - y) / high),
    )


def narrowed_bandwidth(
    kernel: Kernel, bandwidth_m: tuple[float, float], cell_m: tuple[float, float]
) -> tuple[float, float]:
    """Bandwidth that makes up for the spread of events over neighbouring cells.

    Sharing an event between two centres adds a sixth of a squared cell to its
    variance, on the mean over where it may lie between them.
    """
    wide, high = (
        bandwidth * np.sqrt(1 - (side / bandwidth / DEVIATION[kernel]) ** 2 / 6)
        for bandwidth, side in zip(bandwidth_m, cell_m, strict=True)
    )
    return float(wide), float(high)
