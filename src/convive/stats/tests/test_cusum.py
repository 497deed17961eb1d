import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import cusum_poisson, cusum_run_length


def test_the_sum_is_that_added_up_by_hand():
    # k = 2 (e - 1) / 1 would be 1.7183 for a rise of e and a mean of 1; the season
    # keeps it from being rounded.
    mean = [[1.0, 1.0, 1.0, 1.0, 2.0]]

    found = cusum_poisson([[0, 3, 2, 0, 9]], mean, np.e, decision_interval=3)

    k = np.e - 1
    np.testing.assert_allclose(found.reference_value, [[k, k, k, k, 2 * k]])
    by_hand = [0, 3 - k, 5 - 2 * k, 0, 9 - 2 * k]
    np.testing.assert_allclose(found.statistic[0], by_hand, atol=1e-9)
    assert found.alarm[0].tolist() == [False, False, False, False, True]


def test_after_an_alarm_the_sum_starts_again_or_not():
    counts = [[5, 5, 5]]

    again, on = (
        cusum_poisson(counts, 0.98, decision_interval=3, is_reset=reset)
        for reset in (True, False)
    )

    k = again.reference_value[0, 0]
    np.testing.assert_allclose(again.statistic[0], [5 - k] * 3)
    np.testing.assert_allclose(on.statistic[0], [5 - k, 10 - 2 * k, 15 - 3 * k])


def test_the_reference_value_is_near_that_of_the_likelihood_ratio():
    for mean in (0.01, 0.3, 1.0, 7.7, 60.0):
        found = cusum_poisson([[0]], mean, 2.0)
        exact = mean / np.log(2)
        assert abs(found.reference_value[0, 0] - exact) < 0.05 * (exact - mean) + 1e-12


def test_an_interval_of_one_event_waits_for_the_first_count_above_it():
    # With k = 1 and h = 1 an alarm needs two events at once, as sums go back to 0.
    chance = 1 - np.exp(-0.5) * 1.5

    assert cusum_run_length(0.5, 1, 1) == pytest.approx(1 / chance)


def test_the_interval_found_is_the_least_that_waits_long_enough():
    found = cusum_poisson([[0]], 1.4, 2.0, run_length=300)

    k, h = found.reference_value[0, 0], found.decision_interval[0]
    # The lattice of k = 53 / 26 has steps of 1 / 26.
    parts = next(q for q in range(1, 99) if abs(k * q - round(k * q)) < 1e-9)
    assert found.run_length[0] >= 300
    assert cusum_run_length(1.4, k, h) == pytest.approx(found.run_length[0])
    assert cusum_run_length(1.4, k, h - 1 / parts) < 300


def test_a_run_length_is_that_of_simulated_counts():
    rng = np.random.default_rng(1)
    counts = rng.poisson(1.0, (4000, 400))
    found = cusum_poisson(counts, 1.0, 2.0, run_length=20)

    first = np.where(found.alarm.any(axis=1), found.alarm.argmax(axis=1) + 1, 400)

    # Four standard errors of a mean of runs that spread about as much as their length.
    error = 4 * first.std() / np.sqrt(len(first))
    assert abs(first.mean() - found.run_length[0]) < error


def test_an_unknown_period_changes_nothing():
    found = cusum_poisson([[4, np.nan, 4]], 0.98, decision_interval=50)

    assert found.statistic[0, 1] == found.statistic[0, 0]
    assert not found.alarm.any()


def test_false_alarms_a_year_are_the_periods_over_the_run_length():
    found = cusum_poisson(np.zeros((3, 2)), 1.0, frequency=52)

    np.testing.assert_allclose(found.false_alarms_per_year, 52 / found.run_length)
    assert found.all_false_alarms_per_year == pytest.approx(156 / found.run_length[0])


@given(st.permutations(range(3)))
@settings(max_examples=6, deadline=None)
def test_the_order_of_series_changes_nothing(order):
    counts = np.random.default_rng(2).poisson(2, (3, 20))
    mean = np.array([[1.0], [2.0], [3.0]])

    plain, mixed = (
        cusum_poisson(counts, mean),
        cusum_poisson(counts[order], mean[order]),
    )

    np.testing.assert_array_equal(plain.statistic[order], mixed.statistic)


def test_a_rise_beyond_doubt_is_found_at_once():
    found = cusum_poisson([[3000]], 1000.0, 3.0)

    assert found.alarm[0, 0]
    assert found.false_alarms_per_year[0] < 1e-6


def test_the_frame_has_a_row_a_series_and_period():
    frame = cusum_poisson(np.zeros((2, 3)), [[1.0], [2.0]]).to_frame()

    assert frame.shape == (6, 8)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cusum_poisson([1, 2], 1.0), "a row a series"),
        (lambda: cusum_poisson([[-1]], 1.0), "whole numbers"),
        (lambda: cusum_poisson([[1]], 0.0), "mean must be"),
        (lambda: cusum_poisson([[1]], [1.0, 2.0]), "mean must have shape"),
        (lambda: cusum_poisson([[1]], 1.0, 1.0), "must be above 1"),
        (lambda: cusum_poisson([[1]], 1.0, run_length=1), "must be above 1"),
        (lambda: cusum_poisson([[1]], 1.0, decision_interval=0), "above zero"),
        (lambda: cusum_poisson([[1]], 0.01, 1.01, run_length=1e9), "too long"),
        (lambda: cusum_run_length(0, 1, 1), "above zero"),
        (lambda: cusum_run_length(1, 1, 1, 1), "start must be"),
        (lambda: cusum_run_length(1, np.pi, 5), "common denominator"),
        (lambda: cusum_run_length(1, 1.001, 50), "too long"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
