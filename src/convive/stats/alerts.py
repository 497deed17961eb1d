"""Whether this week holds more than its own past lets one expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Alarms:
    """Of each series and period; NaN where the past is too short or too empty."""

    observed: Floats
    expected: Floats
    upper_bound: Floats
    p_value: Floats
    alarm: NDArray[np.bool_]

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        series, period = np.indices(self.observed.shape)
        values = {name: value.ravel() for name, value in vars(self).items()}
        return pl.DataFrame(
            {"series": series.ravel(), "period": period.ravel(), **values}
        )


@dataclass(frozen=True)
class Baseline:
    """What of the past is compared with a period, after Noufaily et al. (2013)."""

    years: int = 5
    half_window: int = 3  # periods on each side of the same one of a past year
    seasons: int = 10  # groups of periods in a year; 1 leaves all but the windows out
    recent: int = 26  # latest periods left out: an outbreak under way hides itself
    outlying: float = 2.58  # standardised residual above which a past period fades
    trend_level: float = 1.0  # a trend stays if its p-value is below this; 1: always
    fewest: tuple[int, int] = (5, 4)  # at least so many events in so many periods


def farrington_flexible(
    counts: ArrayLike,
    frequency: int = 52,
    *,
    baseline: Baseline | None = None,
    level: float = 0.95,
    start: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Alarms:
    """Flexible Farrington algorithm of Noufaily et al. (2013).

    Parameters
    ----------
    counts : array_like of int, shape (series, periods)
        Events, oldest first.
    frequency : int
        Periods in a year.
    baseline : Baseline, optional
        Which part of the past is used, and how.
    level : float
        Share of periods without an outbreak that stay below the bound.
    start : int, optional
        First period to judge; the first with a whole baseline if not given.
    progress : callable, optional
        Called with periods done and in all.

    Returns
    -------
    Alarms
        Each of shape (series, periods).

    Raises
    ------
    ValueError
        If a count is negative or not whole, `start` has no whole baseline, or the
        seasons are more than a year's periods allow.

    Notes
    -----
    Quasi-Poisson with :math:`\\log \\mu_t = \\alpha_{s(t)} + \\beta t` over the
    seasonal groups of the past years. Past weeks with a standardised Anscombe
    residual above `outlying` are weighed by its inverse square and the fit is made
    again. The bound is the quantile of the negative binomial with mean
    :math:`\\mu_0` and variance :math:`\\phi \\mu_0`. The trend stays if it is
    significant, the past has three years or more, and :math:`\\mu_0` is not above all
    past counts. Its test takes the dispersion of the reweighted fit, where R's
    surveillance takes another.

    References
    ----------
    Noufaily A., Enki D. G., Farrington P., Garthwaite P., Andrews N., Charlett A.
    (2013). An improved algorithm for outbreak detection in multiple surveillance
    systems. Statistics in Medicine 32(7), 1206-1222.

    Examples
    --------
    >>> weeks = np.tile([3, 2, 4, 3], 85)[None, :330].copy()
    >>> weeks[0, -1] = 30
    >>> bool(farrington_flexible(weeks, start=329).alarm[0, -1])
    True
    """
    table = _checked(counts, level)
    plan = baseline or Baseline()
    earliest = frequency * plan.years + plan.half_window
    first = earliest if start is None else start
    if not earliest <= first:
        message = f"start must leave {earliest} periods before it, not {first}"
        raise ValueError(message)
    found = {name: np.full(table.shape, np.nan) for name in ("expected", "upper", "p")}
    for period in range(first, table.shape[1]):
        group = _groups(period, frequency, plan)
        mean, phi = _expected(table, period, group, (frequency, plan))
        upper, p = _bound(table[:, period], mean, phi, level)
        least, span = plan.fewest
        is_enough = (
            table[:, max(0, period - span + 1) : period + 1].sum(axis=1) >= least
        )
        for name, value in (("expected", mean), ("upper", upper), ("p", p)):
            found[name][is_enough, period] = value[is_enough]
        if progress is not None:
            progress(period - first + 1, table.shape[1] - first)
    return Alarms(
        observed=table,
        expected=found["expected"],
        upper_bound=found["upper"],
        p_value=found["p"],
        alarm=table > np.nan_to_num(found["upper"], nan=np.inf),
    )


def _checked(counts: ArrayLike, level: float) -> Floats:
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2:
        message = "counts must have a row a series and a column a period"
        raise ValueError(message)
    if not ((table >= 0) & (table % 1 == 0)).all():
        message = "counts must be known whole numbers, zero or more"
        raise ValueError(message)
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    return table


def _groups(period: int, frequency: int, plan: Baseline) -> NDArray[np.int64]:
    """Seasonal group of each period before this one; -1 where it is left out."""
    w = plan.half_window
    group = np.full(period, -1, dtype=np.int64)
    between = frequency - 2 * w - 1
    if plan.seasons > 1 and between < plan.seasons - 1:
        message = f"seasons must be at most {between + 1} for this frequency and window"
        raise ValueError(message)
    for year in range(1, plan.years + 1):
        middle = period - frequency * year
        # The group of the period itself comes last.
        group[middle - w : middle + w + 1] = plan.seasons - 1
        if plan.seasons > 1:
            blocks = np.array_split(np.arange(between), plan.seasons - 1)
            for number, block in enumerate(blocks):
                group[middle + w + 1 + block] = number
    group[period - plan.recent :] = -1
    return group


def _expected(
    table: Floats,
    period: int,
    group: NDArray[np.int64],
    how: tuple[int, Baseline],
) -> tuple[Floats, Floats]:
    from scipy.special import stdtrit

    from convive.stats._kernels.baseline import baselines

    frequency, plan = how
    used = np.flatnonzero(group >= 0)
    time = (used - period) / frequency
    free = len(used) - plan.seasons - 1
    certain = float(stdtrit(free, 1 - plan.trend_level / 2))
    if plan.years < 3 or plan.trend_level <= 0:
        certain = np.inf
    if plan.trend_level >= 1:
        certain = -1.0
    past = np.ascontiguousarray(table[:, used])
    groups = group[used].astype(np.uint8)
    mean, phi, _trend = baselines(past, time, groups, (plan.outlying, certain))
    return mean, phi


def _bound(
    observed: Floats, mean: Floats, phi: Floats, level: float
) -> tuple[Floats, Floats]:
    from scipy.stats import nbinom, poisson

    upper = np.asarray(poisson.ppf(level, mean))
    p = np.asarray(poisson.sf(observed - 1, mean))
    wide = (phi > 1) & (mean > 0)
    size, chance = mean[wide] / (phi[wide] - 1), 1 / phi[wide]
    upper[wide] = nbinom.ppf(level, size, chance)
    p[wide] = nbinom.sf(observed[wide] - 1, size, chance)
    return upper, p


def ears(counts: ArrayLike, method: str = "C1", *, smallest_sd: float = 0.5) -> Alarms:
    """Early aberration reporting of Hutwagner et al. (2003), for series without a past.

    Parameters
    ----------
    counts : array_like of int, shape (series, periods)
        Events, oldest first; usually days.
    method : {'C1', 'C2', 'C3'}
        C1 compares with the seven periods before, C2 leaves two out between, C3 adds
        up what C2 found in three periods.
    smallest_sd : float
        Standard deviation where the baseline varies less, in events.

    Returns
    -------
    Alarms
        `expected` is the baseline's mean; `p_value` that of a normal score.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or the method is none of the three.

    Notes
    -----
    :math:`C_t = (y_t - \\bar y) / s` over the baseline. C1 and C2 alarm above 3; C3
    when :math:`\\sum_{i=0}^{2} \\max(0, C_{2,t-i} - 1)` is above 2.

    References
    ----------
    Hutwagner L., Thompson W., Seeman G. M., Treadwell T. (2003). The bioterrorism
    preparedness and response Early Aberration Reporting System (EARS). Journal of
    Urban Health 80(2), i89-i96.

    Examples
    --------
    >>> ears([[2, 3, 2, 1, 2, 3, 2, 9]]).alarm[0].tolist()[-1]
    True
    """
    from scipy.special import ndtr

    table = _checked(counts, 0.95)
    if method not in {"C1", "C2", "C3"}:
        message = f"method must be 'C1', 'C2' or 'C3', not {method!r}"
        raise ValueError(message)
    mean, sd = _before(table, 0 if method == "C1" else 2)
    sd = np.maximum(sd, smallest_sd)
    score = (table - mean) / sd
    upper = mean + 3 * sd
    if method == "C3":
        surplus = np.maximum(0, score - 1)
        earlier = np.full_like(surplus, np.nan)
        earlier[:, 2:] = surplus[:, 1:-1] + surplus[:, :-2]
        upper = mean + sd * (1 + np.maximum(0, 2 - earlier))
        upper[earlier > 2] = 0.0
    return Alarms(
        observed=table,
        expected=mean,
        upper_bound=upper,
        p_value=ndtr(-score),
        alarm=table > np.nan_to_num(upper, nan=np.inf),
    )


def _before(table: Floats, lag: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the seven periods that end `lag` before each."""
    mean, sd = np.full((2, *table.shape), np.nan)
    if table.shape[1] > 7 + lag:
        runs = np.lib.stride_tricks.sliding_window_view(table, 7, axis=1)
        runs = runs[:, : table.shape[1] - 7 - lag]
        mean[:, 7 + lag :] = runs.mean(axis=2)
        sd[:, 7 + lag :] = runs.std(axis=2, ddof=1)
    return mean, sd
