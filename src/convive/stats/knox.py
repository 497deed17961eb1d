"""Whether events close in space are close in time more often than by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.event_pairs import (
    checked_bands,
    checked_events,
    checked_permutations,
    count_within,
    find_close_pairs,
    ticks_a_day,
    time_pairs,
    whole_times,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.event_pairs import ClosePairs, Metric

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]
    Numbers = Floats | NDArray[np.float32]

# Shuffles between two calls of `progress`.
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
    metric: Metric = "euclidean",
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
    metric : {"euclidean", "manhattan"}
        Distance as the crow flies, or along streets that cross at right angles.
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
        the bands do not rise from zero, or the metric is not one of the two.

    Notes
    -----
    With :math:`S_a` pairs in distance band :math:`a` and :math:`T_b` pairs of all
    :math:`N(N-1)/2` in time band :math:`b`, the expectation over all shuffles is exact:
    :math:`E_{ab} = S_a T_b / (N(N-1)/2)`. With :math:`R` shuffles,
    :math:`p = (1 + \\#\\{count \\ge observed\\}) / (1 + R)`.

    Times that are whole days, hours or minutes are counted as such, so that a pair on
    the limit of a band is in it whatever the rounding. Memory is that of the close
    pairs, eight bytes each.

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
    xy, times = checked_events(xy_m, time_days)
    distances = checked_bands(distance_bands, "distance_bands")
    days = checked_bands(time_bands, "time_bands")
    pairs = find_close_pairs(xy, distances, metric)
    ticks, limits = whole_times(times, days)
    observed = count_within(pairs, ticks, limits)
    share = time_pairs(ticks, limits) / (len(times) * (len(times) - 1) / 2)
    expected = np.diff(pairs.ends, prepend=0)[:, None] * share
    reached = np.zeros(observed.shape, dtype=np.int64)
    shuffles = _shuffled_counts(
        pairs, ticks, limits, checked_permutations(permutations), rng
    )
    for done, counts in shuffles:
        reached += (counts >= observed).sum(axis=0)
        if progress is not None:
            progress(done, permutations)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
    p_value = (1 + reached) / (1 + permutations)
    return KnoxTest(observed, expected, ratio, p_value, distances, days, permutations)


def _shuffled_counts(
    pairs: ClosePairs,
    ticks: Floats,
    limits: Floats,
    permutations: int,
    rng: np.random.Generator | None,
) -> Iterator[tuple[int, Longs]]:
    """Shuffles done so far, and the counts by band of the last ones."""
    from convive.stats._kernels.pairs import counts_within

    rng = rng if rng is not None else np.random.default_rng()
    seeds = rng.integers(0, 2**64, permutations, dtype=np.uint64)
    times: Numbers = ticks[pairs.order]
    most: Numbers = limits
    if ticks_a_day(ticks) == 1:
        # Whole times are exact in half the memory.
        times, most = times.astype(np.float32), most.astype(np.float32)
    for start in range(0, permutations, _CHUNK):
        some = seeds[start : start + _CHUNK]
        within = counts_within(pairs.by_band, times, most, some)
        yield start + len(some), np.diff(within, axis=2, prepend=0)
