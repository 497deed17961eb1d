"""What would have happened: a weighted mean of places where nothing was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.panel import TOLERANCE, checked_panel, gram_of, ratio_of, rmspe
from convive.stats.predictor_weights import (
    PredictorBalance,
    checked_covariates,
    checked_weights,
    fit_covariates,
)

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


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
    balance: PredictorBalance | None = None  # where covariates were given

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {
            "period": np.arange(len(self.gap)),
            "observed": self.observed,
            "expected": self.expected,
            "gap": self.gap,
        }
        return pl.DataFrame(columns)


def synthetic_control(
    outcomes: ArrayLike,
    treated: int,
    pre_periods: int,
    *,
    covariates: ArrayLike | None = None,
    predictor_weights: ArrayLike | None = None,
) -> SyntheticControl:
    """Synthetic control of Abadie, Diamond and Hainmueller (2010).

    Parameters
    ----------
    outcomes : array_like of float, shape (units, periods)
        One row a unit, in the order of time; usually rates.
    treated : int
        Row of the unit where something was done.
    pre_periods : int
        Periods before it was done: the first ones.
    covariates : array_like of float, shape (units, covariates), optional
        What the twin should resemble, in any units: means of the years before, single
        years of the outcome. Without them it resembles the outcome in all pre-periods.
    predictor_weights : array_like of float, shape (covariates,), optional
        How much each covariate counts; found by the fit before if not given.

    Returns
    -------
    SyntheticControl
        In the units of the outcome; with covariates, `balance` holds their weights and
        their values in the treated unit, its twin and the mean of the donors.

    Raises
    ------
    ValueError
        If a value is missing, there are fewer than two donors or two pre-periods, no
        period follows them, or a covariate is the same everywhere.

    Notes
    -----
    :math:`\\min_w \\sum_k v_k (x_{1k} - \\sum_j w_j x_{jk})^2` with
    :math:`w \\ge 0, \\sum w = 1`. Without covariates, the :math:`x` are the outcomes of
    the pre-periods and all count alike. Covariates are divided by their standard
    deviation, and :math:`v \\ge 0, \\sum v = 1` is what makes
    :math:`\\sum_{t \\le T_0} (y_{1t} - \\sum_j w_j(v) y_{jt})^2` least: for each
    :math:`v` the :math:`w` are exact, and :math:`\\log v` is sought by the simplex
    search of Nelder and Mead (1965) from several fixed starts. That outer problem may
    have many answers: trust the :math:`w` more than the :math:`v`, and give `outcomes`
    from a later period to seek :math:`v` in later years alone.

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
    >>> traits = [[31, 5.5], [30, 6], [34, 4], [50, 2]]  # poverty, years of school
    >>> fit = synthetic_control(
    ...     rates, 0, 2, covariates=traits, predictor_weights=[1, 1]
    ... )
    >>> fit.weights.round(2).tolist()
    [0.0, 0.75, 0.25, 0.0]
    """
    table = checked_panel(outcomes, treated, pre_periods)
    before = table[:, :pre_periods]
    if covariates is None:
        if predictor_weights is not None:
            message = "predictor_weights must come with the covariates they weigh"
            raise ValueError(message)
        return _beside(table, _fit_outcomes(before, treated), treated, pre_periods)
    traits = checked_covariates(covariates, len(table))
    given = None
    if predictor_weights is not None:
        given = checked_weights(predictor_weights, traits.shape[1])
    weights, shares = fit_covariates(traits, before, treated, given)
    balance = PredictorBalance(
        weights=shares,
        treated=traits[treated],
        synthetic=weights @ traits,
        donor_mean=np.delete(traits, treated, axis=0).mean(axis=0),
    )
    return _beside(table, weights, treated, pre_periods, balance)


def _fit_outcomes(before: Floats, treated: int) -> Floats:
    from convive.stats._kernels.simplex import fit_one

    gram = gram_of(before)
    may_give = np.arange(len(before)) != treated
    weights: Floats = fit_one(gram, gram[treated], may_give, TOLERANCE)[0]
    return weights


def _beside(
    table: Floats,
    weights: Floats,
    treated: int,
    pre_periods: int,
    balance: PredictorBalance | None = None,
) -> SyntheticControl:
    expected = weights @ table
    gap = table[treated] - expected
    pre, post = rmspe(gap, pre_periods)
    return SyntheticControl(
        weights=weights,
        observed=table[treated],
        expected=expected,
        gap=gap,
        estimate=float(gap[pre_periods:].mean()),
        pre_rmspe=float(pre),
        post_rmspe=float(post),
        ratio=float(ratio_of(pre, post, table[:, :pre_periods])),
        balance=balance,
    )
