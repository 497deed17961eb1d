"""Loop of the Farrington baseline: a log-linear fit of each series, twice.

The seasonal groups part the weeks, so that for a given slope each group's level is a
ratio of sums; what is left of the fit is one number, found by Newton's steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bytes = NDArray[np.uint8]

_STEPS = 60
_SMALLEST_STEP = 1e-11


@njit(cache=True)
def _levels(
    y: Floats, growth: Floats, weight: Floats, group: Bytes, groups: int
) -> Floats:  # pragma: no cover - compiled
    seen, due = np.zeros(groups), np.zeros(groups)
    for week in range(len(y)):
        seen[group[week]] += weight[week] * y[week]
        due[group[week]] += weight[week] * growth[week]
    for one in range(groups):
        seen[one] = seen[one] / due[one] if due[one] > 0 else 0.0
    return seen


@njit(cache=True)
def _means(
    y: Floats, time: Floats, weight: Floats, group: Bytes, slope: float
) -> tuple[Floats, Floats, float]:  # pragma: no cover - compiled
    """Means, each group's weighted mean time, and the information on the slope."""
    groups = int(group.max()) + 1
    growth = np.exp(slope * time)
    mu = _levels(y, growth, weight, group, groups)[group] * growth
    total, moment, square = np.zeros(groups), np.zeros(groups), np.zeros(groups)
    for week in range(len(y)):
        here = weight[week] * mu[week]
        total[group[week]] += here
        moment[group[week]] += here * time[week]
        square[group[week]] += here * time[week] ** 2
    centre = np.zeros(groups)
    information = 0.0
    for one in range(groups):
        if total[one] > 0:
            centre[one] = moment[one] / total[one]
            information += square[one] - moment[one] * centre[one]
    return mu, centre, information


@njit(cache=True)
def _slope(
    y: Floats, time: Floats, weight: Floats, group: Bytes
) -> float:  # pragma: no cover - compiled
    slope = 0.0
    for _step in range(_STEPS):
        mu, _centre, information = _means(y, time, weight, group, slope)
        if information <= 0:
            return 0.0
        step = (weight * time * (y - mu)).sum() / information
        # A step that would change a mean more than e-fold overshoots.
        step = min(1.0, max(-1.0, step))
        slope += step
        if abs(step) < _SMALLEST_STEP:
            break
    return slope


@njit(cache=True)
def _dispersion(
    y: Floats, mu: Floats, weight: Floats, free: int
) -> float:  # pragma: no cover - compiled
    total = 0.0
    for week in range(len(y)):
        if mu[week] > 0:
            total += weight[week] * (y[week] - mu[week]) ** 2 / mu[week]
    return max(1.0, total / free)


@njit(cache=True)
def _reweighted(
    y: Floats, time: Floats, group: Bytes, fit: tuple[Floats, Floats, float], phi: float
) -> Floats:  # pragma: no cover - compiled
    """Standardised Anscombe residuals of a first fit with all weights one."""
    mu, centre, information = fit
    totals = np.zeros(int(group.max()) + 1)
    for week in range(len(y)):
        totals[group[week]] += mu[week]
    residual = np.zeros(len(y))
    for week in range(len(y)):
        if mu[week] <= 0:
            continue
        own = group[week]
        lever = mu[week] / totals[own]
        if information > 0:
            lever += mu[week] * (time[week] - centre[own]) ** 2 / information
        raw = 1.5 * (y[week] ** (2 / 3) * mu[week] ** (-1 / 6) - np.sqrt(mu[week]))
        residual[week] = raw / np.sqrt(phi * max(1 - lever, 1e-12))
    return residual


@njit(cache=True)
def _weights(residual: Floats, limit: float) -> Floats:  # pragma: no cover - compiled
    weight = np.ones(len(residual))
    for week in range(len(residual)):
        if residual[week] > limit:
            weight[week] = residual[week] ** -2.0
    scaled: Floats = weight * (len(weight) / weight.sum())
    return scaled


@njit(cache=True)
def _fit(
    y: Floats, time: Floats, group: Bytes, limit: float, has_trend: bool
) -> tuple[float, float, float, float]:  # pragma: no cover - compiled
    """Mean now, slope, its t statistic, and the dispersion, after reweighting."""
    groups = int(group.max()) + 1
    free = len(y) - groups - int(has_trend)
    weight = np.ones(len(y))
    slope, phi = 0.0, 1.0
    for attempt in range(2):
        slope = _slope(y, time, weight, group) if has_trend else 0.0
        mu, centre, information = _means(y, time, weight, group, slope)
        information = information if has_trend else 0.0
        phi = _dispersion(y, mu, weight, free)
        if attempt == 1 or limit <= 0:
            break
        residual = _reweighted(y, time, group, (mu, centre, information), phi)
        weight = _weights(residual, limit)
    # Weeks count from now, so that the level of the last group is the mean now.
    now = _levels(y, np.exp(slope * time), weight, group, groups)[groups - 1]
    unbounded = 0.0
    for week in range(len(y)):
        if mu[week] > 0:
            unbounded += weight[week] * (y[week] - mu[week]) ** 2 / mu[week]
    error = np.sqrt(unbounded / free / information) if information > 0 else np.inf
    return now, slope, slope / error if error > 0 else np.inf, phi


@njit(cache=True, parallel=True)
def baselines(
    counts: Floats, time: Floats, group: Bytes, limits: tuple[float, float]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:  # pragma: no cover - compiled
    """Expected count now, dispersion, and whether a trend was kept, of each series.

    `counts` has shape (series, weeks of the baseline); `limits` are the residual
    above which a week is weighed down (0: none is) and the t statistic that a trend
    must exceed (infinite: none is fitted).
    """
    outlying, certain = limits
    expected, phi = np.zeros(len(counts)), np.ones(len(counts))
    has_trend = np.zeros(len(counts), np.bool_)
    for series in prange(len(counts)):
        y = counts[series]
        if y.sum() == 0:
            continue
        if certain < np.inf:
            now, _rate, t, spread = _fit(y, time, group, outlying, True)
            if abs(t) > certain and now <= y.max():
                expected[series], phi[series] = now, spread
                has_trend[series] = True
                continue
        now, _rate, _t, spread = _fit(y, time, group, outlying, False)
        expected[series], phi[series] = now, spread
    return expected, phi, has_trend
