import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, poisson

from convive.stats import (
    chapman_estimate,
    crude_rate,
    directly_standardised_rate,
    empirical_bayes_rate,
    funnel_limits,
    spatial_weights,
)


def test_one_stratum_is_the_crude_rate_below_and_above():
    standardised = directly_standardised_rate([12], [40_000], [1])
    crude = crude_rate(12, 40_000)

    # With one stratum Fay and Feuer's limits are Garwood's.
    assert standardised.estimate == pytest.approx(float(crude.estimate))
    assert standardised.lower == pytest.approx(float(crude.lower))
    assert standardised.upper == pytest.approx(float(crude.upper))


def test_the_gamma_limits_follow_the_published_formula():
    d, n, s = np.array([3, 0, 8]), np.array([900.0, 400, 2500]), np.array([2.0, 1, 1])
    w = s / s.sum() / n
    y, v, wm = (w * d).sum(), (w**2 * d).sum(), w.max()

    rate = directly_standardised_rate(d, n, s, per=1)

    low = v / (2 * y) * chi2.ppf(0.025, 2 * y**2 / v)
    high = (
        (v + wm**2) / (2 * (y + wm)) * chi2.ppf(0.975, 2 * (y + wm) ** 2 / (v + wm**2))
    )
    assert float(rate.lower) == pytest.approx(low)
    assert float(rate.upper) == pytest.approx(high)


def test_no_event_has_a_rate_of_zero_and_an_upper_limit():
    rate = directly_standardised_rate([0, 0], [100, 100], [1, 1])

    assert (float(rate.estimate), float(rate.lower)) == (0, 0)
    assert rate.upper > 0


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_a_smoothed_rate_lies_between_its_own_and_the_expected_one(seed):
    rng = np.random.default_rng(seed)
    people = rng.integers(100, 100_000, 30)
    events = rng.poisson(people * rng.gamma(2, 2e-4, 30))

    rate = empirical_bayes_rate(events, people)

    low, high = (
        np.minimum(rate.crude, rate.expected),
        np.maximum(rate.crude, rate.expected),
    )
    assert (rate.estimate >= low - 1e-9).all()
    assert (rate.estimate <= high + 1e-9).all()


def test_the_local_rate_uses_the_neighbourhood_alone():
    xy = [[0, 0], [1, 0], [100, 0], [101, 0]]
    events, people = np.array([1, 9, 40, 60]), np.array([1000, 1000, 1000, 1000.0])

    local = empirical_bayes_rate(events, people, spatial_weights(xy, within_m=2))

    near, far = (empirical_bayes_rate(events[i], people[i]) for i in ([0, 1], [2, 3]))
    np.testing.assert_allclose(local.estimate, [*near.estimate, *far.estimate])


def test_a_place_without_people_is_masked():
    rate = empirical_bayes_rate([0, 3, 4], [0, 1000, 2000])

    assert np.isnan(rate.estimate).tolist() == [True, False, False]


def test_events_where_no_one_lives_move_no_rate():
    some = empirical_bayes_rate([7, 3, 4, 9], [0, 1000, 2000, 2500])
    none = empirical_bayes_rate([0, 3, 4, 9], [0, 1000, 2000, 2500])

    np.testing.assert_allclose(some.estimate, none.estimate)


def test_one_population_may_serve_many_counts():
    counts = [[3, 8], [0, 2]]

    rate = directly_standardised_rate(counts, [900, 2500], [1, 1])

    apart = [directly_standardised_rate(c, [900, 2500], [1, 1]).upper for c in counts]
    np.testing.assert_allclose(rate.upper, apart)
    assert rate.population.tolist() == [3400, 3400]


def test_scaling_the_population_scales_the_rates():
    events, people = [1, 5, 20], np.array([900.0, 4000, 9000])

    once, tenfold = (empirical_bayes_rate(events, people * k) for k in (1, 10))

    np.testing.assert_allclose(tenfold.estimate * 10, once.estimate)


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_chance_leaves_no_more_places_outside_the_funnel_than_it_says(level):
    people = np.linspace(2_000, 2_000_000, 200)

    limits = funnel_limits(30, people, level)

    mean = people * 30 / 100_000
    outside = poisson.cdf(limits.lower * people / 1e5 - 1e-9, mean) + poisson.sf(
        limits.upper * people / 1e5, mean
    )
    # Interpolated limits are off by less than the probability of one count.
    assert (outside <= 1 - level + poisson.pmf(np.floor(mean), mean)).all()
    assert (limits.lower < 30).all()
    assert (limits.upper > 30).all()


def test_chapman_gives_the_hand_worked_answer():
    found = chapman_estimate(200, 150, 50)

    # 201 x 151 / 51 - 1 and its variance by the formula, on paper.
    assert found.estimate == pytest.approx(594.1176, abs=1e-3)
    assert found.standard_error == pytest.approx(
        np.sqrt(201 * 151 * 150 * 100 / (51**2 * 52))
    )
    assert found.observed == 300
    assert 300 < found.lower < 594 < found.upper


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: chapman_estimate(5, 3, 4), "both must not exceed"),
        (lambda: chapman_estimate(-1, 3, 0), "n1 must be a whole number"),
        (lambda: funnel_limits(3, [0]), "every population must be above zero"),
        (lambda: empirical_bayes_rate([1], [1, 2]), "one number a place"),
        (lambda: empirical_bayes_rate([-1], [1]), "zero or more"),
        (lambda: empirical_bayes_rate([np.inf, 1], [1, 1]), "zero or more"),
        (lambda: funnel_limits(np.inf, [10]), "finite"),
        (lambda: funnel_limits(3, [10], level=1), "level must lie"),
        (lambda: chapman_estimate(5, 3, np.nan), "both must be a whole number"),
        (
            lambda: directly_standardised_rate([1], [9, 9], [1, 1]),
            "one number a stratum",
        ),
        (lambda: directly_standardised_rate([1, 0.5], [9, 9], [1, 1]), "whole numbers"),
        (
            lambda: directly_standardised_rate([1, 1], [9, 9], [1, np.nan]),
            "standard must",
        ),
        (lambda: directly_standardised_rate([1, 1], [9, 9], [0, 0]), "above zero"),
        (lambda: directly_standardised_rate([1], [9], [1], level=0), "level must lie"),
        (lambda: directly_standardised_rate([1, 1], [0, 9], [1, 1]), "every stratum"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
