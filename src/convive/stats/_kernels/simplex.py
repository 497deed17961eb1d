"""Least squares over weights that are not negative and sum to one, many at a time.

All problems share one Gram matrix G of the units' series: unit i is fitted by the
others through G's row i. An active set is solved exactly and changed one unit at a
time, as Lawson and Hanson (1974) do for weights without the sum; the gap to the
optimum is then known, not hoped for. The set's Cholesky factor is kept up to date, so
that a change costs a square, not a cube, of its size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    # Gram matrix, products with the target, penalty of a squared weight, lift.
    Problem = tuple[Floats, Floats, float, float]
    # Members, Cholesky factor of their matrix, its solutions for target and ones.
    Factor = tuple[NDArray[np.int64], Floats, Floats]

# Smallest pivot, as a share of its diagonal: a unit that repeats the others.
_PIVOT = 1e-14
_REPEATED = 1e-10
_STEPS_A_UNIT = 20
# Sums may be taken in any order, which lets the processor take four terms at once.
_ANY_ORDER = {"reassoc", "contract"}


@njit(cache=True, fastmath=_ANY_ORDER)
def _join(
    problem: Problem, factor: Factor, size: int, unit: int
) -> int:  # pragma: no cover - compiled
    gram, target, penalty, lift = problem
    members, root, sides = factor
    row = root[size]
    diagonal = gram[unit, unit] + penalty + lift
    rest, pull, one = diagonal, target[unit], 1.0
    for column in range(size):
        entry = gram[unit, members[column]] + lift
        for before in range(column):
            entry -= row[before] * root[column, before]
        entry /= root[column, column]
        row[column] = entry
        rest -= entry * entry
        pull -= entry * sides[0, column]
        one -= entry * sides[1, column]
    pivot = np.sqrt(max(rest, _PIVOT * diagonal))
    row[size] = pivot
    sides[0, size] = pull / pivot
    sides[1, size] = one / pivot
    members[size] = unit
    return size + 1


@njit(cache=True)
def _leave(factor: Factor, size: int, place: int) -> int:  # pragma: no cover - compiled
    """Take out one member; rotations make the factor triangular again."""
    members, root, sides = factor
    for row in range(place, size - 1):
        members[row] = members[row + 1]
        root[row, : row + 2] = root[row + 1, : row + 2]
    for column in range(place, size - 1):
        length = np.hypot(root[column, column], root[column, column + 1])
        cosine = root[column, column] / length if length > 0 else 1.0
        sine = root[column, column + 1] / length if length > 0 else 0.0
        for table, first, last in ((root, column, size - 1), (sides, 0, 2)):
            for row in range(first, last):
                left, right = table[row, column], table[row, column + 1]
                table[row, column] = cosine * left + sine * right
                table[row, column + 1] = cosine * right - sine * left
    return size - 1


@njit(cache=True)
def _best_of_members(factor: Factor, size: int) -> Floats:  # pragma: no cover
    """Best weights of the members that sum to one, of any sign."""
    _members, root, sides = factor
    ones = sides[1, :size]
    level = (1 - (ones * sides[0, :size]).sum()) / (ones * ones).sum()
    wanted: Floats = sides[0, :size] + level * ones
    for row in range(size - 1, -1, -1):
        wanted[row] /= root[row, row]
        for before in range(row):
            wanted[before] -= wanted[row] * root[row, before]
    return wanted


@njit(cache=True)
def _settle(
    factor: Factor, size: int, weights: Floats
) -> int:  # pragma: no cover - compiled
    """Move to the members' best weights, dropping those that would turn negative."""
    members = factor[0]
    while size > 1:
        wanted = _best_of_members(factor, size)
        share, falling = 1.0, -1
        for place in range(size):
            if wanted[place] <= 0:
                now = weights[members[place]]
                step = now / (now - wanted[place]) if now > 0 else 0.0
                if falling < 0 or step < share:
                    share, falling = step, place
        if falling < 0:
            for place in range(size):
                weights[members[place]] = wanted[place]
            return size
        for place in range(size):
            now = weights[members[place]]
            weights[members[place]] = max(now + share * (wanted[place] - now), 0.0)
        weights[members[falling]] = 0.0
        size = _leave(factor, size, falling)
    weights[members[0]] = 1.0
    return size


@njit(cache=True)
def _steepest(
    problem: Problem,
    members: NDArray[np.int64],
    may_give: Bools,
    weights: Floats,
) -> tuple[int, float]:  # pragma: no cover - compiled
    """The unit that would help most, and the largest distance from the optimum."""
    gram, target, penalty, _lift = problem
    slope = penalty * weights - target
    for member in members:
        weight = weights[member]
        for unit in range(len(slope)):
            slope[unit] += weight * gram[member, unit]
    best, steepest = -1, np.inf
    for unit in range(len(slope)):
        if may_give[unit] and slope[unit] < steepest:
            best, steepest = unit, slope[unit]
    # The objective is the sum of squares: twice the slope of half of it.
    return best, 2 * ((weights * slope).sum() - steepest)


@njit(cache=True)
def fit_from(
    gram: Floats,
    target: Floats,
    may_give: Bools,
    tolerance: float,
    penalty: float,
    weights: Floats,
) -> float:  # pragma: no cover - compiled
    """Improve weights in place until they are optimal; the largest error left."""
    count = len(target)
    # Weights sum to one: a number added to all products moves no optimum, and makes
    # the members' matrix regular whenever none is a mean of the others.
    lift = np.trace(gram) / count + 1e-300
    problem = (gram, target, penalty, lift)
    members = np.empty(count, dtype=np.int64)
    factor = (members, np.empty((count, count)), np.empty((2, count)))
    size = 0
    for unit in range(count):
        if weights[unit] > 0:
            grown = _join(problem, factor, size, unit)
            diagonal = gram[unit, unit] + penalty + lift
            if factor[1][size, size] ** 2 > _REPEATED * diagonal:
                size = grown
            else:
                # A start on a unit that repeats the others leaves nothing to solve.
                weights[unit] = 0.0
    weights /= weights.sum()
    size = _settle(factor, size, weights)
    gap = np.inf
    for _step in range(_STEPS_A_UNIT * count):
        best, gap = _steepest(problem, members[:size], may_give, weights)
        # A member cannot join again: rounding alone makes it look worth it.
        if gap <= tolerance or best in members[:size]:
            break
        size = _settle(factor, _join(problem, factor, size, best), weights)
    return gap


@njit(cache=True)
def fit_one(
    gram: Floats,
    target: Floats,
    may_give: Bools,
    tolerance: float,
    penalty: float = 0.0,
) -> tuple[Floats, float]:  # pragma: no cover - compiled
    """Weights of the units that may give, and how far from the optimum they can be."""
    first, lowest = -1, np.inf
    for unit in range(len(target)):
        cost = gram[unit, unit] - 2 * target[unit]
        if may_give[unit] and cost < lowest:
            first, lowest = unit, cost
    weights = np.zeros(len(target))
    weights[first] = 1.0
    gap = fit_from(gram, target, may_give, tolerance, penalty, weights)
    return weights, gap


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
