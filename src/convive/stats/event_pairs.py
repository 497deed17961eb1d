"""Pairs of events by how far apart they are, and how many of them by time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]
    Metric = Literal["euclidean", "manhattan"]

# Days, hours, minutes: the coarsest in which all times are whole is counted in.
_TICKS_A_DAY = (1, 24, 1440)
# Whole numbers and halves up to this are exact in single precision.
_LARGEST_SINGLE = 2**23
_ROUNDING = 1e-6


@dataclass(frozen=True)
class ClosePairs:
    """Pairs within the last limit, band after band, of events ordered by place.

    `left` and `right` are places in `order`, which holds the events' own numbers.
    """

    left: Ints
    right: Ints
    ends: Longs
    order: Longs

    @property
    def by_band(self) -> tuple[Ints, Ints, Longs]:
        return self.left, self.right, self.ends

    @property
    def band(self) -> Longs:
        return np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=0))


def checked_events(xy_m: ArrayLike, time_days: ArrayLike) -> tuple[Floats, Floats]:
    xy = np.asarray(xy_m, dtype=np.float64)
    times = np.asarray(time_days, dtype=np.float64)
    if xy.ndim != 2 or xy.shape[1] != 2:
        message = f"xy_m must have two columns, x and y in metres, not shape {xy.shape}"
        raise ValueError(message)
    if times.shape != (len(xy),):
        message = f"time_days must hold one time an event: {len(xy)}, not {times.shape}"
        raise ValueError(message)
    if len(xy) < 2:
        message = "xy_m must hold at least two events"
        raise ValueError(message)
    for name, values in (("xy_m", xy), ("time_days", times)):
        if not np.isfinite(values).all():
            message = f"{name} must be finite; leave out events whose value is unknown"
            raise ValueError(message)
    return xy, times


def checked_bands(limits: ArrayLike, name: str) -> Floats:
    bands = np.atleast_1d(np.asarray(limits, dtype=np.float64))
    is_rising = bands.ndim == 1 and bands.size and (np.diff(bands) > 0).all()
    if not is_rising or not np.isfinite(bands).all() or bands[0] < 0:
        message = (
            f"{name} must be upper limits of zero or more that rise, not {limits!r}"
        )
        raise ValueError(message)
    return bands


def checked_permutations(permutations: int) -> int:
    if permutations < 0:
        message = f"permutations must be zero or more, not {permutations}"
        raise ValueError(message)
    return permutations


def find_close_pairs(
    xy: Floats, limits: Floats, metric: Metric = "euclidean"
) -> ClosePairs:
    from convive.stats._kernels.pairs import close_pairs

    if metric not in ("euclidean", "manhattan"):
        message = f"metric must be 'euclidean' or 'manhattan', not {metric!r}"
        raise ValueError(message)
    order, grid = _squares(xy, float(limits[-1]))
    left, right, ends = close_pairs(xy[order], grid, limits, metric == "manhattan")
    return ClosePairs(left, right, ends, order)


def _squares(xy: Floats, least: float) -> tuple[Longs, tuple[Longs, Longs, int]]:
    """Order of the events by square, and the grid as the loop reads it."""
    corner = xy.min(axis=0)
    across = (xy - corner).max()
    # No more squares than events: a finer grid would be empty for the most part.
    width = max(least * (1 + 1e-9), across / np.sqrt(len(xy)), np.finfo(float).tiny)
    column, row = np.floor((xy - corner) / width).astype(np.int64).T
    columns = int(column.max()) + 1
    square = row * columns + column
    order = np.argsort(square, kind="stable")
    square = square[order]
    starts = np.searchsorted(square, np.arange((int(row.max()) + 1) * columns + 1))
    return order, (square, starts, columns)


def ticks_a_day(times: Floats) -> int | None:
    """Units in a day of which all times since the first are whole numbers."""
    since = times - times.min()
    for units in _TICKS_A_DAY:
        gap = np.abs(since * units - np.rint(since * units)).max()
        if gap < _ROUNDING and since.max() * units < _LARGEST_SINGLE:
            return units
    return None


def whole_times(times: Floats, limits: Floats) -> tuple[Floats, Floats]:
    """Times and limits in whole days, hours or minutes where they are so.

    A limit then lies half a unit above the last time it holds, so that no rounding of
    a difference can cross it.
    """
    since = times - times.min()
    units = ticks_a_day(times)
    if units is None:
        return since, limits
    return np.rint(since * units), np.floor(limits * units + _ROUNDING) + 0.5


def count_within(pairs: ClosePairs, times: Floats, limits: Floats) -> Longs:
    """Close pairs by distance band (rows) and time band (columns)."""
    apart = np.abs(times[pairs.order[pairs.left]] - times[pairs.order[pairs.right]])
    time = np.searchsorted(limits, apart, side="left")
    shape = len(pairs.ends), len(limits) + 1
    counted = np.bincount(pairs.band * shape[1] + time, minlength=shape[0] * shape[1])
    return counted.reshape(shape)[:, :-1].astype(np.int64)


def time_pairs(times: Floats, limits: Floats) -> Floats:
    """Pairs of all events in each time band, without making the pairs."""
    ordered = np.sort(times)
    # The k-th event pairs with the later ones up to the limit.
    within = [
        (np.searchsorted(ordered, ordered + limit, side="right")).sum()
        for limit in limits
    ]
    itself = len(times) * (len(times) + 1) / 2
    return np.diff(np.asarray(within, dtype=np.float64) - itself, prepend=0.0)
