"""Effect on the treated between two periods, and what each unit adds to its error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

Method = Literal["doubly_robust", "regression", "weighting"]
_STEPS = 50
_CLOSE = 1e-10
# Chance of treatment beyond which nobody comparable is left untreated.
_LARGEST_CHANCE = 0.999


def effect_on_treated(
    change: Floats, is_treated: Bools, covariates: Floats, method: Method
) -> tuple[float, Floats]:
    """The effect, and its influence function (mean zero, one value a unit).

    Sant'Anna and Zhao (2020): what the covariates foretell of the change is taken out
    ("regression"), the untreated are weighted to look like the treated ("weighting"),
    or both, which is right if either is. `covariates` begin with a column of ones.
    """
    treated = is_treated.astype(np.float64)
    left, pull = change, np.zeros_like(covariates)
    if method != "weighting":
        left, pull = _residuals(change, treated, covariates)
    share = treated.mean()
    effect = float(treated @ left) / treated.sum()
    mean = (treated[:, None] * covariates).mean(axis=0)
    influence = (treated * (left - effect) - pull @ mean) / share
    if method == "regression":
        return effect, influence
    weight, score = _odds(treated, covariates)
    of_others = float(weight @ left / weight.sum())
    off = weight * (left - of_others)
    drift = (off[:, None] * covariates).mean(axis=0)
    mean = (weight[:, None] * covariates).mean(axis=0)
    others = (off + score @ drift - pull @ mean) / weight.mean()
    return effect - of_others, influence - others


def _residuals(
    change: Floats, treated: Floats, covariates: Floats
) -> tuple[Floats, Floats]:
    """What the untreated would not foretell, and each unit's pull on the forecast."""
    untreated = covariates * (1 - treated)[:, None]
    information = untreated.T @ covariates / len(change)
    if np.linalg.matrix_rank(information) < len(information):
        message = "covariates must not follow from each other among the untreated"
        raise ValueError(message)
    slopes = np.linalg.solve(information, untreated.T @ change / len(change))
    left = change - covariates @ slopes
    return left, _solved(information, untreated * left[:, None])


def _odds(treated: Floats, covariates: Floats) -> tuple[Floats, Floats]:
    """Odds of treatment of the untreated, and each unit's pull on their logit."""
    chance, information = _logit(treated, covariates)
    if (chance > _LARGEST_CHANCE).any():
        message = "covariates must leave every treated unit some like it untreated"
        raise ValueError(message)
    weight = np.where(treated == 0, chance / (1 - chance), 0.0)
    score = (treated - chance)[:, None] * covariates
    return weight, _solved(information, score)


def _solved(information: Floats, rows: Floats) -> Floats:
    return np.asarray(np.linalg.solve(information, rows.T).T, dtype=np.float64)


def _logit(treated: Floats, covariates: Floats) -> tuple[Floats, Floats]:
    slopes = np.zeros(covariates.shape[1])
    chance = np.full(len(treated), 0.5)
    for _step in range(_STEPS):
        spread = covariates * (chance * (1 - chance))[:, None]
        information = spread.T @ covariates / len(treated)
        if np.linalg.matrix_rank(information) < len(information):
            message = "covariates must leave every treated unit some like it untreated"
            raise ValueError(message)
        gradient = covariates.T @ (treated - chance) / len(treated)
        step = np.linalg.solve(information, gradient)
        slopes += step
        chance = 1 / (1 + np.exp(-np.clip(covariates @ slopes, -30, 30)))
        if np.abs(step).max() < _CLOSE:
            break
    return chance, information
