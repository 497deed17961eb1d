"""Whether this week holds more than the same weeks of past years lead one to expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from convive.stats.alerts import Alarms, chance_above, checked_counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from convive.stats._kernels.baseline import Pattern, Rules

    Floats = NDArray[np.float64]
    Bound = Literal["negative_binomial", "uncertain_mean", "two_thirds_power"]

_BOUNDS = ("negative_binomial", "uncertain_mean", "two_thirds_power")
_CHUNK = 13  # periods between two reports of progress


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
    is_as_surveillance: bool = False  # standard errors of R's surveillance: see Notes


def farrington_flexible(
    counts: ArrayLike,
    frequency: int = 52,
    *,
    populations: ArrayLike | None = None,
    baseline: Baseline | None = None,
    level: float = 0.95,
    bound: Bound = "negative_binomial",
    start: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Alarms:
    """Flexible Farrington algorithm of Noufaily et al. (2013).

    Parameters
    ----------
    counts : array_like of float, shape (series, periods)
        Events, oldest first; NaN where a period is unknown.
    frequency : int
        Periods in a year.
    populations : array_like of float, optional
        Persons (or anything the events are proportional to) of each series and
        period, or of what broadcasts to them; all alike if not given.
    baseline : Baseline, optional
        Which part of the past is used, and how.
    level : float
        Share of periods without an outbreak that stay below the bound.
    bound : {'negative_binomial', 'uncertain_mean', 'two_thirds_power'}
        How the bound is drawn from the fit; R calls them nbPlugin, muan and delta.
    start : int, optional
        First period to judge; the first with a whole baseline if not given.
    progress : callable, optional
        Called with periods done and in all.

    Returns
    -------
    Alarms
        Each of shape (series, periods). A period whose count is unknown has no alarm,
        but a bound if the ones before it hold enough events.

    Raises
    ------
    ValueError
        If a count is negative or not whole, a population not positive, `start` has no
        whole baseline, the seasons are more than a year's periods allow, or a name or
        level is none of those above.

    Notes
    -----
    Quasi-Poisson with :math:`\\log \\mu_t = \\alpha_{s(t)} + \\beta t + \\log n_t` over
    the seasonal groups of the past years. Past weeks with a standardised Anscombe
    residual above `outlying` are weighed by its inverse square and the fit is made
    again. The trend stays if it is significant, the past has three years or more, and
    :math:`\\mu_0` is not above all past counts.

    With dispersion :math:`\\phi \\ge 1` and standard error :math:`\\sigma` of
    :math:`\\log \\mu_0`, the bound is the quantile of the negative binomial with mean
    :math:`\\mu_0` and variance :math:`\\phi \\mu_0`; for `uncertain_mean` that with
    mean :math:`\\mu_0 e^{z \\sigma}`; for `two_thirds_power`
    :math:`(\\mu_0^{2/3} + \\tfrac23 z \\mu_0^{1/6} \\sqrt{\\phi + \\mu_0 \\sigma^2})
    ^{3/2}`, as in Farrington et al. (1996).

    After reweighting, R's surveillance 1.20 takes :math:`\\sigma` and the test of the
    trend from :math:`\\sum \\omega (y / \\mu - 1)^2 / \\nu`, where Pearson's dispersion
    is :math:`\\sum \\omega (y - \\mu)^2 / \\mu / \\nu`. `Baseline.is_as_surveillance`
    does so too, to compare; nothing changes for `negative_binomial` with a trend that
    always stays.

    `false_alarm_chance` is the chance that a count of the fitted distribution is above
    the bound (and enough to be judged), mostly below 1 - `level`, as counts are whole.
    The fit's own uncertainty comes on top. At a level of 0.95, simulated weeks without
    an outbreak alarm in 1 % at a mean of 0.5 events, 3 % at 2, 4 to 5 % at 5 to 30, and
    5 to 6 % with a dispersion of 2 to 5; `uncertain_mean` makes that 1 to 3 %. See
    `expected_false_alarms` for other means.

    References
    ----------
    Noufaily A., Enki D. G., Farrington P., Garthwaite P., Andrews N., Charlett A.
    (2013). An improved algorithm for outbreak detection in multiple surveillance
    systems. Statistics in Medicine 32(7), 1206-1222.

    Farrington C. P., Andrews N. J., Beale A. D., Catchpole M. A. (1996). A statistical
    algorithm for the early detection of outbreaks of infectious disease. Journal of
    the Royal Statistical Society A 159(3), 547-563.

    Examples
    --------
    >>> weeks = np.tile([3, 2, 4, 3], 85)[None, :330].copy()
    >>> weeks[0, -1] = 30
    >>> found = farrington_flexible(weeks, start=329)
    >>> bool(found.alarm[0, -1]), bool(found.false_alarms_per_year[0] < 0.05 * 52)
    (True, True)
    """
    from convive.stats._kernels.baseline import baselines

    table = checked_counts(counts)
    exposure = _exposure(populations, table)
    plan = baseline or Baseline()
    _check_names(level, bound)
    first = _first(start, frequency, plan)
    pattern = _pattern(frequency, plan)
    rules = _rules(pattern, plan)
    end = table.shape[1]
    fit = np.full((3, len(table), max(end - first, 0)), np.nan)
    for chunk in range(first, end, _CHUNK):
        until = min(chunk + _CHUNK, end)
        fit[:, :, chunk - first : until - first] = baselines(
            table, exposure, pattern, rules, (chunk, until)
        )
        if progress is not None:
            progress(until - first, end - first)
    return _judged(table, fit, (level, bound), plan.fewest, frequency)


def _check_names(level: float, bound: str) -> None:
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    if bound not in _BOUNDS:
        message = f"bound must be one of {', '.join(_BOUNDS)}, not {bound!r}"
        raise ValueError(message)


def _exposure(populations: ArrayLike | None, table: Floats) -> Floats:
    if populations is None:
        return np.ones((1, table.shape[1]))
    given = np.asarray(populations, dtype=np.float64)
    if not ((given > 0) & np.isfinite(given)).all():
        message = "populations must be known and above zero"
        raise ValueError(message)
    try:
        return np.array(np.broadcast_to(given, table.shape), order="C")
    except ValueError:
        message = f"populations must have shape {table.shape}, not {given.shape}"
        raise ValueError(message) from None


def _first(start: int | None, frequency: int, plan: Baseline) -> int:
    earliest = frequency * plan.years + plan.half_window
    first = earliest if start is None else start
    if first < earliest:
        message = f"start must leave {earliest} periods before it, not {first}"
        raise ValueError(message)
    return first


def _pattern(frequency: int, plan: Baseline) -> Pattern:
    """Weeks of the baseline and their groups; the group of the week judged is last."""
    from convive.stats._kernels.baseline import Pattern

    w = plan.half_window
    between = frequency - 2 * w - 1
    if plan.seasons > 1 and between < plan.seasons - 1:
        message = f"seasons must be at most {between + 1} for this frequency and window"
        raise ValueError(message)
    blocks = [np.full(2 * w + 1, plan.seasons - 1)]
    for number, block in enumerate(
        np.array_split(np.arange(max(between, 0)), max(plan.seasons - 1, 1))
    ):
        blocks.append(np.full(len(block), number if plan.seasons > 1 else -1))
    year = np.concatenate(blocks)[:frequency]
    group = np.append(np.tile(year, plan.years), np.full(w, plan.seasons - 1))
    back = np.arange(-frequency * plan.years - w, 0)
    used = (group >= 0) & (back < -plan.recent)
    group, back = group[used], back[used]
    if plan.seasons - 1 not in group:
        message = f"recent leaves out the whole baseline: {plan.recent} periods"
        raise ValueError(message)
    breaks = (np.diff(group) != 0) | (np.diff(back) != 1)
    first = np.append(0, np.flatnonzero(breaks) + 1)
    ends = np.append(first[1:], len(group))
    runs = np.column_stack([first, ends, group[first]])
    return Pattern(back, back / frequency, group, runs, float(frequency))


def _rules(pattern: Pattern, plan: Baseline) -> Rules:
    """Student's t that the trend must exceed, for each number of degrees of freedom."""
    from scipy.special import stdtrit

    from convive.stats._kernels.baseline import Rules

    free = np.arange(len(pattern.back) + 1, dtype=np.float64)
    certain = np.full(len(free), np.inf)
    if plan.years >= 3 and plan.trend_level >= 1:
        certain[:] = -1.0
    elif plan.years >= 3 and plan.trend_level > 0:
        certain = np.asarray(stdtrit(np.maximum(free, 1), 1 - plan.trend_level / 2))
    return Rules(float(plan.outlying), certain, plan.is_as_surveillance)


def _judged(
    table: Floats,
    fit: Floats,
    how: tuple[float, Bound],
    fewest: tuple[int, int],
    frequency: int,
) -> Alarms:
    mean, phi, error = fit
    first = table.shape[1] - mean.shape[1]
    observed = table[:, first:]
    lacking = _lacking(table, first, fewest)
    upper = _upper(mean, phi, error, how)
    chance = chance_above(np.maximum(upper, lacking - 1), mean, phi)
    enough = (np.nan_to_num(observed) >= lacking) & np.isfinite(upper)
    p = _p_value(observed, fit, how)
    judged = {
        "expected": np.where(enough, mean, np.nan),
        "upper_bound": np.where(enough, upper, np.nan),
        "p_value": np.where(enough, p, np.nan),
        "false_alarm_chance": chance,
    }
    whole = {name: np.full(table.shape, np.nan) for name in judged}
    for name, value in judged.items():
        whole[name][:, first:] = value
    with np.errstate(invalid="ignore"):
        alarm = table > whole["upper_bound"]
    return Alarms(observed=table, alarm=alarm, frequency=frequency, **whole)


def _lacking(table: Floats, first: int, fewest: tuple[int, int]) -> Floats:
    """What must come in a period for the latest ones to be enough to judge."""
    least, span = fewest
    end = table.shape[1]
    lacking = np.full((len(table), end - first), float(least))
    for lag in range(1, min(span, first + 1)):
        lacking -= np.nan_to_num(table[:, first - lag : end - lag])
    return lacking


def _p_value(observed: Floats, fit: Floats, how: tuple[float, Bound]) -> Floats:
    mean, phi, error = fit
    level, bound = how
    if bound == "two_thirds_power":
        return _p_of_power(observed, mean, phi, error)
    centre = _raised(mean, error, level) if bound == "uncertain_mean" else mean
    return chance_above(observed - 1, centre, phi)


def _raised(mean: Floats, error: Floats, level: float) -> Floats:
    from scipy.special import ndtri

    with np.errstate(over="ignore", invalid="ignore"):
        raised = mean * np.exp(ndtri(level) * error)
    return np.where(np.isfinite(raised), raised, np.nan)


def _power_error(mean: Floats, phi: Floats, error: Floats) -> Floats:
    """Standard error of the two-thirds power of a count about its expected one."""
    known = np.where(mean > 0, error, 0.0)
    return np.asarray(2 / 3 * mean ** (1 / 6) * np.sqrt(phi + mean * known**2))


def _p_of_power(table: Floats, mean: Floats, phi: Floats, error: Floats) -> Floats:
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        z = (table ** (2 / 3) - mean ** (2 / 3)) / _power_error(mean, phi, error)
    return np.asarray(ndtr(-z))


def _upper(
    mean: Floats, phi: Floats, error: Floats, how: tuple[float, Bound]
) -> Floats:
    from scipy.special import ndtri

    level, bound = how
    if bound == "two_thirds_power":
        far = ndtri(level) * _power_error(mean, phi, error)
        return np.asarray(np.maximum(mean ** (2 / 3) + far, 0) ** 1.5)
    centre = _raised(mean, error, level) if bound == "uncertain_mean" else mean
    return _quantile(level, centre, phi)


def _quantile(level: float, mean: Floats, phi: Floats) -> Floats:
    from scipy.stats import nbinom, poisson

    upper = np.full(mean.shape, np.nan)
    narrow = phi <= 1
    upper[narrow] = poisson.ppf(level, mean[narrow])
    wide = (phi > 1) & (mean > 0)
    upper[wide] = nbinom.ppf(level, mean[wide] / (phi[wide] - 1), 1 / phi[wide])
    upper[(phi > 1) & (mean == 0)] = 0.0
    return upper
