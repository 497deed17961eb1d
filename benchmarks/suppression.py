"""Suppression in 262 x 12 x 10 cells with all totals, beside an integer programme.

The peer is the sequential model of Kelly, Golden and Assad (1992): for each small
count in turn, the fewest events withheld that let a reader's guess rise to the
threshold, solved by HiGHS. It is run whole on a few municipalities, and for a few
cells of the whole table, which is then extrapolated.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, diags_array, hstack

from convive.stats import attack_table, suppress_table
from convive.stats.margins import margins_of

THRESHOLD = 5
TARGET = 10
SHAPE = (262, 12, 10)
EVENTS = 80_000
DEPARTMENTS = 14
# Cells of the whole table given to each slow method, and the longest one may take.
SAMPLE = 3
SECONDS_A_CELL = 60


def invented(shape, events, rng):
    """Events by municipality, month and offence: few large places, many small ones."""
    place = rng.lognormal(0, 1.1, shape[0])[:, None, None]
    offence = rng.lognormal(0, 1, shape[2])
    rate = place * offence * rng.gamma(4, 0.25, (shape[0], 1, shape[2]))
    rate = np.broadcast_to(rate, shape)
    return rng.poisson(rate * events / rate.sum())


def cells_of_programme(equations, counts, cost, cell):
    """Shown cells to withhold for one small count, or None if time runs out."""
    need = THRESHOLD - counts[cell]
    live = np.flatnonzero(counts > 0)
    shown = np.flatnonzero(cost[live] > 0)
    low = np.maximum(1.0 - counts[live], -THRESHOLD * 4)
    high = np.full(len(live), THRESHOLD * 4.0)
    shape = (len(shown), len(live))
    pick = csr_array((np.ones(len(shown)), (np.arange(len(shown)), shown)), shape=shape)
    sums = equations[:, live]
    rules = [
        (hstack([sums, csr_array((sums.shape[0], len(shown)))]), 0, 0),
        (hstack([pick, -diags_array(high[shown])]), -np.inf, 0),
        (hstack([pick, -diags_array(low[shown])]), 0, np.inf),
    ]
    least = np.where(live == cell, need, low)
    answer = milp(
        np.append(np.zeros(len(live)), cost[live][shown]),
        constraints=[LinearConstraint(a.tocsr(), *ends) for a, *ends in rules],
        integrality=np.append(np.zeros(len(live)), np.ones(len(shown))),
        bounds=Bounds(
            np.append(least, np.zeros(len(shown))), np.append(high, np.ones(len(shown)))
        ),
        options={"time_limit": SECONDS_A_CELL},
    )
    if answer.x is None:
        return None
    return live[shown[answer.x[len(live) :] > 0.5]]


def by_programme(counts, margins, only=None):
    """Withheld cells by one integer programme a small count."""
    equations = margins.equations()
    cost = np.where(counts < THRESHOLD, 0, counts)
    small = np.flatnonzero((counts > 0) & (counts < THRESHOLD))[::-1]
    for cell in small if only is None else only:
        more = cells_of_programme(equations, counts, cost, cell)
        if more is not None:
            cost[more] = 0
    return (counts > 0) & (cost == 0)


def told(name, withheld, counts):
    extra = withheld & (counts >= THRESHOLD)
    return f"{name}: {extra.sum()} more cells withheld, of {counts[extra].sum()} events"


def timed(work):
    start = perf_counter()
    answer = work()
    return answer, perf_counter() - start


def whole_counts(table, hierarchies=None):
    margins = margins_of(table.shape, hierarchies)
    return margins.summed(table.astype(float)).astype(np.int64), margins


def small_table(rng):
    """Both methods whole, and every small count attacked in both answers."""
    table = invented((12, 6, 5), 900, rng)
    counts, margins = whole_counts(table)
    ours, seconds = timed(lambda: suppress_table(table, THRESHOLD))
    theirs, peer_seconds = timed(lambda: by_programme(counts.ravel(), margins))
    withheld = np.isnan(ours.with_margins)
    print(f"12 x 6 x 5, {((counts > 0) & (counts < THRESHOLD)).sum()} small counts")
    print(told("  convive", withheld, counts), f"{seconds:.3f} s")
    peer = theirs.reshape(counts.shape)
    print(told("  integer programmes", peer, counts), f"{peer_seconds:.1f} s")
    print(f"  ratio {peer_seconds / seconds:.0f}; target at least {TARGET}")
    report_attack(ours, counts, None)


def report_attack(published, counts, sample):
    withheld = np.isnan(published.with_margins)
    only = withheld if sample is None else np.zeros_like(withheld)
    if sample is not None:
        only.ravel()[sample] = True
    bounds, seconds = timed(lambda: attack_table(published, only=only))
    small = counts[tuple(bounds.position.T)] < THRESHOLD
    assert (bounds.upper[small] >= THRESHOLD - 1e-6).all()
    assert (bounds.upper - bounds.lower > 1e-6).all()
    print(
        f"  attack by linear programme: {len(small)} of {withheld.sum()} withheld cells"
        f" in {seconds:.1f} s: none recoverable"
    )


def whole_table(table, hierarchies, rng):
    counts, margins = whole_counts(table, hierarchies)
    ours, seconds = timed(
        lambda: suppress_table(table, THRESHOLD, hierarchies=hierarchies)
    )
    small = np.flatnonzero((counts > 0) & (counts < THRESHOLD))
    title = "with departments" if hierarchies else "without departments"
    print(f"262 x 12 x 10 {title}: {counts.size} cells, {len(small)} small counts")
    print(told("  convive", np.isnan(ours.with_margins), counts), f"{seconds:.1f} s")
    sample = rng.choice(small, SAMPLE, replace=False)
    report_attack(ours, counts, sample)
    if hierarchies is None:
        _, some = timed(lambda: by_programme(counts.ravel(), margins, sample))
        all_of_it = some / SAMPLE * len(small)
        print(
            f"  integer programmes: {SAMPLE} cells in {some:.1f} s (at most"
            f" {SECONDS_A_CELL} s each), extrapolated {all_of_it / 3600:.1f} h for all"
        )
        print(f"  ratio {all_of_it / seconds:.0f}; target at least {TARGET}")
    # Each proof reads a hypercube of eight cells, one random read each, at the least.
    limit = len(small) * 8 * 1e-8
    print(f"  physical limit: {limit:.4f} s; {seconds / limit:.0f} times as long")


def main() -> None:
    rng = np.random.default_rng(2005)
    _, seconds = timed(lambda: suppress_table(invented((4, 3, 2), 60, rng), THRESHOLD))
    print(f"compiled or loaded in {seconds:.1f} s")
    small_table(rng)
    table = invented(SHAPE, EVENTS, rng)
    municipality = np.arange(SHAPE[0]) * DEPARTMENTS // SHAPE[0]
    for hierarchies in (None, [municipality, None, None]):
        whole_table(table, hierarchies, rng)


if __name__ == "__main__":
    main()
