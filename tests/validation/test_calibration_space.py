"""Error rates of the spatial tests where nothing goes on, and where something does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from convive.stats import (
    getis_ord_g_star,
    local_moran,
    moran_i,
    rolling_backtest,
    spatial_weights,
)

pytestmark = pytest.mark.slow

RUNS, LEVEL = 2_000, 0.05
# 99.9 % limits of a count of 2,000 runs that each reject at 5 %: 70 and 133.
FEWEST, MOST = binom.ppf([0.0005, 0.9995], RUNS, LEVEL)
SIDE, MIDDLE = 7, 24
# Twice the two lowest of 80 ranks is 5 % exactly.
DRAWS = 79
LOCAL = pytest.mark.parametrize("test", [local_moran, getis_ord_g_star])


@pytest.fixture(scope="module")
def grid():
    """Queen neighbours of the cells of a square."""
    xy = np.stack(np.divmod(np.arange(SIDE * SIDE), SIDE), axis=1)
    return spatial_weights(xy, within_m=1.5)


def test_moran_i_rejects_at_its_level_by_shuffles_and_by_the_normal(grid):
    rng = np.random.default_rng(1950)
    weights = grid.row_standardised()

    tests = [moran_i(rng.normal(size=49), weights, DRAWS, rng) for _ in range(RUNS)]

    for name in ("p_value", "p_normal"):
        rejected = sum(getattr(test, name) <= LEVEL for test in tests)
        assert FEWEST <= rejected <= MOST, name


@LOCAL
def test_a_place_is_called_at_its_level(grid, test):
    rng = np.random.default_rng(1995)

    p = [
        test(rng.normal(size=49), grid, DRAWS, rng).p_value[MIDDLE] for _ in range(RUNS)
    ]

    assert FEWEST <= (np.array(p) <= LEVEL).sum() <= MOST


def test_exact_p_values_of_counts_never_call_more_than_their_level(grid):
    rng = np.random.default_rng(1996)

    p = np.array(
        [
            local_moran(rng.poisson(3, 49), grid, exact=True).p_value[MIDDLE]
            for _ in range(RUNS)
        ]
    )

    for level in (0.01, LEVEL, 0.2):
        assert (p <= level).sum() <= binom.ppf(0.9995, RUNS, level)
    # Cautious, but not idle: sums of eight counts take many values.
    assert (p <= LEVEL).sum() >= binom.ppf(0.0005, RUNS, 0.6 * LEVEL)


@LOCAL
def test_the_false_discovery_rate_is_kept_where_nothing_is(grid, test):
    # With no effect every discovery is false: the rate is that of runs with any.
    rng = np.random.default_rng(1997)

    alarms = sum(
        test(rng.poisson(3, 49), grid, exact=True).is_significant(LEVEL).any()
        for _ in range(RUNS)
    )

    assert alarms <= MOST


def test_the_false_discovery_rate_is_kept_beside_a_hot_spot(grid):
    # False are those that neither belong to the planted cells nor touch them.
    rng = np.random.default_rng(1998)
    hot = np.array([0, 1, 2, 7, 8, 9, 14, 15, 16])
    touching = (grid.to_sparse()[hot].sum(axis=0) > 0) | np.isin(np.arange(49), hot)
    shares, found = [], 0
    for _ in range(500):
        values = rng.poisson(3, 49)
        values[hot] += rng.poisson(6, 9)
        called = getis_ord_g_star(values, grid, exact=True).is_significant(LEVEL)
        shares.append(called[~touching].sum() / max(called.sum(), 1))
        found += called[8]

    error = np.std(shares) / np.sqrt(len(shares))
    assert np.mean(shares) <= LEVEL + 3.3 * error
    # The middle of the planted nine is found in nearly all runs.
    assert found >= 450


@LOCAL
def test_a_planted_hot_spot_is_found_by_draws_too(grid, test):
    rng = np.random.default_rng(1999)
    hot = [16, 17, 18, 23, 24, 25, 30, 31, 32]
    found = 0
    for _ in range(200):
        values = rng.normal(size=49)
        values[hot] += 2
        found += test(values, grid, DRAWS, rng).p_value[MIDDLE] <= LEVEL

    assert found >= 190


def test_the_interval_of_a_back_test_covers_the_accuracy_of_the_rule():
    # A tenth of the area has half of the events; the rule knows which cells it is.
    rng = np.random.default_rng(2016)
    cells, steps, runs = 50, 12, 1_000
    risk = np.where(np.arange(cells) < 5, 0.5 / 5, 0.5 / 45)
    covered = 0
    for _ in range(runs):
        events = rng.poisson(40 * steps)
        cell = rng.choice(cells, events, p=risk)
        day = rng.uniform(-1, 7 * steps, events)
        test = rolling_backtest(
            cell,
            day,
            np.ones(cells),
            history_days=1,
            window_days=7,
            marked_share=0.1,
            score=lambda past, start: risk,
            period_days=(-1, 7 * steps),
            rng=rng,
        )
        mean = test.mean()
        covered += mean.lower <= 0.5 / 0.1 <= mean.upper

    assert binom.ppf(0.0005, runs, 0.95) <= covered <= binom.ppf(0.9995, runs, 0.95)
