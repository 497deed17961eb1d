"""Whether events close in space are close in time more often than by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]

# Days, hours, minutes: the coarsest in which all times are whole is counted in.
_TICKS_A_DAY = (1, 24, 1440)
# A table of differences up to this stays in a processor's second cache.
_LARGEST_SPAN = 2**20
_CHUNK = 64


@dataclass(frozen=True)
class KnoxTest:
    """Pairs of events by distance band (rows) and time band (columns)."""

    observed: Longs
    expected: Floats
    ratio: Floats
    p_value: Floats
    distance_bands: Floats
    time_bands: Floats
    permutations: int

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        distance, time = np.meshgrid(
            self.distance_bands, self.time_bands, indexing="ij"
        )
        return pl.DataFrame(
            {
                "distance_m": distance.ravel(),
                "time_days": time.ravel(),
                "observed": self.observed.ravel(),
                "expected": self.expected.ravel(),
                "ratio": self.ratio.ravel(),
                "p_value": self.p_value.ravel(),
            }
        )


def knox_test(
    xy_m: ArrayLike,
    time_days: ArrayLike,
    distance_bands: ArrayLike,
    time_bands: ArrayLike,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> KnoxTest:
    """Space-time interaction by bands of distance and time, after Knox (1964).

    Parameters
    ----------
    xy_m : array_like of float, shape (events, 2)
        Positions in metres.
    time_days : array_like of float, shape (events,)
        Times in days from any day; they need not be sorted.
    distance_bands : array_like of float, shape (distances,)
        Upper limit of each band in metres, rising. The first band holds distance 0.
    time_bands : array_like of float, shape (times,)
        Upper limit of each band in days, rising. The first band holds the same time.
    permutations : int
        Shuffles of the times over the positions.
    rng : numpy.random.Generator, optional
        Source of the shuffles; a new one if not given.
    progress : callable, optional
        Called with shuffles done and in all.

    Returns
    -------
    KnoxTest
        `observed` and `expected` pairs, their `ratio` (NaN where none is expected) and
        the one-sided pseudo `p_value`, each of shape (distances, times).

    Raises
    ------
    ValueError
        If shapes do not match, a value is not finite, there are fewer than two events,
        or the bands do not rise from zero.

    Notes
    -----
    With :math:`S_a` pairs in distance band :math:`a` and :math:`T_b` pairs of all
    :math:`N(N-1)/2` in time band :math:`b`, the expectation over all shuffles is exact:
    :math:`E_{ab} = S_a T_b / (N(N-1)/2)`. With :math:`R` shuffles,
    :math:`p = (1 + \\#\\{count \\ge observed\\}) / (1 + R)`.

    References
    ----------
    Knox E. G. (1964). The detection of space-time interactions. Journal of the Royal
    Statistical Society C 13(1), 25-30.

    Examples
    --------
    >>> xy, day = [[0, 0], [10, 0], [5000, 0], [5010, 0]], [0, 1, 50, 51]
    >>> test = knox_test(xy, day, [100], [7], 99, np.random.default_rng(1))
    >>> test.observed.tolist(), test.expected.round(3).tolist()
    ([[2]], [[0.667]])
    """
    xy, times = _events(xy_m, time_days)
    distances = _bands(distance_bands, "distance_bands")
    limits = _bands(time_bands, "time_bands")
    rng = rng if rng is not None else np.random.default_rng()
    pairs = _close_pairs(xy, distances)
    observed = _count(pairs, times, limits)
    share = _time_pairs(times, limits) / (len(times) * (len(times) - 1) / 2)
    expected = np.diff(pairs[2], prepend=0)[:, None] * share
    reached = np.zeros(observed.shape, dtype=np.int64)
    seeds = rng.integers(0, 2**64, permutations, dtype=np.uint64)
    count = _counter(pairs, times, limits)
    for start in range(0, permutations, _CHUNK):
        counts = count(seeds[start : start + _CHUNK])[:, :, : len(limits)]
        reached += (counts >= observed).sum(axis=0)
        if progress is not None:
            progress(min(start + _CHUNK, permutations), permutations)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
    p_value = (1 + reached) / (1 + permutations)
    return KnoxTest(observed, expected, ratio, p_value, distances, limits, permutations)


def _events(xy_m: ArrayLike, time_days: ArrayLike) -> tuple[Floats, Floats]:
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


def _bands(limits: ArrayLike, name: str) -> Floats:
    bands = np.atleast_1d(np.asarray(limits, dtype=np.float64))
    is_rising = bands.ndim == 1 and bands.size and (np.diff(bands) > 0).all()
    if not is_rising or not np.isfinite(bands).all() or bands[0] < 0:
        message = (
            f"{name} must be upper limits of zero or more that rise, not {limits!r}"
        )
        raise ValueError(message)
    return bands


def _close_pairs(
    xy: Floats, limits: Floats
) -> tuple[NDArray[np.int32], NDArray[np.int32], Longs]:
    """Pairs within the last limit, band after band, and where each band ends."""
    from scipy.spatial import cKDTree

    found = cKDTree(xy).query_pairs(float(limits[-1]), output_type="ndarray")
    left, right = found.T.astype(np.int32)
    apart = np.hypot(*(xy[left] - xy[right]).T)
    band = np.searchsorted(limits, apart, side="left")
    order = np.lexsort((left, band))
    order = order[band[order] < len(limits)]
    ends = np.cumsum(np.bincount(band[order], minlength=len(limits)))
    return left[order], right[order], ends


def _count(
    pairs: tuple[NDArray[np.int32], NDArray[np.int32], Longs],
    times: Floats,
    limits: Floats,
) -> Longs:
    left, right, ends = pairs
    time = np.searchsorted(limits, np.abs(times[left] - times[right]), side="left")
    distance = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    cells = distance * (len(limits) + 1) + time
    counted = np.bincount(cells, minlength=len(ends) * (len(limits) + 1))
    return counted.reshape(len(ends), -1)[:, :-1].astype(np.int64)


def _time_pairs(times: Floats, limits: Floats) -> Floats:
    """Pairs of all events in each time band, without making the pairs."""
    ordered = np.sort(times)
    # The k-th event pairs with the later ones up to the limit.
    within = [
        (np.searchsorted(ordered, ordered + limit, side="right")).sum()
        for limit in limits
    ]
    itself = len(times) * (len(times) + 1) / 2
    return np.diff(np.asarray(within, dtype=np.float64) - itself, prepend=0.0)


def _counter(
    pairs: tuple[NDArray[np.int32], NDArray[np.int32], Longs],
    times: Floats,
    limits: Floats,
) -> Callable[[NDArray[np.uint64]], Longs]:
    """Counting by a table of whole differences where times allow it."""
    from convive.stats._kernels.pairs import counts_of_ticks, counts_of_times

    since = times - times.min()
    for a_day in _TICKS_A_DAY:
        ticks = np.rint(since * a_day)
        is_whole = np.abs(since * a_day - ticks).max() < 1e-6
        if is_whole and ticks.max() < _LARGEST_SPAN and len(limits) < 255:
            apart = np.arange(int(ticks.max()) + 1) / a_day
            table = np.searchsorted(limits, apart, side="left").astype(np.uint8)
            table = np.append(table, np.uint8(len(limits)))
            whole = ticks.astype(np.int32)
            return lambda seeds: counts_of_ticks(pairs, whole, table, seeds)
    return lambda seeds: counts_of_times(pairs, times, limits, seeds)
