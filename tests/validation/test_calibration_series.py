"""Tests of effects reject as often as they say, and their intervals cover.

A share found in so many runs may be off by chance: `BAND` is 3.29 standard errors of a
true share of 0.05 (or 0.95), which 99.9 % of simulations stay within.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, t

from convive.stats import (
    interrupted_time_series,
    minimum_detectable_effect,
    staggered_did,
    weighted_displacement_difference,
    weighted_displacement_quotient,
)

pytestmark = pytest.mark.slow

RUNS = 2000
BAND = 3.29 * np.sqrt(0.05 * 0.95 / RUNS)
# Forty-eight months, each depending by a half on the one before, do not show well by
# how much they do: where that is guessed too low the test rejects, in six or seven of a
# hundred.
DEPENDENT = 0.085
# Influence functions are exact for many units; with 120 in three groups the error is
# some 2 % too small, and 95 % intervals cover about 94.5 %.
FEW_UNITS = 0.012


def months(rng, mean, dispersion, correlation=0.0):
    """Counts whose logarithms wander about the mean, chance not reckoned in twice."""
    drift = np.zeros(len(mean))
    noise = rng.normal(0, 1, len(mean))
    drift[0] = noise[0]
    for month in range(1, len(mean)):
        drift[month] = correlation * drift[month - 1]
        drift[month] += np.sqrt(1 - correlation**2) * noise[month]
    return np.maximum(np.round(mean + np.sqrt(dispersion * mean) * drift), 0)


def overdispersed(rng, mean, dispersion):
    return rng.poisson(rng.gamma(mean / (dispersion - 1)) * (dispersion - 1))


@pytest.mark.parametrize("covariance", ["autoregressive", "quasi_poisson"])
def test_a_series_where_nothing_was_done_breaks_in_five_of_a_hundred(covariance):
    rng = np.random.default_rng(2017)
    mean = np.full(48, 40.0)

    p = [
        interrupted_time_series(
            overdispersed(rng, mean, 2.0), 24, covariance=covariance
        ).level.p_value
        for _ in range(RUNS)
    ]

    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=BAND)


def test_a_dependent_series_breaks_in_few_more_and_others_in_many():
    rng = np.random.default_rng(2018)
    mean = np.full(48, 60.0)
    series = [months(rng, mean, 2.5, 0.5) for _ in range(RUNS)]

    def rejected(covariance):
        p = [
            interrupted_time_series(one, 24, covariance=covariance).level.p_value
            for one in series
        ]
        return np.mean(np.array(p) <= 0.05)

    assert 0.05 - BAND < rejected("autoregressive") < DEPENDENT
    # Why neither of these is what is done unless asked for.
    assert rejected("newey_west") > 0.15
    assert rejected("quasi_poisson") > 0.15


def test_intervals_cover_a_level_a_slope_and_the_events_averted():
    rng = np.random.default_rng(2019)
    since = np.arange(60) - 36
    past = 80 * 1.003**since * np.exp(0.2 * np.sin(np.pi * since / 6))
    mean = past * np.where(since >= 0, 0.75 * 0.99**since, 1)
    averted = (past - mean)[36:].sum()
    held, seen = np.zeros(3), 0

    for _ in range(RUNS):
        found = interrupted_time_series(overdispersed(rng, mean, 2.0), 36, frequency=12)
        held += (
            found.level.lower <= 0.75 <= found.level.upper,
            found.slope.lower <= 0.99 <= found.slope.upper,
            found.averted_lower[-1] <= averted <= found.averted_upper[-1],
        )
        seen += found.level.p_value < 0.05

    np.testing.assert_allclose(held / RUNS, 0.95, atol=BAND)
    assert seen / RUNS > 0.6


def staggered_panel(rng, effect):
    """Units that wander each on its own path, in three groups and a common trend."""
    rates = np.cumsum(rng.normal(0, 1, (120, 6)), axis=1) + rng.normal(0, 2, 6)
    first = np.repeat([2.0, 4.0, np.inf], 40)
    return rates + effect * (np.arange(6) >= first[:, None]), first


def test_intervals_of_staggered_effects_cover_what_was_planted():
    rng = np.random.default_rng(2021)
    held, before = np.zeros(2), 0

    for _ in range(RUNS):
        rates, first = staggered_panel(rng, -1.0)
        found = staggered_did(rates, first, controls="not_yet", replicates=1, rng=rng)
        event = found.by_event_time.overall
        held += (
            found.simple.lower <= -1 <= found.simple.upper,
            event.lower <= -1 <= event.upper,
        )
        before += found.pretrend_p_value < 0.05

    np.testing.assert_allclose(held / RUNS, 0.95, atol=BAND + FEW_UNITS)
    assert before / RUNS == pytest.approx(0.05, abs=BAND + 2 * FEW_UNITS)


def test_bands_of_staggered_effects_cover_all_at_once():
    rng = np.random.default_rng(2022)
    runs, held = 600, 0

    for _ in range(runs):
        rates, first = staggered_panel(rng, -1.0)
        series = staggered_did(rates, first, replicates=299, rng=rng).by_event_time
        truth = np.where(series.at >= 0, -1.0, 0.0)
        held += ((series.band_lower <= truth) & (truth <= series.band_upper)).all()

    chance = 3.29 * np.sqrt(0.05 * 0.95 / runs)
    assert held / runs == pytest.approx(0.95, abs=chance + FEW_UNITS)


def test_places_that_changed_alike_differ_in_five_of_a_hundred():
    rng = np.random.default_rng(2023)
    counts = rng.poisson(np.array([30, 60, 20, 40])[:, None], (RUNS, 4, 2))

    p = [weighted_displacement_difference(*rows.tolist()).p_value for rows in counts]

    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=BAND)


def test_a_fall_by_half_is_found_as_often_as_its_error_foretells():
    rng = np.random.default_rng(2018)
    counts = rng.poisson([[150, 75], [150, 150]], (RUNS, 2, 2))

    p = [weighted_displacement_difference(*rows.tolist()).p_value for rows in counts]

    power = norm.cdf(75 / np.sqrt(150 + 75 + 150 + 150) - norm.ppf(0.975))
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(power, abs=BAND)


def test_limits_of_the_quotient_cover_it():
    rng = np.random.default_rng(2024)
    means = np.array([[100.0, 60], [80, 70], [300, 300]])
    truth = (70 - 80) / (60 - 100)

    found = [
        weighted_displacement_quotient(*rows.tolist())
        for rows in rng.poisson(means, (RUNS, 3, 2))
    ]

    # Where the place did not fall there is no quotient to cover.
    held = [f.lower <= truth <= f.upper for f in found if f.success < 0]
    assert len(held) > 0.99 * RUNS
    assert np.mean(held) == pytest.approx(0.95, abs=BAND)


@pytest.mark.parametrize("dispersion", [1.0, 2.0])
def test_the_test_of_differences_sees_nothing_in_ninety_five_of_a_hundred(dispersion):
    found = minimum_detectable_effect(
        np.full((12, 2), 40.0),
        1,
        np.arange(12) < 4,
        "difference_in_differences",
        reductions=[0.5],
        dispersion=dispersion,
        simulations=RUNS,
        rng=np.random.default_rng(1995),
    )

    assert found.false_alarms == pytest.approx(0.05, abs=BAND)
    # Four places whose 40 fall to 20 against eight that stay: Student's t of ten.
    error = np.sqrt(dispersion * (1 / 160 + 1 / 80 + 1 / 320 + 1 / 320))
    power = t.sf(t.ppf(0.975, 10), 10, np.log(2) / error)
    assert found.power[1] == pytest.approx(power, abs=0.03)
