"""How usual the residuals after a date are, at each effect that one may suppose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from convive.stats._kernels.simplex import fit_from, fit_plainly

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]

_TOLERANCE = 1e-9
# Sums that differ by less, in standard deviations of the outcome, are equal.
_EQUAL = 1e-7
_BISECTIONS = 40


@njit(cache=True)
def share_at(
    effect: float,
    series: Floats,
    gram: Floats,
    treated: int,
    blocks: Longs,
    weights: Floats,
) -> float:  # pragma: no cover - compiled
    """Share of blocks whose residuals add up to as much as those of the first block.

    The effect is taken from the treated unit in the periods of the first block; then
    the synthetic control is fitted to all periods. `weights` are where the search
    begins, and what it found.
    """
    own = series[treated].copy()
    target = gram[treated].copy()
    for period in blocks[0]:
        own[period] -= effect
        for unit in range(len(series)):
            target[unit] -= effect * series[unit, period]
    may_give = np.ones(len(series), dtype=np.bool_)
    may_give[treated] = False
    fit_from(gram, target, may_give, _TOLERANCE, 0.0, weights)
    for giver in np.flatnonzero(weights):
        own -= weights[giver] * series[giver]
    reached, first = 0, 0.0
    for place in range(len(blocks)):
        total = 0.0
        for period in blocks[place]:
            total += own[period]
        if place == 0:
            first = abs(total) - _EQUAL
        reached += abs(total) >= first
    return reached / len(blocks)


@njit(cache=True)
def _edge(
    inside: float,
    outside: float,
    limit: float,
    problem: tuple[Floats, Floats, int, Longs],
    weights: Floats,
) -> float:  # pragma: no cover - compiled
    """Where the share falls to the limit between an effect it holds at and one not."""
    series, gram, treated, blocks = problem
    for _half in range(_BISECTIONS):
        middle = (inside + outside) / 2
        if share_at(middle, series, gram, treated, blocks, weights) > limit:
            inside = middle
        else:
            outside = middle
    return inside


@njit(cache=True)
def ends(
    effects: Floats,
    limit: float,
    problem: tuple[Floats, Floats, int, Longs],
    weights: Floats,
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Least and largest effect whose share is above the limit; NaN where none is."""
    series, gram, treated, blocks = problem
    first, last = -1, -1
    for place in range(len(effects)):
        share = share_at(effects[place], series, gram, treated, blocks, weights)
        if share > limit:
            first = place if first < 0 else first
            last = place
    if first < 0:
        return np.nan, np.nan
    lower, upper = effects[first], effects[last]
    if first > 0:
        lower = _edge(lower, effects[first - 1], limit, problem, weights)
    if last < len(effects) - 1:
        upper = _edge(upper, effects[last + 1], limit, problem, weights)
    return lower, upper


def share_plainly(effect: float, series: Floats, treated: int, blocks: Longs) -> float:
    """The same from its definition, by projected gradient: the twin."""
    changed = series.copy()
    changed[treated, blocks[0]] -= effect
    gram = changed @ changed.T
    may_give = np.arange(len(series)) != treated
    weights = fit_plainly(gram, gram[treated], may_give)
    residual = changed[treated] - weights @ changed
    totals = np.abs(residual[blocks].sum(axis=1))
    return float((totals >= totals[0] - _EQUAL).mean())
