"""A synthetic control whose remaining misfit before the date is taken off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from convive.stats.panel import TOLERANCE, checked_panel, rmspe

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

    Rule = Literal["one-standard-error", "minimum"]

# Penalties tried, from the largest squared singular value of the donors' outcomes down
# to this share of it.
_SMALLEST_SHARE = 1e-8
_PENALTIES = 21


@dataclass(frozen=True)
class AugmentedSyntheticControl:
    """A treated unit beside its synthetic twin, corrected."""

    weights: Floats  # (units,), zero on the treated one; may be negative
    simplex_weights: Floats  # (units,): before the correction
    observed: Floats  # (periods,)
    expected: Floats  # (periods,)
    gap: Floats  # (periods,): observed - expected
    estimate: float  # mean gap after the pre-periods
    simplex_estimate: float  # the same before the correction
    pre_rmspe: float
    post_rmspe: float
    penalty: float
    penalties: Floats  # those tried, falling; empty where one was given
    errors: Floats  # mean squared error of each, out of sample
    standard_errors: Floats  # of these means

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {
            "period": np.arange(len(self.gap)),
            "observed": self.observed,
            "expected": self.expected,
            "gap": self.gap,
        }
        return pl.DataFrame(columns)


def augmented_synthetic_control(
    outcomes: ArrayLike,
    treated: int,
    pre_periods: int,
    *,
    penalty: float | None = None,
    rule: Rule = "one-standard-error",
) -> AugmentedSyntheticControl:
    """Ridge augmented synthetic control of Ben-Michael, Feller and Rothstein (2021).

    Parameters
    ----------
    outcomes : array_like of float, shape (units, periods)
        One row a unit, in the order of time; usually rates.
    treated : int
        Row of the unit where something was done.
    pre_periods : int
        Periods before it was done: the first ones.
    penalty : float, optional
        Ridge penalty, in squared units of the outcome; found by leaving out each
        period before in turn if not given.
    rule : {"one-standard-error", "minimum"}
        Take the largest penalty whose error is within one standard error of the least,
        or that with the least.

    Returns
    -------
    AugmentedSyntheticControl
        In the units of the outcome.

    Raises
    ------
    ValueError
        As `synthetic_control` does; if `penalty` is not positive, or there are fewer
        than three pre-periods to choose it by.

    Notes
    -----
    With :math:`x_1` the treated unit's outcomes before and :math:`X_0` those of the
    donors, less the donors' mean in each period, and :math:`w` the synthetic control,
    :math:`w^{aug} = w + (x_1 - w X_0) (X_0' X_0 + \\lambda I)^{-1} X_0'`. These weights
    sum to one and may be negative: a large :math:`\\lambda` leaves :math:`w` as it is,
    a small one fits the past, noise included, by going outside what donors have shown.

    References
    ----------
    Ben-Michael E., Feller A., Rothstein J. (2021). The augmented synthetic control
    method. Journal of the American Statistical Association 116(536), 1789-1803.

    Examples
    --------
    >>> rates = [[9, 9, 10, 5], [2, 3, 3, 3], [4, 5, 6, 6], [8, 7, 8, 8]]
    >>> fit = augmented_synthetic_control(rates, 0, 3, penalty=1)
    >>> round(fit.simplex_estimate, 2), round(fit.estimate, 2)
    (-3.0, -4.81)
    """
    table = checked_panel(outcomes, treated, pre_periods)
    donors = np.delete(table, treated, axis=0)[:, :pre_periods]
    # One row a unit, the treated first.
    before = np.vstack([table[treated, :pre_periods], donors]) - donors.mean(axis=0)
    tried = errors = spread = np.empty(0)
    _check_rule(rule)
    if penalty is None:
        tried, errors, spread = _cross_validated(before)
        penalty = _chosen(tried, errors, spread, rule)
    if not 0 < penalty < np.inf:
        message = f"penalty must be positive, not {penalty}"
        raise ValueError(message)
    simplex = _simplex_weights(before)
    lean = _lean(before, simplex, np.array([penalty]))[0]
    others = np.arange(len(table)) != treated
    weights, plain = np.zeros(len(table)), np.zeros(len(table))
    plain[others] = simplex
    weights[others] = simplex + before[1:] @ lean
    expected = weights @ table
    gap = table[treated] - expected
    pre, post = rmspe(gap, pre_periods)
    simplex_gap = table[treated] - plain @ table
    return AugmentedSyntheticControl(
        weights=weights,
        simplex_weights=plain,
        observed=table[treated],
        expected=expected,
        gap=gap,
        estimate=float(gap[pre_periods:].mean()),
        simplex_estimate=float(simplex_gap[pre_periods:].mean()),
        pre_rmspe=float(pre),
        post_rmspe=float(post),
        penalty=float(penalty),
        penalties=tried,
        errors=errors,
        standard_errors=spread,
    )


def _simplex_weights(before: Floats) -> Floats:
    """Weights of the donors that follow the first row."""
    from convive.stats._kernels.simplex import fit_one

    may_give = np.arange(len(before)) > 0
    gram = before @ before.T
    tolerance = TOLERANCE * (float(before.var()) or 1.0)
    weights: Floats = fit_one(gram, gram[0], may_give, tolerance)[0]
    return weights[1:]


def _lean(before: Floats, simplex: Floats, penalties: Floats) -> Floats:
    """Ridge coefficients of the misfit, (penalties, periods)."""
    treated, donors = before[0], before[1:]
    values, vectors = np.linalg.eigh(donors.T @ donors)
    along = (treated - simplex @ donors) @ vectors
    shrunk = along / (np.maximum(values, 0) + penalties[:, None])
    return np.asarray(shrunk @ vectors.T)


def _cross_validated(before: Floats) -> tuple[Floats, Floats, Floats]:
    """Squared error of each period foretold by the others: mean and its error."""
    periods = before.shape[1]
    if periods < 3:
        message = (
            "pre_periods must be at least 3 to choose a penalty by leaving one out"
        )
        raise ValueError(message)
    largest = float(np.linalg.norm(before[1:], ord=2)) ** 2 or 1.0
    penalties = np.geomspace(largest, largest * _SMALLEST_SHARE, _PENALTIES)
    squares = np.empty((periods, len(penalties)))
    for period in range(periods):
        rest = np.delete(before, period, axis=1)
        simplex = _simplex_weights(rest)
        own, donors = before[0, period], before[1:, period]
        reach = _lean(rest, simplex, penalties) @ (rest[1:].T @ donors)
        squares[period] = (own - simplex @ donors - reach) ** 2
    spread = squares.std(axis=0, ddof=1) / np.sqrt(periods)
    return penalties, squares.mean(axis=0), spread


def _check_rule(rule: str) -> None:
    if rule not in ("one-standard-error", "minimum"):
        message = f"rule must be one-standard-error or minimum, not {rule!r}"
        raise ValueError(message)


def _chosen(penalties: Floats, errors: Floats, spread: Floats, rule: Rule) -> float:
    least = int(errors.argmin())
    allowed = errors[least] + (spread[least] if rule == "one-standard-error" else 0.0)
    return float(penalties[errors <= allowed].max())
