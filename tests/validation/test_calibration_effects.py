"""How often tests of an effect call one that is not there, and find one that is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, chi2

from convive.stats import conformal_interval, placebo_test, synthetic_did

RUNS = 2000
# What the placebo interval of difference in differences may lack of 95 %: its error is
# estimated from 19 donors and taken for known, and each donor has one donor fewer.
DID_SHORTFALL = 0.02
# A stationary series of 40 periods that forgets slowly: only nearly exchangeable.
SLOW_SHORTFALL = 0.03
# What the least and largest accepted effect may cover beyond the accepted ones.
HULL = 0.02

pytestmark = pytest.mark.slow


def band(share, runs=RUNS):
    """Shares that chance alone leaves in 999 of 1,000 calibrations."""
    return binom.ppf([0.0005, 0.9995], runs, share) / runs


def walks(rng, units, periods):
    """Units alike in law that go their own way around a common course."""
    own = np.cumsum(rng.normal(0, 1, (units, periods)), axis=1)
    return own + np.cumsum(rng.normal(0, 3, periods))


def forgetful(rng, units, periods, memory):
    """Stationary rows, each value `memory` of the one before and news."""
    news = rng.normal(0, 1, (units, periods))
    rows = np.empty_like(news)
    rows[:, 0] = news[:, 0] / np.sqrt(1 - memory**2)
    for period in range(1, periods):
        rows[:, period] = memory * rows[:, period - 1] + news[:, period]
    return rows


@pytest.mark.parametrize("alternative", ["two-sided", "less"])
def test_placebo_p_values_are_uniform_where_units_are_exchangeable(alternative):
    rng = np.random.default_rng(2010)
    units = 10

    p = [
        placebo_test(
            walks(rng, units, 14), 0, 9, alternative=alternative, treated_as_donor=True
        ).p_value
        for _ in range(RUNS)
    ]

    counts = np.bincount(np.rint(np.array(p) * units).astype(int), minlength=11)[1:]
    if alternative == "less":
        # A unit without any fall has a ratio of zero, as others may have: p is then 1.
        low, high = band(0.1)
        assert low <= (np.array(p) <= 0.1).mean() <= high
    else:
        even = RUNS / units
        assert ((counts - even) ** 2 / even).sum() < chi2.ppf(0.999, units - 1)


def test_placebos_without_the_treated_unit_hold_five_percent_nearly():
    rng = np.random.default_rng(2011)

    p = [placebo_test(walks(rng, 20, 14), 0, 9).p_value for _ in range(RUNS)]

    # The treated unit has one donor more, so fits a little better before.
    low, high = band(0.05)
    assert low <= (np.array(p) <= 0.05).mean() <= high + 0.01


def test_placebo_tests_find_a_planted_effect():
    rng = np.random.default_rng(2012)
    found = 0
    for _ in range(200):
        table = walks(rng, 20, 14)
        table[0, 9:] -= 15
        found += placebo_test(table, 0, 9, alternative="less").p_value <= 0.05

    assert found / 200 > 0.8


@pytest.mark.parametrize("effect", [0.0, -4.0])
def test_synthetic_did_intervals_cover_nearly(effect):
    rng = np.random.default_rng(2021)
    covered = excludes_none = 0
    for _ in range(RUNS):
        table = walks(rng, 20, 12)
        table += rng.normal(0, 5, (20, 1))
        table[0, 9:] += effect
        interval = synthetic_did(table, 0, 9)
        covered += interval.lower <= effect <= interval.upper
        excludes_none += not interval.lower <= 0 <= interval.upper

    low, high = band(0.95)
    assert low - DID_SHORTFALL <= covered / RUNS <= high
    if effect:
        assert excludes_none / RUNS > 0.5


def test_conformal_intervals_cover_where_periods_are_exchangeable():
    rng = np.random.default_rng(2022)
    covered, p = 0, []
    for _ in range(RUNS):
        table = rng.normal(0, 1, (5, 20)) + rng.normal(0, 3, 20)
        table[0, 19] -= 2
        interval = conformal_interval(table, 0, 19)
        covered += interval.lower[0] <= -2 <= interval.upper[0]
        table[0, 19] += 2
        p.append(conformal_interval(table, 0, 19, level=0.5).p_value[0])

    low, high = band(0.95)
    assert low <= covered / RUNS <= high + HULL
    # Twenty places, all alike.
    counts = np.bincount(np.rint(np.array(p) * 20).astype(int), minlength=21)[1:]
    even = RUNS / 20
    assert ((counts - even) ** 2 / even).sum() < chi2.ppf(0.999, 19)


@pytest.mark.parametrize(("memory", "shortfall"), [(0.0, 0.0), (0.5, SLOW_SHORTFALL)])
def test_conformal_intervals_of_the_average_cover(memory, shortfall):
    rng = np.random.default_rng(2023)
    runs = RUNS // 2
    covered = 0
    for _ in range(runs):
        table = forgetful(rng, 5, 40, memory)
        table[0, 37:] += 3
        interval = conformal_interval(table, 0, 37)
        covered += interval.average_lower <= 3 <= interval.average_upper

    low, _high = band(0.95, runs)
    assert covered / runs >= low - shortfall


def test_conformal_tests_find_a_planted_effect():
    rng = np.random.default_rng(2024)
    found = 0
    for _ in range(200):
        table = rng.normal(0, 1, (5, 40))
        table[0, 36:] -= 4
        interval = conformal_interval(table, 0, 36)
        found += interval.average_upper < 0

    assert found / 200 > 0.8
