"""Intervals of rates, small areas, hidden counts and surveys hold what they say.

Each is asked 2,000 times for data drawn from a known truth. Bands are the limits
that chance alone leaves in one of a thousand such tests.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, poisson

from convive.stats import (
    bym2_rate,
    capture_recapture,
    chapman_estimate,
    directly_standardised_rate,
    funnel_limits,
    poisson_interval,
    rate_ratio,
    survey_difference,
    survey_mean,
    survey_proportion,
)

pytestmark = pytest.mark.slow

RUNS = 2000
LOW, HIGH = binom.ppf([0.0005, 0.9995], RUNS, 0.95) / RUNS
MOST_REJECTED = binom.ppf(0.999, RUNS, 0.05) / RUNS


def test_the_exact_interval_holds_every_mean_at_least_as_often_as_it_says():
    means = np.linspace(0.02, 60, 1500)
    counts = np.arange(200)
    interval = poisson_interval(counts)

    holds = (interval.lower <= means[:, None]) & (means[:, None] <= interval.upper)
    coverage = (poisson.pmf(counts, means[:, None]) * holds).sum(axis=1)

    # Summed over all counts, not drawn: only the tail beyond 199 is left out.
    assert coverage.min() >= 0.95 - 1e-9
    assert coverage[means > 20].mean() < 0.97


@pytest.mark.parametrize(("events", "persons"), [(4, 1.0), (25, 0.3), (150, 2.0)])
def test_equal_rates_are_told_apart_no_more_often_than_the_level(events, persons):
    rng = np.random.default_rng(1940)
    first, second = rng.poisson(events, RUNS), rng.poisson(events * persons, RUNS)

    ratios = [
        rate_ratio(a, 1e4, b, 1e4 * persons)
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
    ]

    assert np.mean([r.p_value <= 0.05 for r in ratios]) <= MOST_REJECTED
    assert np.mean([r.lower <= 1 <= r.upper for r in ratios]) >= LOW


def test_a_rate_of_twice_another_is_found():
    rng = np.random.default_rng(1941)

    found = [
        rate_ratio(a, 1e4, b, 1e4).p_value <= 0.05
        for a, b in zip(
            rng.poisson(80, 300).tolist(), rng.poisson(40, 300).tolist(), strict=True
        )
    ]

    assert np.mean(found) > 0.9


def test_the_gamma_interval_holds_at_least_what_it_says():
    rng = np.random.default_rng(1997)
    people, standard = np.array([5000.0, 3000, 800]), np.array([0.3, 0.4, 0.3])
    true = np.array([2e-4, 6e-4, 1e-3])
    counts = rng.poisson(true * people, (RUNS, 3))

    rate = directly_standardised_rate(counts, people, standard, 1)

    target = (true * standard).sum()
    assert ((rate.lower <= target) & (target <= rate.upper)).mean() >= LOW


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_chance_leaves_the_funnel_as_often_as_it_says(level):
    rng = np.random.default_rng(2005)
    people = np.geomspace(50_000, 5_000_000, 40)
    counts = rng.poisson(people * 3e-4, (RUNS, 40))

    limits = funnel_limits(30, people, level)

    rates = counts / people * 1e5
    outside = (rates < limits.lower) | (rates > limits.upper)
    # Counts are whole: between two of them the share outside is not continuous.
    assert outside.mean() == pytest.approx(1 - level, rel=0.15)


def test_the_interval_of_chapman_covers():
    rng = np.random.default_rng(1951)
    first, second = rng.random((2, RUNS, 400)) < np.array([0.4, 0.35])[:, None, None]

    covered = [
        found.lower <= 400 <= found.upper
        for found in (
            chapman_estimate(int(a.sum()), int(b.sum()), int((a & b).sum()))
            for a, b in zip(first, second, strict=True)
        )
    ]

    # Log-normal by approximation: half a point more than chance is allowed for.
    assert LOW - 0.005 <= np.mean(covered) <= HIGH + 0.005


@pytest.mark.parametrize("criterion", ["aic", "bic"])
@pytest.mark.parametrize("more", [0.0, 0.3])
def test_the_average_of_list_models_covers(criterion, more):
    rng = np.random.default_rng(1972)
    covered = []
    for first, other, third in rng.random((RUNS // 2, 3, 500)):
        one = first < 0.45
        # Who is on the first list is more often on the second.
        two = other < np.where(one, 0.4 + more, 0.4 - more * 0.45 / 0.55)
        cases = np.column_stack([one, two, third < 0.35])
        found = capture_recapture(cases[cases.any(axis=1)], criterion=criterion)
        covered.append(found.lower <= 500 <= found.upper)

    # What models differ by is added to their errors: the average is conservative.
    assert np.mean(covered) >= binom.ppf(0.0005, RUNS // 2, 0.95) / (RUNS // 2)


def grid(side):
    place = np.arange(side * side).reshape(side, side)
    links = np.zeros((place.size, place.size))
    for first, second in ((place[1:], place[:-1]), (place[:, 1:], place[:, :-1])):
        links[first.ravel(), second.ravel()] = links[second.ravel(), first.ravel()] = 1
    return links


def scaled_field(links):
    values, vectors = np.linalg.eigh(np.diag(links.sum(axis=1)) - links)
    root = vectors[:, 1:] / np.sqrt(values[1:])
    return root / np.exp(np.log((root**2).sum(axis=1)).mean() / 2)


def test_rates_of_small_areas_lie_in_their_intervals():
    rng = np.random.default_rng(2016)
    links = grid(6)
    root = scaled_field(links)
    covered, above = [], []
    for _ in range(200):
        # From the prior itself: its spread, and a share that 2/3 find below a half.
        spread = rng.exponential(1 / np.log(100))
        share = rng.uniform(0, 0.5) if rng.random() < 2 / 3 else rng.uniform(0.5, 1)
        field = root @ rng.normal(size=root.shape[1])
        risk = spread * (
            np.sqrt(share) * field + np.sqrt(1 - share) * rng.normal(size=36)
        )
        people = rng.uniform(2_000, 80_000, 36)
        events = rng.poisson(people * 3e-4 * np.exp(risk))
        rate = bym2_rate(events, people, links)
        true = 30 * np.exp(risk)
        covered.append(((rate.lower <= true) & (true <= rate.upper)).mean())
        above.append((rate.probability_above - (true > rate.overall)).mean())

    # Areas of one map go together: the error is that of the means of maps.
    for values, expected in ((covered, 0.95), (above, 0.0)):
        error = np.std(values, ddof=1) / np.sqrt(len(values))
        assert abs(np.mean(values) - expected) < 3.3 * error


def test_a_raised_corner_of_a_map_is_found():
    rng = np.random.default_rng(2017)
    links, people = grid(7), np.full(49, 20_000.0)
    corner = (np.add.outer(np.arange(7), np.arange(7)) < 4).ravel()

    found = [
        bym2_rate(rng.poisson(people * 3e-4 * (1 + 2 * corner)), people, links)
        for _ in range(20)
    ]

    sure = np.array([rate.probability_above > 0.9 for rate in found])
    assert sure[:, corner].mean() > 0.9
    assert sure[:, ~corner].mean() < 0.05


def clustered(rng, strata=4, clusters=8, answers=6):
    """Answers of unequal strata, and what the whole population says."""
    centre = np.linspace(-1, 1, strata)[:, None, None]
    effect = rng.normal(0, 0.7, (strata, clusters, 1))
    y = centre + effect + rng.normal(0, 1, (strata, clusters, answers))
    weights = np.broadcast_to(np.arange(1, strata + 1)[:, None, None], y.shape)
    stratum, cluster = np.indices(y.shape)[:2]
    truth = (np.arange(1, strata + 1) * centre.ravel()).sum() / 10
    design = [a.ravel() for a in (weights, stratum, cluster)]
    return y.ravel(), design, truth


def test_the_interval_of_a_mean_of_clusters_covers():
    rng = np.random.default_rng(1983)
    covered = []
    for _ in range(RUNS):
        y, design, truth = clustered(rng)
        mean = survey_mean(y, *design)
        covered.append(mean.lower <= truth <= mean.upper)

    # Unequal weights cost Student's interval up to a point.
    assert LOW - 0.01 <= np.mean(covered) <= HIGH


def test_the_interval_of_a_difference_within_clusters_covers():
    rng = np.random.default_rng(1984)
    covered = []
    for _ in range(RUNS):
        y, design, _ = clustered(rng)
        women = rng.random(len(y)) < 0.5
        found = survey_difference(y + 0.5 * women, women, *design)
        covered.append(found.lower <= 0.5 <= found.upper)

    assert LOW - 0.01 <= np.mean(covered) <= HIGH


@pytest.mark.parametrize("share", [0.3, 0.04, 0.01])
def test_the_interval_of_a_share_covers(share):
    rng = np.random.default_rng(1998)
    covered = []
    for _ in range(RUNS):
        # Clusters differ: the correlation within them is a twentieth.
        own = rng.beta(share * 19, (1 - share) * 19, 40)
        y = rng.random((40, 12)) < own[:, None]
        found = survey_proportion(
            y.ravel(), np.ones(480), clusters=np.repeat(range(40), 12)
        )
        covered.append(found.lower <= share <= found.upper)

    # Where none say so, 3 % of the time at the least share, the interval is exact.
    assert LOW - 0.01 <= np.mean(covered) <= HIGH + 0.01
