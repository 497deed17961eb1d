"""Repeats at the same place or near it: where and when more often than by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.event_pairs import checked_bands
from convive.stats.false_discovery import false_discovery_threshold
from convive.stats.knox import knox_test
from convive.stats.near_repeat_pairs import NearRepeatEvents, pairs_in_bands

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.event_pairs import Metric
    from convive.stats.near_repeat_pairs import NearRepeatPairs

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]


@dataclass(frozen=True)
class NearRepeat:
    """Knox ratios by distance band (rows, the same place first) and time band."""

    observed: Longs
    expected: Floats
    ratio: Floats
    p_value: Floats
    is_significant: Bools
    distance_bands: Floats
    time_bands: Floats
    permutations: int
    events: int
    pairs: NearRepeatPairs

    def to_frame(self) -> pl.DataFrame:
        """One row a cell, with the limits of its bands."""
        import polars as pl

        names = ("observed", "expected", "ratio", "p_value", "is_significant")
        above = np.append(np.nan, self.distance_bands[:-1])
        after = np.append(np.nan, self.time_bands[:-1])
        rows, columns = (at.ravel() for at in np.indices(self.observed.shape))
        limits = {
            "above_m": above[rows],
            "distance_m": self.distance_bands[rows],
            "after_days": after[columns],
            "time_days": self.time_bands[columns],
        }
        frame = pl.DataFrame(
            limits | {name: getattr(self, name).ravel() for name in names}
        )
        return frame.with_columns(pl.col("above_m", "after_days").fill_nan(None))

    def roles(self, *, only_significant: bool = False) -> NearRepeatEvents:
        """Count for each event what it followed and what followed it.

        With `only_significant`, pairs outside the significant cells do not count.
        """
        return self.pairs.roles(self.events, only_significant=only_significant)


def near_repeat(
    xy_m: ArrayLike,
    time_days: ArrayLike,
    distance_bands: ArrayLike,
    time_bands: ArrayLike,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
    *,
    metric: Metric = "euclidean",
    same_place_m: float = 0.0,
    level: float = 0.05,
    least_ratio: float = 1.2,
    false_discovery: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> NearRepeat:
    """Near-repeat analysis, as Ratcliffe's (2009) Near Repeat Calculator gives it.

    Parameters
    ----------
    xy_m : array_like of float, shape (events, 2)
        Positions in metres.
    time_days : array_like of float, shape (events,)
        Times in days from any day; they need not be sorted.
    distance_bands : array_like of float, shape (distances,)
        Upper limit of each band in metres, rising, the limit itself included. A band
        of its own for the same place is set before them.
    time_bands : array_like of float, shape (times,)
        Upper limit of each band in days, rising, the limit itself included; the first
        band holds the same time. For dates, 0 is the same day, 7 up to a week later.
    permutations : int
        Shuffles of the times over the positions.
    rng : numpy.random.Generator, optional
        Source of the shuffles; a new one if not given.
    metric : {"euclidean", "manhattan"}
        Distance as the crow flies, or along streets that cross at right angles.
    same_place_m : float
        Events up to this many metres apart are at the same place.
    level : float
        Largest p-value of a significant cell.
    least_ratio : float
        Smallest ratio of a significant cell: an excess too small to act on is none.
    false_discovery : bool
        Whether `level` is the expected share of false cells among the significant ones
        (Benjamini and Hochberg) and not the chance of each cell.
    progress : callable, optional
        Called with shuffles done and in all.

    Returns
    -------
    NearRepeat
        The table, the `pairs` of events behind it, and by `roles()` each event's part
        in them.

    Raises
    ------
    ValueError
        If events or bands are not as `knox_test` needs them, the first distance band
        does not begin beyond the same place, or a level or ratio is out of range.

    Notes
    -----
    `observed`, `expected`, `ratio` and `p_value` are those of `knox_test`. A cell is
    significant if :math:`p \\le` `level` and observed / expected :math:`\\ge`
    `least_ratio`. The expectation is exact, where the Calculator takes the mean of its
    shuffles. The Calculator's bands leave out their upper limit: its "0 to 1 days" are
    the same day, which is the limit 0 here, its "1 to 200 meters" end just before
    200.

    Events whose time is unknown within the bands (a burglary found after a holiday)
    blur the first bands; leave them out or widen the bands.

    References
    ----------
    Knox E. G. (1964). The detection of space-time interactions. Journal of the Royal
    Statistical Society C 13(1), 25-30.
    Johnson S. D., Bernasco W., Bowers K. J., Elffers H., Ratcliffe J., Rengert G.,
    Townsley M. (2007). Space-time patterns of risk: a cross national assessment of
    residential burglary victimization. Journal of Quantitative Criminology 23(3),
    201-219.
    Ratcliffe J. H. (2009). Near Repeat Calculator, version 1.3. Temple University.

    Examples
    --------
    >>> xy = [[0, 0], [0, 0], [90, 0], [5000, 0], [9000, 0], [9000, 5000]]
    >>> day = [0, 2, 3, 50, 70, 90]
    >>> found = near_repeat(xy, day, [100], [7], 999, np.random.default_rng(1))
    >>> found.observed.tolist()  # the same place, and up to 100 m
    [[1], [2]]
    >>> found.roles().near_repeated.tolist()
    [0, 0, 2, 0, 0, 0]
    """
    bands = _with_same_place(distance_bands, same_place_m)
    _check_limits(level, least_ratio)
    test = knox_test(
        xy_m, time_days, bands, time_bands, permutations, rng,
        metric=metric, progress=progress,
    )  # fmt: skip
    highest = (
        false_discovery_threshold(test.p_value, level) if false_discovery else level
    )
    # No pairs expected is no ratio, and a comparison with NaN is false.
    is_significant = (test.p_value <= highest) & (test.ratio >= least_ratio)
    return NearRepeat(
        observed=test.observed,
        expected=test.expected,
        ratio=test.ratio,
        p_value=test.p_value,
        is_significant=is_significant,
        distance_bands=test.distance_bands,
        time_bands=test.time_bands,
        permutations=permutations,
        events=len(np.asarray(time_days)),
        pairs=pairs_in_bands(
            xy_m, time_days, (bands, test.time_bands), metric, is_significant
        ),
    )


def _with_same_place(distance_bands: ArrayLike, same_place_m: float) -> Floats:
    bands = checked_bands(distance_bands, "distance_bands")
    if not 0 <= same_place_m < bands[0]:
        message = (
            "distance_bands must begin beyond the same place: the first limit"
            f" {bands[0]} is not above same_place_m = {same_place_m}, zero or more"
        )
        raise ValueError(message)
    return np.append(same_place_m, bands)


def _check_limits(level: float, least_ratio: float) -> None:
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    if not least_ratio > 0:
        message = f"least_ratio must be above zero, not {least_ratio}"
        raise ValueError(message)
