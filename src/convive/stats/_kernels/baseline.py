"""Loop of the Farrington baseline: a log-linear fit of each series, twice.

The seasonal groups part the weeks, so that for a given slope each group's level is a
ratio of sums; what is left of the fit is one number, found by Newton's steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, prange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]

_STEPS = 60
_SMALLEST_STEP = 1e-10


class Pattern(NamedTuple):
    """Weeks of a baseline, seen from the week that is judged."""

    back: Longs  # of each week, rising: -3 lies three weeks before
    time: Floats  # the same in years
    group: Longs  # seasonal group of each; the last is that of the week judged
    runs: Longs  # first, end and group of each run of weeks that follow each other
    year: float  # weeks of a year


class Rules(NamedTuple):
    """What the fit is told beside its weeks."""

    outlying: float  # residual above which a week is weighed down; 0: none is
    certain: Floats  # t statistic a trend must exceed, by degrees of freedom
    is_as_surveillance: bool


class Series(NamedTuple):
    """One baseline: counts, and exposures and weights that are 0 where unknown."""

    events: Floats
    exposure: Floats
    weight: Floats
    known: int


@njit(cache=True)
def _sums(
    series: Series, pattern: Pattern, slope: float
) -> Floats:  # pragma: no cover - compiled
    """Weight, first and second moment of time that fall due in each group."""
    due = np.zeros((pattern.runs[:, 2].max() + 1, 3))
    step = np.exp(slope / pattern.year)
    for run in range(len(pattern.runs)):
        first, end, group = pattern.runs[run]
        growth = np.exp(slope * pattern.time[first])
        total, moment, square = 0.0, 0.0, 0.0
        for week in range(first, end):
            here = series.weight[week] * series.exposure[week] * growth
            later = here * pattern.time[week]
            total += here
            moment += later
            square += later * pattern.time[week]
            growth *= step
        due[group, 0] += total
        due[group, 1] += moment
        due[group, 2] += square
    return due


@njit(cache=True)
def _levels(seen: Floats, due: Floats) -> Floats:  # pragma: no cover - compiled
    level = np.zeros(len(seen))
    for group in range(len(seen)):
        if due[group, 0] > 0:
            level[group] = seen[group] / due[group, 0]
    return level


@njit(cache=True)
def _slope_information(
    level: Floats, due: Floats
) -> float:  # pragma: no cover - compiled
    information = 0.0
    for group in range(len(level)):
        if level[group] > 0:
            spread = due[group, 2] - due[group, 1] ** 2 / due[group, 0]
            information += level[group] * spread
    return information


@njit(cache=True)
def _fit(
    series: Series, pattern: Pattern, has_trend: bool, slope: float
) -> tuple[float, Floats, Floats, float]:  # pragma: no cover - compiled
    """Slope, levels, sums that fall due, and the information on the slope."""
    seen = np.zeros(pattern.group.max() + 1)
    moment = 0.0
    for week in range(len(series.events)):
        here = series.weight[week] * series.events[week]
        seen[pattern.group[week]] += here
        moment += here * pattern.time[week]
    for _step in range(_STEPS):
        due = _sums(series, pattern, slope)
        level = _levels(seen, due)
        if not has_trend:
            return slope, level, due, 0.0
        information = _slope_information(level, due)
        if information <= 0:
            return 0.0, _levels(seen, _sums(series, pattern, 0.0)), due, 0.0
        # A step that would change a mean more than e-fold overshoots.
        step = (moment - (level * due[:, 1]).sum()) / information
        if abs(step) < _SMALLEST_STEP:
            break
        slope += min(1.0, max(-1.0, step))
    return slope, level, due, information


@njit(cache=True)
def _means(
    series: Series, pattern: Pattern, slope: float, level: Floats
) -> Floats:  # pragma: no cover - compiled
    mean = np.empty(len(series.events))
    step = np.exp(slope / pattern.year)
    for run in range(len(pattern.runs)):
        first, end, group = pattern.runs[run]
        growth = np.exp(slope * pattern.time[first])
        for week in range(first, end):
            mean[week] = level[group] * series.exposure[week] * growth
            growth *= step
    return mean


@njit(cache=True)
def _spreads(
    series: Series, mean: Floats
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Weighted squares of Pearson's residuals, and of those relative to the mean."""
    pearson, relative = 0.0, 0.0
    for week in range(len(mean)):
        if mean[week] > 0:
            square = series.weight[week] * (series.events[week] - mean[week]) ** 2
            part = square / mean[week]
            pearson += part
            relative += part / mean[week]
        else:
            relative += series.weight[week]
    return pearson, relative


@njit(cache=True)
def _reweigh(
    series: Series,
    pattern: Pattern,
    mean: Floats,
    fit: tuple[float, Floats, Floats, float],
    limits: tuple[float, float],
) -> None:  # pragma: no cover - compiled
    """Weigh down weeks whose standardised Anscombe residual is outlying."""
    _slope, level, due, information = fit
    outlying, phi = limits
    share, centre = np.zeros(len(level)), np.zeros(len(level))
    for group in range(len(level)):
        if level[group] > 0:
            share[group] = 1 / (level[group] * due[group, 0])
            centre[group] = due[group, 1] / due[group, 0]
    certainty = 1 / information if information > 0 else 0.0
    total = 0.0
    for week in range(len(mean)):
        over = series.events[week] - mean[week]
        if over > 0:
            own = pattern.group[week]
            apart = pattern.time[week] - centre[own]
            lever = mean[week] * (share[own] + apart * apart * certainty)
            spread = phi * max(1 - lever, 1e-12)
            # Anscombe's residual is below Pearson's, which costs no power to take.
            if over * over > outlying * outlying * spread * mean[week]:
                raw = series.events[week] ** (2 / 3) * mean[week] ** (-1 / 6)
                residual = 1.5 * (raw - np.sqrt(mean[week])) / np.sqrt(spread)
                if residual > outlying:
                    series.weight[week] = residual**-2.0
        total += series.weight[week]
    for week in range(len(mean)):
        series.weight[week] *= series.known / total


@njit(cache=True)
def _variance_now(
    pattern: Pattern, fit: tuple[float, Floats, Floats, float]
) -> float:  # pragma: no cover - compiled
    """Variance of the log mean of the week judged, but for the dispersion."""
    _slope, level, due, information = fit
    now = pattern.runs[:, 2].max()
    if level[now] <= 0:
        return np.inf
    variance: float = 1 / (level[now] * due[now, 0])
    if information > 0:
        variance += (due[now, 1] / due[now, 0]) ** 2 / information
    return variance


@njit(cache=True)
def _whole_fit(
    series: Series, pattern: Pattern, rules: Rules, has_trend: bool
) -> tuple[float, float, float, float, int]:  # pragma: no cover - compiled
    """Mean now, dispersion, its log's standard error, t of the slope, freedom."""
    for week in range(len(series.weight)):
        series.weight[week] = 1.0 if series.exposure[week] > 0 else 0.0
    fit = _fit(series, pattern, has_trend, 0.0)
    free = series.known - (fit[2][:, 0] > 0).sum() - int(has_trend)
    if free <= 0:
        return np.nan, np.nan, np.nan, 0.0, 0
    mean = _means(series, pattern, fit[0], fit[1])
    spread, relative = _spreads(series, mean)
    if rules.outlying > 0:
        phi = max(1.0, spread / free)
        _reweigh(series, pattern, mean, fit, (rules.outlying, phi))
        fit = _fit(series, pattern, has_trend, fit[0])
        mean = _means(series, pattern, fit[0], fit[1])
        spread, relative = _spreads(series, mean)
    told = spread / free
    if rules.is_as_surveillance and rules.outlying > 0:
        told = relative / free
    slope_error = np.sqrt(told / fit[3]) if fit[3] > 0 else np.inf
    t = fit[0] / slope_error if slope_error > 0 else np.inf
    error = np.sqrt(told * _variance_now(pattern, fit))
    rate: float = fit[1][-1]
    return rate, max(1.0, spread / free), error, t, free


@njit(cache=True)
def _one(
    series: Series, pattern: Pattern, rules: Rules, exposure_now: float
) -> tuple[float, float, float]:  # pragma: no cover - compiled
    now = pattern.runs[:, 2].max()
    is_known = False
    for week in range(len(pattern.group)):
        is_known |= pattern.group[week] == now and series.exposure[week] > 0
    if not is_known:
        return np.nan, np.nan, np.nan
    if series.events.max() == 0:
        return 0.0, 1.0, np.inf
    if rules.certain[0] < np.inf:
        rate, phi, error, t, free = _whole_fit(series, pattern, rules, True)
        mean = rate * exposure_now
        if abs(t) > rules.certain[free] and mean <= series.events.max():
            return mean, phi, error
    rate, phi, error, _t, _free = _whole_fit(series, pattern, rules, False)
    return rate * exposure_now, phi, error


@njit(cache=True, parallel=True)
def baselines(
    counts: Floats,
    exposure: Floats,
    pattern: Pattern,
    rules: Rules,
    judged: tuple[int, int],
) -> Floats:  # pragma: no cover - compiled
    """Expected count, dispersion and standard error of the log of the expected count.

    Of shape (3, series, weeks judged). `counts` and `exposure` have shape (series,
    weeks), or one row of exposures serves all; `judged` are the first week and the end.
    Unknown counts are NaN.
    """
    first, end = judged
    found = np.empty((3, len(counts), end - first))
    weeks = len(pattern.back)
    for row in prange(len(counts)):
        people = exposure[np.int64(row) if len(exposure) > 1 else 0]
        count, due, weight = np.empty(weeks), np.empty(weeks), np.empty(weeks)
        for period in range(first, end):
            known = 0
            for week in range(weeks):
                at = period + pattern.back[week]
                is_known = not np.isnan(counts[row, at])
                count[week] = counts[row, at] if is_known else 0.0
                due[week] = people[at] if is_known else 0.0
                known += int(is_known)
            series = Series(count, due, weight, known)
            mean, phi, error = _one(series, pattern, rules, people[period])
            found[0, row, period - first] = mean
            found[1, row, period - first] = phi
            found[2, row, period - first] = error
    return found


def baseline_plainly(
    count: Floats,
    exposure: Floats,
    pattern: Pattern,
    outlying: float,
    has_trend: bool,
) -> tuple[float, float, float, float]:
    """Rate now, dispersion, standard error of its log, t: the twin of one fit.

    Weighted least squares with the whole design, for series with events in all groups.
    """
    groups = int(pattern.group.max()) + 1
    design = (pattern.group[:, None] == np.arange(groups)).astype(np.float64)
    now = np.eye(groups)[-1]
    if has_trend:
        design = np.column_stack([design, pattern.time])
        now = np.append(now, 0.0)
    weight = np.ones(len(count))
    for is_last in (False, True) if outlying > 0 else (True,):
        found, mean, inverse = _iterated(count, exposure, design, weight)
        free = design.shape[0] - design.shape[1]
        spread = float((weight * (count - mean) ** 2 / mean).sum() / free)
        if is_last:
            break
        lever = mean * ((design @ inverse) * design).sum(axis=1)
        residual = 1.5 * (count ** (2 / 3) * mean ** (-1 / 6) - np.sqrt(mean))
        residual /= np.sqrt(max(1.0, spread) * (1 - lever))
        weight = np.where(
            residual > outlying, np.maximum(residual, outlying) ** -2.0, 1
        )
        weight *= len(weight) / weight.sum()
    error = np.sqrt(spread * now @ inverse @ now)
    t = found[-1] / np.sqrt(spread * inverse[-1, -1])
    return float(np.exp(now @ found)), max(1.0, spread), float(error), float(t)


def _iterated(
    count: Floats, exposure: Floats, design: Floats, weight: Floats
) -> tuple[Floats, Floats, Floats]:
    mean: Floats = count + 0.5
    for _ in range(_STEPS):
        due = (design * (weight * mean)[:, None]).T
        inverse = np.asarray(np.linalg.inv(due @ design), dtype=np.float64)
        working = np.log(mean / exposure) + (count - mean) / mean
        found = inverse @ (due @ working)
        mean = exposure * np.exp(design @ found)
    return found, mean, inverse
