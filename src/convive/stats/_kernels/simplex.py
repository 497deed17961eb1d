"""Least squares over weights that are not negative and sum to one, many at a time.

All problems share one Gram matrix G of the units' series: unit i is fitted by the
others through G's row i. An active set is solved exactly and changed one unit at a
time, as Lawson and Hanson (1974) do for weights without the sum; the gap to the
optimum is then known, not hoped for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# Keeps the equations solvable when more units than periods are in the set.
_RIDGE = 1e-12
_STEPS_A_UNIT = 20


@njit(cache=True)
def _solve_in(
    gram: Floats, target: Floats, members: NDArray[np.int64]
) -> Floats:  # pragma: no cover - compiled
    """Best weights of the members that sum to one, of any sign."""
    size = len(members)
    left = np.zeros((size + 1, size + 1))
    right = np.ones(size + 1)
    for row in range(size):
        for column in range(size):
            left[row, column] = gram[members[row], members[column]]
        left[row, row] *= 1 + _RIDGE
        left[row, size] = left[size, row] = 1.0
        right[row] = target[members[row]]
    return np.linalg.solve(left, right)[:size]  # type: ignore[return-value]


@njit(cache=True)
def fit_one(
    gram: Floats, target: Floats, may_give: Bools, tolerance: float
) -> tuple[Floats, float]:  # pragma: no cover - compiled
    """Weights of the units that may give, and how far from the optimum they can be."""
    count = len(target)
    weights = np.zeros(count)
    first, lowest = -1, np.inf
    for unit in range(count):
        cost = gram[unit, unit] - 2 * target[unit]
        if may_give[unit] and cost < lowest:
            first, lowest = unit, cost
    weights[first] = 1.0
    members = np.array([first])
    gap = np.inf
    for _step in range(_STEPS_A_UNIT * count):
        slope = -target
        for member in members:
            slope = slope + weights[member] * gram[member]
        best, steepest = -1, np.inf
        for unit in range(count):
            if may_give[unit] and slope[unit] < steepest:
                best, steepest = unit, slope[unit]
        # The objective is the sum of squares: twice the slope of half of it.
        gap = 2 * ((weights * slope).sum() - steepest)
        if gap <= tolerance or weights[best] > 0:
            break
        members = np.append(members, best)
        members = _settle(gram, target, members, weights)
    return weights, gap


@njit(cache=True)
def _settle(
    gram: Floats, target: Floats, members: NDArray[np.int64], weights: Floats
) -> NDArray[np.int64]:  # pragma: no cover - compiled
    """Move to the members' best weights, dropping those that would turn negative."""
    while True:
        wanted = _solve_in(gram, target, members)
        now = weights[members]
        falling = np.flatnonzero(wanted <= 0)
        if not len(falling):
            weights[members] = wanted
            return members
        shares = now[falling] / (now[falling] - wanted[falling] + 1e-300)
        moved = now + shares.min() * (wanted - now)
        moved[falling[shares.argmin()]] = 0.0
        weights[members] = np.maximum(moved, 0.0)
        members = members[moved > 0]


@njit(cache=True, parallel=True)
def fit_each(
    gram: Floats, may_give: Bools, tolerance: float
) -> tuple[Floats, Floats]:  # pragma: no cover - compiled
    """Fit every unit by the others that may give; row i holds unit i's weights."""
    count = len(gram)
    weights = np.zeros((count, count))
    gaps = np.zeros(count)
    for unit in prange(count):
        others = may_give.copy()
        others[unit] = False
        weights[unit], gaps[unit] = fit_one(gram, gram[unit], others, tolerance)
    return weights, gaps


def fit_plainly(
    gram: Floats, target: Floats, may_give: Bools, steps: int = 20_000
) -> Floats:
    """Fit by projected gradient with momentum (Beck and Teboulle, 2009): the twin."""
    allowed = np.flatnonzero(may_give)
    inner, pull = gram[np.ix_(allowed, allowed)], target[allowed]
    size = 1 / np.linalg.eigvalsh(inner)[-1]
    now = before = np.full(len(allowed), 1 / len(allowed))
    speed = 1.0
    for _step in range(steps):
        faster = (1 + np.sqrt(1 + 4 * speed**2)) / 2
        ahead = now + (speed - 1) / faster * (now - before)
        before, speed = now, faster
        now = _onto_simplex(ahead - size * (inner @ ahead - pull))
    weights = np.zeros(len(target))
    weights[allowed] = now
    return weights


def _onto_simplex(point: Floats) -> Floats:
    ordered = np.sort(point)[::-1]
    excess = (np.cumsum(ordered) - 1) / np.arange(1, len(point) + 1)
    lowest = excess[np.flatnonzero(ordered > excess)[-1]]
    nearest: Floats = np.maximum(point - lowest, 0)
    return nearest
