"""Tests of space-time interaction reject as often as they say, and find what is there.

Events of 2,000 invented towns are clustered in space and in time, but the one says
nothing about the other. Pseudo p-values are exact where values never tie, and
conservative where they do, as counts of pairs do.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from convive.stats import jacquez_test, knox_test, mantel_test, near_repeat

pytestmark = pytest.mark.slow

RUNS = 2_000
LEVEL = 0.05
# 99.9 % of all series of 2,000 runs lie between these shares.
LOWEST, HIGHEST = binom.ppf([0.0005, 0.9995], RUNS, LEVEL) / RUNS
PERMUTATIONS = 99
DISTANCES, TIMES = [100, 200, 400], [3, 7, 14]


def town(rng, count=60):
    """Clustered homes and a busy season, each date drawn apart from its home."""
    homes = rng.uniform(0, 1500, (6, 2))
    xy = homes[rng.integers(0, 6, count)] + rng.normal(0, 150, (count, 2))
    return xy, np.floor(90 * rng.beta(2, 3, count))


def with_repeats(rng, count=60, repeats=30):
    """Half of the events followed by another near it, up to a week later."""
    xy, days = town(rng, count)
    near, soon = rng.normal(0, 40, (repeats, 2)), rng.integers(0, 7, repeats)
    followed = rng.choice(count, repeats, replace=False)
    return np.vstack([xy, xy[followed] + near]), np.append(days, days[followed] + soon)


def p_values(test, make=town, runs=RUNS):
    rng = np.random.default_rng(1964)
    return np.array([np.ravel(test(*make(rng), rng)) for _ in range(runs)])


def knox(xy, days, rng):
    return knox_test(xy, days, DISTANCES, TIMES, PERMUTATIONS, rng).p_value


def mantel(xy, days, rng):
    return mantel_test(
        xy, days, PERMUTATIONS, rng, distance_constant_m=100, time_constant_days=7
    ).p_value


def jacquez(xy, days, rng):
    test = jacquez_test(xy, days, 4, PERMUTATIONS, rng)
    return np.append(test.p_value, test.increase_p_value)


def test_mantel_rejects_in_one_run_of_twenty():
    share = (p_values(mantel) <= LEVEL).mean()

    assert LOWEST <= share <= HIGHEST


@pytest.mark.parametrize("test", [knox, jacquez])
def test_no_cell_and_no_number_of_neighbours_rejects_too_often(test):
    shares = (p_values(test) <= LEVEL).mean(axis=0)

    assert (shares <= HIGHEST).all()
    # Conservative by their ties, but not blind.
    assert (shares >= LEVEL / 3).all()


def test_p_values_of_many_pairs_are_uniform():
    # In the widest cell so many pairs are counted that ties cost little.
    widest = p_values(knox)[:, -1]
    shares = [(widest <= level).mean() for level in (0.05, 0.2, 0.5)]

    limits = binom.ppf([[0.0005], [0.9995]], RUNS, [0.05, 0.2, 0.5]) / RUNS
    ties = np.array([0.01, 0.02, 0.04])
    assert (np.array(shares) >= limits[0] - ties).all()
    assert (np.array(shares) <= limits[1]).all()


def test_controlled_near_repeats_are_false_in_at_most_one_town_of_twenty():
    def any_significant(xy, days, rng):
        return near_repeat(
            xy, days, DISTANCES, TIMES, PERMUTATIONS, rng, false_discovery=True
        ).is_significant.any()

    assert p_values(any_significant).mean() <= HIGHEST


@pytest.mark.parametrize(
    ("test", "power"),
    # Mantel's hears all pairs, and so the few that matter least.
    [(knox, 0.8), (mantel, 0.6), (jacquez, 0.8)],
)
def test_planted_repeats_are_found(test, power):
    first = p_values(test, with_repeats, 200)[:, 0]

    # Knox's first cell is where they were planted.
    assert (first <= LEVEL).mean() >= power
