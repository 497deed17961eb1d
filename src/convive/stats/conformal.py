"""How large an effect may be, judged by how usual the residuals would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.panel import checked_level, checked_panel, scale_of
from convive.stats.synthetic_control import synthetic_control

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]

# Effects tried: the first this far from the estimate, in root mean squared gaps
# before, and each so many times farther than the one before it.
_NEAREST = 0.02
_FARTHER = 1.05
# Rounding must not tip a share of exactly 1 - level.
_HAIR = 1e-9


@dataclass(frozen=True)
class ConformalInterval:
    """The effect in each period after the date, and on average."""

    estimate: Floats  # (later periods,)
    lower: Floats
    upper: Floats
    p_value: Floats  # of no effect in that period
    average_estimate: float
    average_lower: float
    average_upper: float
    average_p_value: float  # of no effect in any period
    level: float

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {
            "period_after": np.arange(len(self.estimate)),
            "estimate": self.estimate,
            "lower": self.lower,
            "upper": self.upper,
            "p_value": self.p_value,
        }
        return pl.DataFrame(columns)


def conformal_interval(
    outcomes: ArrayLike,
    treated: int,
    pre_periods: int,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
    *,
    permutations: int | None = None,
) -> ConformalInterval:
    """Conformal intervals of Chernozhukov, Wüthrich and Zhu (2021).

    Parameters
    ----------
    outcomes : array_like of float, shape (units, periods)
        One row a unit, in the order of time.
    treated : int
        Row of the unit where something was done.
    pre_periods : int
        Periods before it was done: the first ones.
    level : float
        Confidence level of the intervals.
    rng : numpy.random.Generator, optional
        Draws the permutations, if any; a new one if not given.
    permutations : int, optional
        For the average: shuffle the periods so many times. If not given, the block of
        later periods is moved through time, which keeps runs of like residuals whole.

    Returns
    -------
    ConformalInterval
        In the units of the outcome, for each period alone and for an effect that is
        the same in all. Limits are infinite where so few periods before allow no test
        at this level: a period's interval at 95 % needs 19 of them.

    Raises
    ------
    ValueError
        As `synthetic_control` does; if `level` is not between 0 and 1 or there is
        less than one permutation.

    Notes
    -----
    Suppose an effect :math:`\\theta_0`, take it from the treated unit, fit the
    synthetic control (on outcomes) to all periods, those after included, and let
    :math:`\\hat u_t` be the residuals. With :math:`S(\\hat u) = |\\sum_{t > T_0}
    \\hat u_t|`, :math:`p(\\theta_0)` is the share of permutations :math:`\\pi` with
    :math:`S(\\hat u_\\pi) \\ge S(\\hat u)`. The interval runs from the least to the
    largest :math:`\\theta_0` with :math:`p > 1 -` level, found on a grid that widens by
    5 % a step and then by halving. A period's interval uses the periods before and
    that one.

    Coverage is exact, never less than the level, if periods are exchangeable when there
    is no effect; with a stationary series and a long time before it is about the level.
    Trends that the donors do not share break it.

    References
    ----------
    Chernozhukov V., Wüthrich K., Zhu Y. (2021). An exact and robust conformal inference
    method for counterfactual and synthetic controls. Journal of the American
    Statistical Association 116(536), 1849-1864.

    Examples
    --------
    >>> rates = np.random.default_rng(1).normal(50, 1, (8, 40))
    >>> rates[0, 36:] -= 9
    >>> effect = conformal_interval(rates, 0, 36)
    >>> bool(effect.average_lower < -9 < effect.average_upper < 0)
    True
    """
    table = checked_panel(outcomes, treated, pre_periods)
    limit = 1 - checked_level(level) + _HAIR
    blocks = _blocks(pre_periods, table.shape[1], permutations, rng)
    fit = synthetic_control(table, treated, pre_periods)
    scale = scale_of(table)
    series = (table - table.mean(axis=0)) / scale
    near = _NEAREST * max(fit.pre_rmspe / scale, 1e-6)
    before = np.arange(pre_periods)
    # A period's own interval: that period first, then those before.
    each = np.array(
        [
            _interval(
                series[:, np.append(period, before)],
                treated,
                np.arange(pre_periods + 1)[:, None],
                _around(fit.gap[period] / scale, near, series),
                limit,
            )
            for period in range(pre_periods, table.shape[1])
        ]
    )
    effects = _around(fit.estimate / scale, near, series)
    least, largest, average_p = _interval(series, treated, blocks, effects, limit)
    return ConformalInterval(
        estimate=fit.gap[pre_periods:],
        lower=each[:, 0] * scale,
        upper=each[:, 1] * scale,
        p_value=each[:, 2],
        average_estimate=fit.estimate,
        average_lower=least * scale,
        average_upper=largest * scale,
        average_p_value=average_p,
        level=level,
    )


def _interval(
    series: Floats, treated: int, blocks: Longs, effects: Floats, limit: float
) -> tuple[float, float, float]:
    """Least and largest effect that is usual enough, and how usual none is."""
    from convive.stats._kernels.conformal import ends, share_at

    series = np.ascontiguousarray(series)
    gram = series @ series.T
    weights = np.zeros(len(series))
    # Any donor will do to begin with.
    weights[treated - 1] = 1.0
    share = share_at(0.0, series, gram, treated, blocks, weights)
    if limit < 1 / len(blocks):
        return -np.inf, np.inf, share
    problem = (series, gram, treated, blocks)
    least, largest = ends(effects, limit, problem, weights)
    return least, largest, share


def _around(estimate: float, near: float, series: Floats) -> Floats:
    """Effects to try, out to where none can be usual."""
    farthest = 4 * np.ptp(series) * series.shape[1]
    steps = int(np.ceil(np.log(max(farthest / near, 1.0)) / np.log(_FARTHER))) + 1
    away = near * _FARTHER ** np.arange(steps)
    return np.asarray(estimate + np.concatenate([-away[::-1], [0.0], away]))


def _blocks(
    pre_periods: int,
    periods: int,
    permutations: int | None,
    rng: np.random.Generator | None,
) -> Longs:
    """Periods that take the place of the later ones; the first row is these."""
    later = np.arange(pre_periods, periods)
    if permutations is None:
        return np.asarray((later + np.arange(periods)[:, None]) % periods)
    if permutations < 1:
        message = f"permutations must be at least 1, not {permutations}"
        raise ValueError(message)
    rng = rng if rng is not None else np.random.default_rng()
    drawn = [rng.permutation(periods)[: len(later)] for _ in range(permutations)]
    return np.stack([later, *drawn])
