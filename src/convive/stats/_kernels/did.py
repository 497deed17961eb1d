"""Synthetic difference in differences for many sets of treated rows of one panel.

The tables that all sets share are made once. What a set's own rows add to them is
taken off again, so that no set makes a matrix anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, prange

from convive.stats._kernels.simplex import fit_from, fit_one

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]

# Keeps the time weights unique; the authors' value.
_TIME_PENALTY = 1e-6
# Distance from the optimum, as a share of the variance of the differences.
_TOLERANCE = 1e-10


class Panel(NamedTuple):
    """What all sets of rows share."""

    before: Floats  # (rows, pre-periods), less the mean of each period
    after: Floats  # (rows,): mean of the later periods, less the mean of all rows
    gram: Floats  # (rows, rows) products of rows less their own means
    scatter: Floats  # (pre-periods, pre-periods)
    pull: Floats  # (pre-periods,): products of the periods with `after`
    steps: Floats  # (rows, 2): sums of the month to month differences, and squares
    later_periods: int
    first_times: Floats  # (pre-periods,): time weights to begin with


def shared_tables(table: Floats, pre_periods: int) -> Panel:
    """Sum and multiply once."""
    before = table[:, :pre_periods] - table[:, :pre_periods].mean(axis=0)
    after = table[:, pre_periods:].mean(axis=1)
    after = after - after.mean()
    by_row = before - before.mean(axis=1, keepdims=True)
    steps = np.diff(table[:, :pre_periods], axis=1)
    sums = np.stack([steps.sum(axis=1), (steps**2).sum(axis=1)], axis=1)
    scatter, pull = before.T @ before, before.T @ after
    later = table.shape[1] - pre_periods
    start = np.full(pre_periods, 1 / pre_periods)
    gram = by_row @ by_row.T
    shared = Panel(before, after, gram, scatter, pull, sums, later, start)
    nobody = np.zeros(0, dtype=np.int64)
    return shared._replace(first_times=time_weights(shared, nobody))


@njit(cache=True)
def noise_of(panel: Panel, treated: Longs) -> float:  # pragma: no cover - compiled
    """Standard deviation of the differences of the rows that are not treated."""
    kept = np.ones(len(panel.steps), dtype=np.bool_)
    kept[treated] = False
    count = kept.sum() * (panel.before.shape[1] - 1)
    total, squares = 0.0, 0.0
    for row in np.flatnonzero(kept):
        total += panel.steps[row, 0]
        squares += panel.steps[row, 1]
    spread = max(squares - total * total / count, 0.0)
    return float(np.sqrt(spread / (count - 1)))


@njit(cache=True)
def time_weights(panel: Panel, treated: Longs) -> Floats:  # pragma: no cover - compiled
    """Simplex weights of pre-periods that follow, in the donors, the later mean."""
    rows, periods = panel.before.shape
    donors = rows - len(treated)
    total, later = np.zeros(periods), 0.0
    scatter, pull = panel.scatter.copy(), panel.pull.copy()
    for row in treated:
        series, last = panel.before[row], panel.after[row]
        total += series
        later += last
        pull -= series * last
        for period in range(periods):
            scatter[period] -= series[period] * series
    # The donors' own means are no longer zero.
    pull -= total * later / donors
    for period in range(periods):
        scatter[period] -= total[period] * total / donors
    # Each period is one giver: its mean over the donors was taken off already.
    noise = noise_of(panel, treated)
    weights = panel.first_times.copy()
    everyone = np.ones(periods, dtype=np.bool_)
    scale = noise * noise if noise > 0 else 1.0
    penalty = _TIME_PENALTY * _TIME_PENALTY * noise * noise * donors
    fit_from(scatter, pull, everyone, _TOLERANCE * scale, penalty, weights)
    return weights


@njit(cache=True)
def unit_weights(panel: Panel, treated: Longs) -> Floats:  # pragma: no cover - compiled
    """Simplex weights of the donors that follow, but for a level, the treated mean."""
    rows, periods = panel.before.shape
    may_give = np.ones(rows, dtype=np.bool_)
    target = np.zeros(rows)
    for row in treated:
        may_give[row] = False
        target += panel.gram[row] / len(treated)
    noise = noise_of(panel, treated)
    scale = noise * noise if noise > 0 else 1.0
    penalty = np.sqrt(len(treated) * panel.later_periods) * noise * noise * periods
    weights, _gap = fit_one(panel.gram, target, may_give, _TOLERANCE * scale, penalty)
    return weights


@njit(cache=True, parallel=True)
def fit_sets(
    panel: Panel, sets: Longs
) -> tuple[Floats, Floats, Floats]:  # pragma: no cover - compiled
    """Estimate, unit weights and time weights of each set of treated rows."""
    rows, periods = panel.before.shape
    estimates = np.empty(len(sets))
    units, times = np.empty((len(sets), rows)), np.empty((len(sets), periods))
    for place in prange(len(sets)):
        treated = sets[place]
        of_time = time_weights(panel, treated)
        of_units = unit_weights(panel, treated)
        contrast = -of_units
        contrast[treated] += 1 / len(treated)
        effect = 0.0
        for row in np.flatnonzero(contrast):
            change = panel.after[row] - (of_time * panel.before[row]).sum()
            effect += contrast[row] * change
        estimates[place] = effect
        units[place], times[place] = of_units, of_time
    return estimates, units, times


def fit_plainly(
    table: Floats, pre_periods: int, treated: Longs
) -> tuple[float, Floats, Floats]:
    """One set, from its definition, by projected gradient: the twin."""
    from convive.stats._kernels import simplex

    donors = np.delete(table, treated, axis=0)
    series = table[treated].mean(axis=0)
    before, after = donors[:, :pre_periods], donors[:, pre_periods:].mean(axis=1)
    noise = float(np.diff(before, axis=1).std(ddof=1))
    many = len(treated) * (table.shape[1] - pre_periods)
    penalties = (
        np.sqrt(many) * noise**2 * pre_periods,
        (_TIME_PENALTY * noise) ** 2 * len(donors),
    )
    weights = []
    for givers, wanted, penalty in zip(
        (before, before.T), (series[:pre_periods], after), penalties, strict=True
    ):
        centred = givers - givers.mean(axis=1, keepdims=True)
        gram = centred @ centred.T + penalty * np.eye(len(givers))
        everyone = np.ones(len(givers), dtype=np.bool_)
        weights.append(
            simplex.fit_plainly(gram, centred @ (wanted - wanted.mean()), everyone)
        )
    of_units, of_time = weights
    own = series[pre_periods:].mean() - of_time @ series[:pre_periods]
    others = of_units @ (after - before @ of_time)
    return float(own - others), of_units, of_time
