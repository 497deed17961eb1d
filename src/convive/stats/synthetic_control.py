"""What would have happened: a weighted mean of places where nothing was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# Largest distance from the optimal sum of squares, in squared units of the outcome,
# for outcomes of unit variance.
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class SyntheticControl:
    """A treated unit beside its synthetic twin."""

    weights: Floats  # (units,), zero on the treated one
    observed: Floats  # (periods,)
    expected: Floats  # (periods,): the synthetic twin
    gap: Floats  # (periods,): observed - expected
    estimate: float  # mean gap after the pre-periods
    pre_rmspe: float
    post_rmspe: float
    ratio: float  # post over pre

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {
            "period": np.arange(len(self.gap)),
            "observed": self.observed,
            "expected": self.expected,
            "gap": self.gap,
        }
        return pl.DataFrame(columns)


@dataclass(frozen=True)
class PlaceboTest:
    """The treated unit's gap among those of units where nothing was done."""

    estimate: float
    p_value: float
    smallest_p_value: float  # that so many units allow
    ratio: Floats  # (units,): post over pre RMSPE
    pre_rmspe: Floats  # (units,)
    gap: Floats  # (units, periods)
    weights: Floats  # (units, units)

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {
            "unit": np.arange(len(self.ratio)),
            "pre_rmspe": self.pre_rmspe,
            "ratio": self.ratio,
        }
        return pl.DataFrame(columns)


def synthetic_control(
    outcomes: ArrayLike, treated: int, pre_periods: int
) -> SyntheticControl:
    """Synthetic control of Abadie, Diamond and Hainmueller (2010), on outcomes.

    Parameters
    ----------
    outcomes : array_like of float, shape (units, periods)
        One row a unit, in the order of time; usually rates.
    treated : int
        Row of the unit where something was done.
    pre_periods : int
        Periods before it was done: the first ones.

    Returns
    -------
    SyntheticControl
        In the units of the outcome.

    Raises
    ------
    ValueError
        If a value is missing, there are fewer than two donors or two pre-periods, or
        no period follows them.

    Notes
    -----
    :math:`\\min_w \\sum_{t \\le T_0} (y_{1t} - \\sum_j w_j y_{jt})^2` with
    :math:`w \\ge 0, \\sum w = 1`. All pre-periods count alike; no covariates.

    References
    ----------
    Abadie A., Diamond A., Hainmueller J. (2010). Synthetic control methods for
    comparative case studies. Journal of the American Statistical Association
    105(490), 493-505.

    Examples
    --------
    >>> rates = [[3, 4, 1], [2, 3, 5], [4, 5, 7], [9, 9, 9]]
    >>> fit = synthetic_control(rates, 0, 2)
    >>> fit.weights.round(2).tolist(), round(fit.estimate, 2)
    ([0.0, 0.5, 0.5, 0.0], -5.0)
    """
    from convive.stats._kernels.simplex import fit_one

    table = checked_panel(outcomes, treated, pre_periods)
    gram, scale = _gram(table[:, :pre_periods])
    may_give = np.arange(len(table)) != treated
    weights, _gap = fit_one(gram, gram[treated], may_give, _TOLERANCE)
    expected = weights @ table
    gap = table[treated] - expected
    pre, post = _rmspe(gap[None, :], pre_periods)
    return SyntheticControl(
        weights=weights,
        observed=table[treated],
        expected=expected,
        gap=gap,
        estimate=float(gap[pre_periods:].mean()),
        pre_rmspe=float(pre[0]),
        post_rmspe=float(post[0]),
        ratio=float(_ratio(pre, post, scale)[0]),
    )


def placebo_test(outcomes: ArrayLike, treated: int, pre_periods: int) -> PlaceboTest:
    """Placebo test in space of Abadie, Diamond and Hainmueller (2010).

    Parameters
    ----------
    outcomes : array_like of float, shape (units, periods)
        One row a unit, in the order of time.
    treated : int
        Row of the unit where something was done.
    pre_periods : int
        Periods before it was done: the first ones.

    Returns
    -------
    PlaceboTest
        Each unit fitted by the untreated others.

    Raises
    ------
    ValueError
        As `synthetic_control` does.

    Notes
    -----
    With :math:`r_i` the ratio of the root mean squared gap after to that before,
    :math:`p = \\#\\{i : r_i \\ge r_1\\} / (J + 1)` over the J donors and the treated
    unit itself, so that :math:`1/(J + 1)` is the smallest there can be.

    References
    ----------
    Abadie A., Diamond A., Hainmueller J. (2010). Synthetic control methods for
    comparative case studies. Journal of the American Statistical Association
    105(490), 493-505.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rates = rng.normal(50, 1, (10, 20))
    >>> rates[0, 12:] -= 20
    >>> placebo_test(rates, 0, 12).p_value
    0.1
    """
    from convive.stats._kernels.simplex import fit_each

    table = checked_panel(outcomes, treated, pre_periods)
    gram, scale = _gram(table[:, :pre_periods])
    may_give = np.arange(len(table)) != treated
    weights, _gaps = fit_each(gram, may_give, _TOLERANCE)
    gap = table - weights @ table
    pre, post = _rmspe(gap, pre_periods)
    ratio = _ratio(pre, post, scale)
    return PlaceboTest(
        estimate=float(gap[treated, pre_periods:].mean()),
        p_value=float((ratio >= ratio[treated]).mean()),
        smallest_p_value=1 / len(table),
        ratio=ratio,
        pre_rmspe=pre,
        gap=gap,
        weights=weights,
    )


def checked_panel(outcomes: ArrayLike, treated: int, pre_periods: int) -> Floats:
    table = np.asarray(outcomes, dtype=np.float64)
    if table.ndim != 2 or len(table) < 3:
        message = "outcomes must have a row a unit, at least three: one and two donors"
        raise ValueError(message)
    if not np.isfinite(table).all():
        message = "outcomes must be finite; leave out units or periods that are unknown"
        raise ValueError(message)
    if not 0 <= treated < len(table):
        message = f"treated must be a row from 0 to {len(table) - 1}, not {treated}"
        raise ValueError(message)
    if not 2 <= pre_periods < table.shape[1]:
        message = (
            f"pre_periods must lie between 2 and {table.shape[1] - 1}, so that a "
            f"period follows, not {pre_periods}"
        )
        raise ValueError(message)
    return table


def _gram(before: Floats) -> tuple[Floats, float]:
    """Products of the units' series, scaled and centred: neither moves the optimum.

    Weights sum to one, so a number taken from all units in a period cancels out.
    """
    centred = before - before.mean(axis=0)
    scale = float(centred.std()) or 1.0
    centred = np.ascontiguousarray(centred / scale)
    return centred @ centred.T, scale


def _rmspe(gap: Floats, pre_periods: int) -> tuple[Floats, Floats]:
    squares = gap**2
    before, after = squares[:, :pre_periods], squares[:, pre_periods:]
    return np.sqrt(before.mean(axis=1)), np.sqrt(after.mean(axis=1))


def _ratio(pre: Floats, post: Floats, scale: float) -> Floats:
    # A perfect fit before leaves only rounding to divide by.
    return post / np.maximum(pre, scale * 1e-9)
