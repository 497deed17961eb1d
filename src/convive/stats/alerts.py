"""What an alarm is, and the alarms of series too young to have a past of years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_WEEK = 7
_THRESHOLDS = {"C1": 3.0, "C2": 3.0, "C3": 2.0}


@dataclass(frozen=True)
class Alarms:
    """Of each series and period; NaN where the past is too short or too empty."""

    observed: Floats
    expected: Floats
    upper_bound: Floats
    p_value: Floats
    alarm: NDArray[np.bool_]
    false_alarm_chance: Floats
    frequency: int

    @property
    def false_alarms_per_year(self) -> Floats:
        """Alarms that chance alone would raise in a year, of each series.

        The mean chance of the periods judged, times the periods of a year.
        """
        judged = np.isfinite(self.false_alarm_chance).sum(axis=1)
        total = self.frequency * np.nansum(self.false_alarm_chance, axis=1)
        with np.errstate(invalid="ignore"):
            return np.asarray(total / judged)

    @property
    def all_false_alarms_per_year(self) -> float:
        """Alarms that chance alone would raise in a year, over all series."""
        return float(np.nansum(self.false_alarms_per_year))

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        series, period = np.indices(self.observed.shape)
        values = {
            name: value.ravel()
            for name, value in vars(self).items()
            if name != "frequency"
        }
        return pl.DataFrame(
            {"series": series.ravel(), "period": period.ravel(), **values}
        )


def checked_counts(counts: ArrayLike) -> Floats:
    """Counts as a table of series and periods, or a ValueError that says what is wrong.

    Unknown counts are NaN.
    """
    table = np.array(counts, dtype=np.float64, order="C")
    if table.ndim != 2:
        message = "counts must have a row a series and a column a period"
        raise ValueError(message)
    known = table[~np.isnan(table)]
    if not ((known >= 0) & np.isfinite(known) & (np.floor(known) == known)).all():
        message = "counts must be whole numbers, zero or more; NaN where unknown"
        raise ValueError(message)
    return table


def chance_above(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Chance of more than `count` events: negative binomial, or Poisson if not wide."""
    from scipy.special import betainc, pdtrc

    count, mean, dispersion = np.broadcast_arrays(count, mean, dispersion)
    chance = np.full(mean.shape, np.nan)
    narrow = (dispersion <= 1) | (mean == 0)
    chance[narrow] = pdtrc(np.floor(count[narrow]), mean[narrow])
    wide = (dispersion > 1) & (mean > 0)
    more, size = np.floor(count[wide]) + 1, mean[wide] / (dispersion[wide] - 1)
    chance[wide] = betainc(np.maximum(more, 0.5), size, 1 - 1 / dispersion[wide])
    return np.where((count < 0) & np.isfinite(mean), 1.0, chance)


def ears(
    counts: ArrayLike,
    method: str = "C1",
    *,
    threshold: float | None = None,
    smallest_sd: float = 0.5,
    frequency: int = 365,
) -> Alarms:
    """Early aberration reporting of Hutwagner et al. (2003), for series without a past.

    Parameters
    ----------
    counts : array_like of float, shape (series, periods)
        Events, oldest first, usually of days; NaN where a period is unknown.
    method : {'C1', 'C2', 'C3'}
        C1 compares with the seven periods before, C2 leaves two out between, C3 adds
        up what C2 found in three periods.
    threshold : float, optional
        What the score must exceed: 3 for C1 and C2, 2 for C3 if not given.
    smallest_sd : float
        Standard deviation where the baseline varies less, in events; 0 for none.
    frequency : int
        Periods in a year, to count false alarms by.

    Returns
    -------
    Alarms
        `expected` is the baseline's mean; `p_value` that of a normal score.

    Raises
    ------
    ValueError
        If a count is negative or not whole, the method is none of the three, or
        `smallest_sd` is negative.

    Notes
    -----
    :math:`C_t = (y_t - \\bar y) / \\max(s, s_{min})` over the baseline. C1 and C2 alarm
    above 3; C3 when :math:`\\sum_{i=0}^{2} \\max(0, C_{2,t-i} - 1)` is above 2 and
    there is an event. A baseline with an unknown period gives no bound. The least
    deviation is that of Tokars et al. (2009); at 0, any count above a baseline that
    does not vary is an alarm.

    The score is not normal: seven periods leave the deviation unsure, and few events
    are skew. `false_alarm_chance` is the chance that a count of the whole series' mean
    and variance (negative binomial) is above the period's bound: right where the
    series has no trend, no week and no outbreak; else see `expected_false_alarms`.

    R's surveillance 1.20 takes the normal quantiles 3.09 (C1, C2) and 1.96 (C3) for
    thresholds, and its C3 leaves the period itself out of the sum.

    References
    ----------
    Hutwagner L., Thompson W., Seeman G. M., Treadwell T. (2003). The bioterrorism
    preparedness and response Early Aberration Reporting System (EARS). Journal of
    Urban Health 80(2), i89-i96.

    Tokars J. I., Burkom H., Xing J., English R., Bloom S., Cox K., Pavlin J. A. (2009).
    Enhancing time-series detection algorithms for automated biosurveillance. Emerging
    Infectious Diseases 15(4), 533-539.

    Fricker R. D., Hegler B. L., Dunfee D. A. (2008). Comparing syndromic surveillance
    detection methods: EARS' versus a CUSUM-based methodology. Statistics in Medicine
    27(17), 3407-3429.

    Examples
    --------
    >>> ears([[2, 3, 2, 1, 2, 3, 2, 9]]).alarm[0].tolist()[-1]
    True
    """
    from scipy.special import ndtr

    table = checked_counts(counts)
    if method not in _THRESHOLDS:
        message = f"method must be 'C1', 'C2' or 'C3', not {method!r}"
        raise ValueError(message)
    if not smallest_sd >= 0:
        message = f"smallest_sd must be zero or more, not {smallest_sd}"
        raise ValueError(message)
    limit = _THRESHOLDS[method] if threshold is None else threshold
    mean, sd = _before(table, 0 if method == "C1" else 2)
    sd = np.maximum(sd, smallest_sd)
    score = _score(table, mean, sd)
    upper = mean + limit * sd
    if method == "C3":
        surplus = np.maximum(0, score - 1)
        earlier = np.full_like(surplus, np.nan)
        earlier[:, 2:] = surplus[:, 1:-1] + surplus[:, :-2]
        lacking = 1 + np.maximum(0, limit - np.where(earlier > limit, 0, earlier))
        upper = np.where(earlier > limit, 0.0, mean + sd * lacking)
    return Alarms(
        observed=table,
        expected=mean,
        upper_bound=upper,
        p_value=ndtr(-score),
        alarm=table > np.nan_to_num(upper, nan=np.inf),
        false_alarm_chance=_chance(table, upper),
        frequency=frequency,
    )


def _score(table: Floats, mean: Floats, sd: Floats) -> Floats:
    """Deviations above the mean; of a baseline that does not vary, all or none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (table - mean) / sd
    return np.where((sd == 0) & (table == mean), 0.0, score)


def _before(table: Floats, lag: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the seven periods that end `lag` before each."""
    mean, sd = np.full((2, *table.shape), np.nan)
    if table.shape[1] > _WEEK + lag:
        runs = np.lib.stride_tricks.sliding_window_view(table, _WEEK, axis=1)
        runs = runs[:, : table.shape[1] - _WEEK - lag]
        mean[:, _WEEK + lag :] = runs.mean(axis=2)
        sd[:, _WEEK + lag :] = runs.std(axis=2, ddof=1)
    return mean, sd


def _chance(table: Floats, upper: Floats) -> Floats:
    """Chance that a count of the series' own mean and variance is above the bound."""
    is_known = ~np.isnan(table)
    known = np.maximum(is_known.sum(axis=1, keepdims=True), 1)
    mean = np.where(is_known, table, 0).sum(axis=1, keepdims=True) / known
    squares = np.where(is_known, (table - mean) ** 2, 0).sum(axis=1, keepdims=True)
    variance = squares / np.maximum(known - 1, 1)
    wide = np.divide(variance, mean, out=np.ones_like(mean), where=mean > 0)
    return np.where(np.isnan(upper), np.nan, chance_above(upper, mean, wide))
