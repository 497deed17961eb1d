"""Events per square kilometre, smoothed from points to a surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from convive.stats.density_grid import (
    DEVIATION,
    make_grid,
    mass_at,
    narrowed_bandwidth,
    smooth_cells,
    window_mass,
)

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.density_grid import DensityGrid, Kernel

    Floats = NDArray[np.float64]

Edge = Literal["uniform", "diggle", "none"]

_M2_IN_KM2 = 1e6
# How far the exact sum follows a Gaussian; beyond lie 2e-8 of it.
_EXACT_REACH = 6.0


@dataclass(frozen=True)
class KernelDensity:
    """A surface of events per km², one row a row of cells from the lowest up.

    Cells outside the window are NaN. `bandwidth_m` is along x and along y.
    """

    x_m: Floats
    y_m: Floats
    events_per_km2: Floats
    bandwidth_m: tuple[float, float]
    kernel: Kernel
    edge: Edge

    def to_frame(self) -> pl.DataFrame:
        """One row a cell; null outside the window."""
        import polars as pl

        x, y = np.meshgrid(self.x_m, self.y_m)
        frame = pl.DataFrame(
            {
                "x_m": x.ravel(),
                "y_m": y.ravel(),
                "events_per_km2": self.events_per_km2.ravel(),
            }
        )
        return frame.with_columns(pl.col("events_per_km2").fill_nan(None))


def kernel_density(
    xy_m: ArrayLike,
    bandwidth_m: float | tuple[float, float] | None = None,
    *,
    cell_m: float | None = None,
    shape: tuple[int, int] | None = None,
    window_m: tuple[float, float, float, float] | None = None,
    inside: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    kernel: Kernel = "gaussian",
    edge: Edge = "uniform",
    exact: bool = False,
) -> KernelDensity:
    """Kernel density of events on a grid, after Silverman (1986) and Diggle (1985).

    Parameters
    ----------
    xy_m : array_like of float, shape (events, 2)
        Positions in metres.
    bandwidth_m : float or pair of float, optional
        Standard deviation of the Gaussian, or radius of the quartic and the
        Epanechnikov kernel, in metres; a pair for x and y. State it and say it beside
        the map. If not given, the rule of Scott (1992) is used, which smooths clustered
        events too much.
    cell_m : float, optional
        Largest side of a cell; cells fill the window. State this, or `shape`.
    shape : pair of int, optional
        Rows and columns of the grid; that of `inside` if neither is stated.
    window_m : (left, bottom, right, top), optional
        Where events could have been recorded; the rectangle around the events if not
        given, which is smaller than where they could have been.
    inside : array_like of bool, shape (rows, columns), optional
        Cells of the window that belong to it, rows from the lowest up: land, or the
        municipality.
    weights : array_like of float, shape (events,), optional
        What each event counts for; one if not given.
    kernel : {"gaussian", "quartic", "epanechnikov"}
        Its shape. The bandwidths of two shapes compare by their standard deviation,
        which is the radius over the root of 8 (quartic) or of 6 (Epanechnikov).
    edge : {"uniform", "diggle", "none"}
        Correction for what a kernel spreads beyond the window: at the cell, such that
        evenly spread events give an even surface; at the event, such that the surface
        holds as many events as there were; or none.
    exact : bool
        Whether to sum the kernel from each event to each cell within its reach, and
        not to share each event first among the four centres around it.

    Returns
    -------
    KernelDensity
        `events_per_km2` at the cell centres `x_m` and `y_m`.

    Raises
    ------
    ValueError
        If there are no events, an event lies outside the window or is unknown, the
        grid is not stated once, a bandwidth is not above zero, or cells are wider than
        the standard deviation of a kernel that is not exact.

    Notes
    -----
    With the kernel :math:`K_h`, the window :math:`W`, weights :math:`w_i` and the mass
    :math:`e(u) = \\int_W K_h(v - u)\\,dv`, the estimate is
    :math:`\\hat\\lambda(u) = \\sum_i w_i K_h(u - x_i) / e(u)` ("uniform"),
    :math:`\\sum_i w_i K_h(u - x_i) / e(x_i)` ("diggle") or without :math:`e`. With
    :math:`r = \\lVert (u - x_i)/h \\rVert` the kernels are
    :math:`e^{-r^2/2} / 2\\pi h^2`, :math:`3 (1 - r^2)^2 / \\pi h^2` and
    :math:`2 (1 - r^2) / \\pi h^2` for :math:`r < 1`.

    The default errs by less than 0.1 % of the peak where a standard deviation is
    four cells or more and events are many; a kernel a little narrower makes up for the
    sharing among centres. Gaussians end at 5 standard deviations, exact ones at 6.

    Scott's rule is :math:`h = s\\,n^{-1/6}` for each axis, with the standard deviation
    :math:`s` of the events; with weights :math:`n = (\\sum w)^2 / \\sum w^2`.

    References
    ----------
    Diggle P. J. (1985). A kernel method for smoothing point process data. Journal of
    the Royal Statistical Society C 34(2), 138-147.
    Silverman B. W. (1986). Density estimation for statistics and data analysis.
    Chapman and Hall.
    Scott D. W. (1992). Multivariate density estimation. Wiley.

    Examples
    --------
    >>> town = (0, 0, 1000, 1000)
    >>> surface = kernel_density([[500, 500]], 80, cell_m=50, window_m=town)
    >>> surface.events_per_km2.shape
    (20, 20)
    >>> round(float(surface.events_per_km2.sum() * 0.05**2), 4)  # one event in all
    1.0
    """
    xy, counts = _events(xy_m, weights)
    if kernel not in DEVIATION or edge not in get_args(Edge):
        message = (
            f"kernel must be one of {', '.join(DEVIATION)} and edge one of"
            f" {', '.join(get_args(Edge))}, not {kernel!r} and {edge!r}"
        )
        raise ValueError(message)
    grid = make_grid(window_m or _rectangle(xy), cell_m, shape, inside)
    _check_inside(xy, grid)
    bandwidth = _bandwidth(bandwidth_m, xy, counts, kernel)
    if edge == "diggle":
        counts = counts / mass_at(grid, xy, kernel, bandwidth)
    total = (_summed if exact else _binned)(xy, counts, grid, kernel, bandwidth)
    if edge == "uniform":
        mass = window_mass(grid, kernel, bandwidth)
        # Far outside the window there is neither.
        np.divide(total, mass, out=total, where=mass > 0)
    if grid.inside is not None:
        total[~grid.inside] = np.nan
    return KernelDensity(
        x_m=grid.x_m,
        y_m=grid.y_m,
        events_per_km2=total * _M2_IN_KM2,
        bandwidth_m=bandwidth,
        kernel=kernel,
        edge=edge,
    )


def _events(xy_m: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    xy = np.asarray(xy_m, dtype=np.float64)
    if xy.ndim != 2 or xy.shape[1] != 2 or not len(xy):
        message = (
            "xy_m must have two columns, x and y in metres, and at least one event,"
            f" not shape {xy.shape}"
        )
        raise ValueError(message)
    if not np.isfinite(xy).all():
        message = "xy_m must be finite; leave out events whose place is unknown"
        raise ValueError(message)
    counts = np.ones(len(xy)) if weights is None else np.asarray(weights, np.float64)
    if counts.shape != (len(xy),) or not (np.isfinite(counts) & (counts >= 0)).all():
        message = "weights must hold one number an event, known and zero or more"
        raise ValueError(message)
    if not counts.any():
        message = "weights must not all be zero"
        raise ValueError(message)
    return xy, counts


def _rectangle(xy: Floats) -> tuple[float, float, float, float]:
    (left, right), (bottom, top) = ((float(v.min()), float(v.max())) for v in xy.T)
    if left == right or bottom == top:
        message = "window_m must be stated where all events lie on one line or point"
        raise ValueError(message)
    return left, bottom, right, top


def _check_inside(xy: Floats, grid: DensityGrid) -> None:
    left, bottom, right, top = grid.window_m
    x, y = xy.T
    is_outside = (x < left) | (x > right) | (y < bottom) | (y > top)
    if grid.inside is not None and not is_outside.any():
        # An event on the far border is in the last cell.
        column, row = (
            np.minimum(np.rint(at).astype(int), size - 1)
            for at, size in zip(grid.in_cells(xy), grid.shape[::-1], strict=True)
        )
        is_outside = ~grid.inside[row, column]
    if is_outside.any():
        message = (
            f"xy_m must lie inside the window; {is_outside.sum()} events do not, the"
            f" first in row {is_outside.argmax()}"
        )
        raise ValueError(message)


def _bandwidth(
    bandwidth_m: float | tuple[float, float] | None,
    xy: Floats,
    counts: Floats,
    kernel: Kernel,
) -> tuple[float, float]:
    if bandwidth_m is None:
        return _scott(xy, counts, kernel)
    wide, high = np.broadcast_to(np.asarray(bandwidth_m, np.float64), 2).tolist()
    if not (wide > 0 and high > 0 and np.isfinite(wide + high)):
        message = f"bandwidth_m must be above zero, not {bandwidth_m}"
        raise ValueError(message)
    return wide, high


def _scott(xy: Floats, counts: Floats, kernel: Kernel) -> tuple[float, float]:
    share = counts / counts.sum()
    effective = 1 / (share**2).sum()
    if effective > 1:
        deviation = xy - share @ xy
        # Unbiased, as a sample's standard deviation is.
        variance = share @ deviation**2 * effective / (effective - 1)
        wide, high = np.sqrt(variance) * effective ** (-1 / 6) / DEVIATION[kernel]
        if wide > 0 and high > 0:
            return float(wide), float(high)
    message = "bandwidth_m must be stated where events do not differ in x and in y"
    raise ValueError(message)


def _binned(
    xy: Floats,
    counts: Floats,
    grid: DensityGrid,
    kernel: Kernel,
    bandwidth: tuple[float, float],
) -> Floats:
    """Events per m², by way of the cells' centres."""
    from convive.stats._kernels.density import spread

    side, deviation = np.array(grid.cell_m), np.array(bandwidth) * DEVIATION[kernel]
    if (side > deviation).any():
        message = (
            f"cells of {side.max():g} m are too wide for a kernel whose standard"
            f" deviation is {deviation.min():g} m; use smaller cells, or exact=True"
        )
        raise ValueError(message)
    cells = spread(*grid.in_cells(xy), counts, grid.shape)
    narrowed = narrowed_bandwidth(kernel, bandwidth, grid.cell_m)
    smoothed = smooth_cells(cells, kernel, narrowed, grid.cell_m)
    density: Floats = smoothed[1:-1, 1:-1] / side.prod()
    return density


def _summed(
    xy: Floats,
    counts: Floats,
    grid: DensityGrid,
    kernel: Kernel,
    bandwidth: tuple[float, float],
) -> Floats:
    """Events per m², from each event to each cell within its reach."""
    from convive.stats._kernels.density import sum_exactly

    wide, high = bandwidth
    order = np.argsort(xy[:, 1], kind="stable")
    reach = _EXACT_REACH if kernel == "gaussian" else 1.0
    total = sum_exactly(
        (xy[order, 0] / wide, xy[order, 1] / high),
        counts[order],
        (grid.x_m / wide, grid.y_m / high),
        reach,
        list(DEVIATION).index(kernel),
    )
    norm = {"gaussian": 0.5, "quartic": 3.0, "epanechnikov": 2.0}[kernel] / np.pi
    return total * (norm / (wide * high))
