"""Log-linear models of cases that stand on several lists."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_STEPS = 60
_SETTLED = 1e-9
_LARGEST = 30.0  # logarithm of a cell
# A cell this close to nothing is on its way to it: the likelihood has no maximum.
_NOTHING = 1e-6


@dataclass(frozen=True)
class ListFits:
    """One row a model: which pairs of lists depend on each other, and what follows."""

    pairs: Bools  # (models, pairs)
    unseen: Floats
    variance: Floats  # of the number in all
    deviance: Floats
    log_likelihood: Floats
    parameters: Floats
    is_estimable: Bools


def pairs_of(lists: int) -> list[tuple[int, int]]:
    return list(combinations(range(lists), 2))


def fit_all(table: Floats) -> ListFits:
    """Fit every model of pairs to a table of shape (2,) * lists less its first cell.

    All are fitted side by side by Newton's method; what a model leaves out is held at
    zero by a unit diagonal.
    """
    lists = table.ndim
    cells = np.array(list(np.ndindex(table.shape)))[1:].astype(np.float64)
    count = table.ravel()[1:]
    pairs = pairs_of(lists)
    products = np.column_stack([cells[:, i] * cells[:, j] for i, j in pairs])
    design = np.column_stack([np.ones(len(cells)), cells, products])
    chosen = (np.arange(2 ** len(pairs))[:, None] >> np.arange(len(pairs)) & 1) > 0
    within = np.column_stack([np.ones((len(chosen), 1 + lists), dtype=bool), chosen])
    fitted, intercept, spread, is_settled = _newton(design, within, count)
    unseen = np.exp(np.minimum(intercept, _LARGEST))
    likelihood = (count * np.log(fitted) - fitted).sum(axis=1)
    some = count[count > 0]
    full = (some * np.log(some) - some).sum()
    return ListFits(
        pairs=chosen,
        unseen=unseen,
        # Of those unseen by chance, and of what is not known of their mean.
        variance=unseen + unseen**2 * spread,
        deviance=2 * (full - likelihood),
        log_likelihood=likelihood,
        parameters=within.sum(axis=1).astype(np.float64),
        is_estimable=is_settled & (fitted.min(axis=1) > _NOTHING),
    )


def _newton(
    design: Floats, within: Bools, count: Floats
) -> tuple[Floats, Floats, Floats, Bools]:
    """Fitted cells, intercepts and their variances, and which models have settled."""
    # A hair on every diagonal: cells that run to nothing leave the matrix singular.
    held = np.eye(design.shape[1]) * (~within[:, :, None] + 1e-10)
    free = within.astype(np.float64)
    # The first step is the usual one of iteratively reweighted least squares.
    fitted = np.tile(count + 0.5, (len(within), 1))
    response = np.log(fitted) + (count - fitted) / fitted
    coefficients = np.zeros(within.shape)
    for _ in range(_STEPS):
        information = np.einsum("mc,cp,cq->mpq", fitted, design, design, optimize=True)
        information *= free[:, :, None] * free[:, None, :]
        score = ((fitted * response) @ design) * free
        moved = np.linalg.solve(information + held, score[:, :, None])[:, :, 0]
        change = np.abs(moved - coefficients).max(axis=1)
        coefficients = moved
        # A cell that runs away would overflow; its model is left out later.
        line = np.clip(coefficients @ design.T, -_LARGEST, _LARGEST)
        fitted = np.exp(line)
        response = line + (count - fitted) / fitted
        if not (change > _SETTLED).any():
            break
    inverse = np.linalg.inv(information + held)
    return fitted, coefficients[:, 0], inverse[:, 0, 0], change <= _SETTLED
