"""The scans' p-values where nothing is clustered, and a cluster that is planted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, kstest

from convive.stats import bernoulli_scan, poisson_scan, space_time_permutation_scan

RUNS, REPLICATIONS = 2000, 39
AREAS, DAYS = 12, 20
# Each count must be within the central 99.9 % of its binomial distribution.
LEVELS = (0.05, 0.25, 0.5)


@pytest.fixture(autouse=True)
def one_thread():
    """Runs this small are over before a second thread is awake."""
    import numba

    usual = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(usual)


def permutation_p(rng):
    area, day = rng.integers(0, AREAS, 60), rng.integers(0, DAYS, 60)
    xy = rng.uniform(0, 1000, (AREAS, 2))
    return space_time_permutation_scan(
        area, day, xy, max_days=5, replications=REPLICATIONS, rng=rng, min_cases=1
    )


def poisson_p(rng):
    people = rng.uniform(100, 2000, (AREAS, 4))
    cases = rng.multinomial(80, people.ravel() / people.sum()).reshape(people.shape)
    xy = rng.uniform(0, 1000, (AREAS, 2))
    return poisson_scan(
        cases, people, xy, replications=REPLICATIONS, rng=rng, min_cases=1
    )


def bernoulli_p(rng):
    people = rng.integers(3, 20, AREAS)
    cases = rng.multivariate_hypergeometric(people, people.sum() // 3)
    xy = rng.uniform(0, 1000, (AREAS, 2))
    return bernoulli_scan(
        cases, people - cases, xy, replications=REPLICATIONS, rng=rng, min_cases=1
    )


@pytest.mark.slow
@pytest.mark.parametrize("scan", [permutation_p, poisson_p, bernoulli_p])
def test_p_values_are_uniform_where_nothing_is_clustered(scan):
    rng = np.random.default_rng(2005)

    results = [scan(rng) for _ in range(RUNS)]

    fair = np.array([p_with_ties_at_random(result, rng) for result in results])
    given = np.array([r.clusters[0].p_value if r.clusters else 1.0 for r in results])
    for level in LEVELS:
        low, high = binom.ppf([0.0005, 0.9995], RUNS, level)
        assert low <= (fair <= level + 1e-9).sum() <= high
        # The p-value given counts all ties against the cluster.
        assert (given <= level + 1e-9).sum() <= high


def p_with_ties_at_random(result, rng):
    """Uniform p-value: replicates that tie, as few cases do, are above or below."""
    statistic = result.clusters[0].statistic if result.clusters else 0.0
    is_tie = np.isclose(result.maxima, statistic)
    above = (result.maxima > statistic)[~is_tie].sum()
    rank = above + rng.integers(0, is_tie.sum() + 1)
    return (1 + rank) / (1 + REPLICATIONS)


@pytest.mark.slow
def test_gumbel_p_values_are_uniform_where_nothing_is_clustered():
    rng = np.random.default_rng(2010)

    def tail():
        cases = rng.multinomial(400, np.full(AREAS, 1 / AREAS))
        xy = rng.uniform(0, 1000, (AREAS, 2))
        found = poisson_scan(cases, np.ones(AREAS), xy, replications=199, rng=rng)
        return found.clusters[0].gumbel_p_value

    p = np.array([tail() for _ in range(400)])

    # The Gumbel distribution is an approximation: within 0.1 anywhere, and in 5 %.
    assert kstest(p, "uniform").statistic < 0.1
    assert abs((p <= 0.05).mean() - 0.05) < 0.04


@pytest.mark.slow
def test_a_planted_cluster_is_found():
    rng = np.random.default_rng(7)
    xy = rng.uniform(0, 1000, (AREAS, 2))
    near = np.argsort(np.hypot(*(xy - xy[3]).T))[:3]
    found = 0
    for _ in range(50):
        area, day = rng.integers(0, AREAS, 300), rng.integers(0, DAYS, 300)
        area = np.append(area, rng.choice(near, 40))
        day = np.append(day, rng.integers(8, 11, 40))
        most = space_time_permutation_scan(
            area, day, xy, max_days=7, replications=99, rng=rng
        ).clusters[0]
        found += (
            most.p_value <= 0.05
            and most.start <= 10
            and most.end >= 8
            and bool(np.isin(near, most.areas).any())
        )

    assert found >= 45
