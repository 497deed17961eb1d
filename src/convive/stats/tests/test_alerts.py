import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convive.stats import ears
from convive.stats.alerts import chance_above


def test_c1_alarms_on_a_day_three_deviations_above_its_week():
    quiet, loud = [4, 6, 5, 4, 6, 5, 5], 12

    found = ears([[*quiet, loud]])

    assert found.expected[0, -1] == pytest.approx(5)
    assert found.upper_bound[0, -1] == pytest.approx(5 + 3 * np.std(quiet, ddof=1))
    assert found.alarm[0, -1]


def test_c3_adds_up_what_c1_and_c2_let_pass():
    # By hand: each of the last three days stands 2 / 0.816 = 2.45 above the week that
    # ended two days before it, 1.45 above one; together 4.35, above 2.
    series = [4, 6, 5, 4, 6, 5, 5, 4, 6, 5, 7, 7, 7]

    last = {m: bool(ears([series], m).alarm[0, -1]) for m in ("C1", "C2", "C3")}

    assert last == {"C1": False, "C2": False, "C3": True}


def test_c2_leaves_two_days_out_between():
    series = [4, 6, 5, 4, 6, 5, 5, 90, 90, 5]

    found = ears([series], "C2")

    assert found.expected[0, -1] == pytest.approx(5)


@pytest.mark.parametrize(
    ("least", "bound"), [(0.5, 1 + 3 * 0.5), (0.2, 1 + 3 * 0.2), (0.0, 1.0)]
)
def test_a_week_that_does_not_vary_takes_the_least_deviation(least, bound):
    found = ears([[1] * 7 + [2]], smallest_sd=least)

    assert found.upper_bound[0, -1] == pytest.approx(bound)
    assert found.alarm[0, -1] == (bound < 2)


def test_without_a_least_deviation_nothing_above_the_mean_is_no_alarm():
    found = ears([[0] * 14], "C3", smallest_sd=0.0)

    assert not found.alarm.any()
    assert found.p_value[0, -1] == pytest.approx(0.5)


def test_a_week_with_an_unknown_day_gives_no_bound():
    series = np.array([[4, 6, 5, np.nan, 6, 5, 5, 90, 5, 5, 5, 5]])

    found = ears(series)

    assert np.isnan(found.upper_bound[0, 7:11]).all()
    assert np.isfinite(found.upper_bound[0, 11])
    assert not found.alarm.any()


@given(st.permutations(range(4)))
def test_the_order_of_series_changes_nothing(order):
    counts = np.random.default_rng(1).poisson(3, (4, 30))

    for method in ("C1", "C2", "C3"):
        plain, mixed = ears(counts, method), ears(counts[order], method)
        np.testing.assert_array_equal(plain.upper_bound[order], mixed.upper_bound)


def test_the_chance_of_a_false_alarm_is_that_of_the_whole_series():
    # Mean 5 and variance 4/7 of 14 days: Poisson, as it varies less; above 7.24 with
    # chance 0.1334.
    week = [4, 6, 5, 4, 6, 5, 5]

    found = ears([[*week, *week]], frequency=365)

    above = 5 + 3 * np.std(week, ddof=1)
    assert int(above) == 7
    assert found.false_alarm_chance[0, 7] == pytest.approx(0.13337, abs=1e-5)


def test_the_chance_above_a_count_is_a_sum_of_chances():
    # Poisson of 2: 1 - e^-2 (1 + 2); negative binomial of size 2 and chance 1/2, of
    # mean 2 and dispersion 2: 1 - (1/4 + 1/4).
    found = chance_above(np.array([1.0, 1.0, -1.0]), 2.0, np.array([1.0, 2.0, 2.0]))

    np.testing.assert_allclose(found, [1 - 3 * np.exp(-2), 0.5, 1])


def test_the_frame_has_a_row_a_series_and_day():
    assert ears([[1] * 9, [2] * 9]).to_frame().shape == (18, 8)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ears([[1]], "C9"), "method must be"),
        (lambda: ears([1, 2]), "a row a series"),
        (lambda: ears([[1, -2]]), "whole numbers"),
        (lambda: ears([[1]], smallest_sd=-1), "smallest_sd must be"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
