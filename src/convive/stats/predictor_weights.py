"""How much each covariate counts when a synthetic twin is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# The fit at given weights is exact, so that the search sees no noise.
_TOLERANCE = 1e-12
# What the other covariates keep where one leads: exp(-4) of its weight.
_LEAD = 4.0
_STEP = 2.0
_TRIES_A_COVARIATE = 400
# Logarithm of the least weight beside the largest; below it there is only rounding.
_LEAST = -16.0


@dataclass(frozen=True)
class PredictorBalance:
    """How near the synthetic twin comes to the treated unit's covariates."""

    weights: Floats  # (covariates,), sum one
    treated: Floats
    synthetic: Floats
    donor_mean: Floats

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {
            "covariate": np.arange(len(self.weights)),
            "weight": self.weights,
            "treated": self.treated,
            "synthetic": self.synthetic,
            "donor_mean": self.donor_mean,
        }
        return pl.DataFrame(columns)


def checked_covariates(covariates: ArrayLike, units: int) -> Floats:
    table = np.asarray(covariates, dtype=np.float64)
    if table.ndim != 2 or len(table) != units or not table.shape[1]:
        message = (
            f"covariates must have a row for each of the {units} units and a column a "
            f"covariate, not shape {table.shape}"
        )
        raise ValueError(message)
    if not np.isfinite(table).all():
        message = "covariates must be finite; leave out covariates that are unknown"
        raise ValueError(message)
    same = np.flatnonzero(np.ptp(table, axis=0) == 0)
    if same.size:
        message = f"covariates must differ between units; column {same[0]} does not"
        raise ValueError(message)
    return table


def checked_weights(predictor_weights: ArrayLike, covariates: int) -> Floats:
    weights = np.asarray(predictor_weights, dtype=np.float64)
    if weights.shape != (covariates,):
        message = (
            f"predictor_weights must hold one weight a covariate: {covariates}, not "
            f"shape {weights.shape}"
        )
        raise ValueError(message)
    if not np.isfinite(weights).all() or weights.min() < 0 or weights.sum() == 0:
        message = "predictor_weights must be zero or more and not all zero"
        raise ValueError(message)
    return np.asarray(weights / weights.sum())


def fit_covariates(
    covariates: Floats, before: Floats, treated: int, given: Floats | None
) -> tuple[Floats, Floats]:
    """Weights of the units, and of the covariates unless these are given."""
    from convive.stats._kernels.simplex import fit_one

    scaled = covariates - covariates.mean(axis=0)
    scaled /= scaled.std(axis=0, ddof=1)
    may_give = np.arange(len(scaled)) != treated

    def units_at(weights: Floats) -> Floats:
        gram = (scaled * weights) @ scaled.T
        found: Floats = fit_one(gram, gram[treated], may_give, _TOLERANCE)[0]
        return found

    def loss(logs: Floats) -> float:
        gap = before[treated] - units_at(_shares(logs)) @ before
        return float(gap @ gap) / len(gap)

    if given is None:
        given = _shares(_lowest(loss, _starts(scaled, before)))
    return units_at(given), given


def _shares(logs: Floats) -> Floats:
    weights = np.exp(np.maximum(logs - logs.max(), _LEAST))
    return np.asarray(weights / weights.sum())


def _starts(scaled: Floats, before: Floats) -> list[Floats]:
    """All alike, as a regression of the outcomes has them, and each one leading."""
    count = scaled.shape[1]
    design = np.column_stack([np.ones(len(scaled)), scaled])
    slopes = np.linalg.lstsq(design, before, rcond=None)[0][1:]
    squares = (slopes**2).sum(axis=1)
    regression = np.log(squares + squares.mean() * 1e-6 + 1e-300)
    return [np.zeros(count), regression, *(_LEAD * np.eye(count))]


def _lowest(loss: Callable[[Floats], float], starts: list[Floats]) -> Floats:
    """Nelder and Mead (1965) from each start, and once more from the best."""
    from scipy.optimize import minimize

    count = len(starts[0])
    tries = _TRIES_A_COVARIATE * count
    enough = 1e-9 * loss(starts[0])

    def descend(start: Floats) -> tuple[float, Floats]:
        corners = np.vstack([start, start + _STEP * np.eye(count)])
        found = minimize(
            loss,
            start,
            method="Nelder-Mead",
            options={
                "adaptive": True,
                "initial_simplex": corners,
                "maxfev": tries,
                "maxiter": tries,
                "xatol": 1e-4,
                "fatol": enough,
            },
        )
        return float(found.fun), found.x

    best = min((descend(start) for start in starts), key=lambda found: found[0])
    return min(best, descend(best[1]), key=lambda found: found[0])[1]
