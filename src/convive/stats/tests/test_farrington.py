import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from convive.stats import Baseline, farrington_flexible
from convive.stats._kernels.baseline import baseline_plainly, baselines
from convive.stats.farrington import _pattern, _rules

YEARS = 6 * 52


def weekly(seed, series=20, mean=8.0, weeks=YEARS):
    return np.random.default_rng(seed).poisson(mean, (series, weeks))


def test_the_fit_is_that_of_a_likelihood_maximised_otherwise():
    counts = weekly(1, series=3)
    plan = Baseline(outlying=0)
    period = YEARS - 1
    pattern = _pattern(52, plan)
    used = period + pattern.back
    seasons = (pattern.group[:, None] == np.arange(10)).astype(float)
    design = np.column_stack([seasons, (used - period) / 52])
    now = np.append(np.eye(10)[9], 0.0)

    found = farrington_flexible(counts, baseline=plan, start=period)

    for series in range(3):
        y = counts[series, used]
        best = minimize(
            lambda b, y=y: (np.exp(design @ b) - y * (design @ b)).sum(),
            np.zeros(11),
            jac=lambda b, y=y: design.T @ (np.exp(design @ b) - y),
            tol=1e-10,
        ).x
        assert found.expected[series, -1] == pytest.approx(
            float(np.exp(now @ best)), rel=1e-5
        )


def test_a_planted_outbreak_is_found():
    counts = weekly(2)
    counts[4, -1] = 40

    found = farrington_flexible(counts, start=YEARS - 1)

    assert found.alarm[4, -1]


def test_a_past_outbreak_does_not_raise_the_bound_much():
    quiet = weekly(5, series=1, mean=20.0)
    loud = quiet.copy()
    loud[0, YEARS - 1 - 52] = 200

    bounds = [
        farrington_flexible(x, start=YEARS - 1).upper_bound[0, -1]
        for x in (quiet, loud)
    ]

    assert bounds[1] < bounds[0] * 1.25


def test_too_few_events_give_no_bound():
    counts = weekly(6, mean=0.05)

    found = farrington_flexible(counts, start=YEARS - 1)

    is_few = counts[:, -4:].sum(axis=1) < 5
    assert is_few.all()
    assert np.isnan(found.upper_bound[:, -1]).all()
    assert not found.alarm.any()


@pytest.mark.parametrize("outlying", [0, 1.5, 2.58])
@pytest.mark.parametrize("has_trend", [True, False])
@pytest.mark.parametrize("seasons", [1, 10])
def test_the_loop_is_its_twin(outlying, has_trend, seasons):
    counts = weekly(7, series=4).astype(float)
    counts[0, [20, 80, 81]] = 60
    people = np.random.default_rng(8).uniform(1, 9, counts.shape)
    plan = Baseline(outlying=outlying, trend_level=float(has_trend), seasons=seasons)
    pattern, rules = _pattern(52, plan), _rules(_pattern(52, plan), plan)
    period = YEARS - 1

    mean, phi, error = baselines(counts, people, pattern, rules, (period, YEARS))

    for row in range(4):
        used = period + pattern.back
        rate, spread, apart, _t = baseline_plainly(
            counts[row, used], people[row, used], pattern, outlying, has_trend
        )
        expected = rate * people[row, period]
        if has_trend and expected > counts[row, used].max():
            continue
        assert mean[row, 0] == pytest.approx(expected, rel=1e-7)
        assert phi[row, 0] == pytest.approx(spread, rel=1e-7)
        assert error[row, 0] == pytest.approx(apart, rel=1e-7)


def test_one_thread_and_two_find_the_same():
    import numba

    counts = weekly(17, series=9)
    before = numba.get_num_threads()
    found = []
    for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
        numba.set_num_threads(threads)
        found.append(farrington_flexible(counts, start=YEARS - 2))
    numba.set_num_threads(before)

    np.testing.assert_array_equal(found[0].expected, found[-1].expected)


def test_unknown_weeks_count_as_if_they_had_not_been():
    # One group and no trend: the mean of the known weeks, worked out apart.
    counts = weekly(9, series=1).astype(float)
    plan = Baseline(seasons=1, outlying=0, trend_level=0)
    used = YEARS - 1 + _pattern(52, plan).back
    counts[0, used[3:9]] = np.nan

    found = farrington_flexible(counts, baseline=plan, start=YEARS - 1)

    assert found.expected[0, -1] == pytest.approx(np.nanmean(counts[0, used]))


def test_an_unknown_week_has_a_bound_and_no_alarm():
    counts = weekly(10, series=1).astype(float)
    counts[0, -1] = np.nan

    found = farrington_flexible(counts, start=YEARS - 1)

    assert np.isfinite(found.upper_bound[0, -1])
    assert np.isnan(found.p_value[0, -1])
    assert not found.alarm[0, -1]


def test_a_series_that_is_wholly_unknown_has_no_bound():
    counts = np.full((1, YEARS), np.nan)

    found = farrington_flexible(counts, start=YEARS - 1)

    assert np.isnan(found.upper_bound).all()
    assert not found.alarm.any()


def test_a_place_that_doubles_may_have_double_the_events():
    # One group, no trend: the rate of the past times the persons of today.
    plan = Baseline(seasons=1, outlying=0, trend_level=0)
    counts = np.full((1, YEARS), 10)
    people = np.full(YEARS, 1000.0)
    people[-1] = 2000

    found = farrington_flexible(
        counts, populations=people, baseline=plan, start=YEARS - 1
    )

    assert found.expected[0, -1] == pytest.approx(20)


@given(st.floats(0.01, 1e6))
@settings(max_examples=10, deadline=None)
def test_the_unit_of_populations_changes_nothing(scale):
    counts = weekly(11, series=2)
    people = np.random.default_rng(12).uniform(1, 2, counts.shape)

    plain, scaled = (
        farrington_flexible(counts, populations=p, start=YEARS - 1)
        for p in (people, people * scale)
    )

    np.testing.assert_allclose(plain.expected, scaled.expected, rtol=1e-7)
    np.testing.assert_array_equal(plain.alarm, scaled.alarm)


@given(st.permutations(range(5)))
@settings(max_examples=10, deadline=None)
def test_the_order_of_series_changes_nothing(order):
    counts = weekly(13, series=5)

    plain = farrington_flexible(counts, start=YEARS - 2)
    mixed = farrington_flexible(counts[order], start=YEARS - 2)

    np.testing.assert_array_equal(plain.upper_bound[order], mixed.upper_bound)


def test_bounds_are_ordered_as_what_they_take_into_account():
    counts = weekly(14, series=10, mean=30.0)

    plug_in, uncertain = (
        farrington_flexible(counts, bound=bound, start=YEARS - 1).upper_bound[:, -1]
        for bound in ("negative_binomial", "uncertain_mean")
    )

    assert (uncertain > plug_in).all()


def test_the_two_thirds_bound_is_that_worked_out_by_hand():
    # 35 weeks of 8 events: phi 1, variance of the log mean 1 / 280, but for Pearson's
    # dispersion, which is 0; so that the bound is (4 + 1.645 * 2/3 * sqrt(2))^1.5.
    plan = Baseline(seasons=1, outlying=0, trend_level=0)

    found = farrington_flexible(
        np.full((1, YEARS), 8), baseline=plan, bound="two_thirds_power", start=YEARS - 1
    )

    by_hand = (4 + 1.6448536 * 2 / 3 * 2**0.5) ** 1.5
    assert found.upper_bound[0, -1] == pytest.approx(by_hand, rel=1e-6)


def test_false_alarms_of_a_poisson_week_are_its_tail():
    # 8 expected with dispersion 1: the bound is 13 and 3.42 % of weeks are above it.
    plan = Baseline(seasons=1, outlying=0, trend_level=0)

    found = farrington_flexible(np.full((2, YEARS), 8), baseline=plan, start=YEARS - 4)

    assert found.upper_bound[0, -1] == 13
    np.testing.assert_allclose(found.false_alarms_per_year, 52 * 0.03418, rtol=1e-3)
    assert found.all_false_alarms_per_year == pytest.approx(104 * 0.03418, rel=1e-3)


def test_progress_ends_with_all_periods():
    seen = []

    farrington_flexible(
        weekly(15, series=1), start=YEARS - 30, progress=lambda *at: seen.append(at)
    )

    assert seen[-1] == (30, 30)
    assert seen == sorted(seen)


def test_the_frame_has_a_row_a_series_and_week():
    frame = farrington_flexible(weekly(16, series=2), start=YEARS - 1).to_frame()

    assert frame.shape == (2 * YEARS, 8)
    assert frame["false_alarm_chance"].is_finite().sum() == 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: farrington_flexible([1, 2]), "a row a series"),
        (lambda: farrington_flexible([[1, -2]]), "whole numbers"),
        (lambda: farrington_flexible([[1, 2.5]]), "whole numbers"),
        (lambda: farrington_flexible([[1, np.inf]]), "whole numbers"),
        (lambda: farrington_flexible([[1] * 300], start=9), "start must leave"),
        (lambda: farrington_flexible([[1]], level=1.0), "level must lie"),
        (lambda: farrington_flexible([[1]], bound="delta"), "bound must be one of"),
        (lambda: farrington_flexible([[1]], populations=0), "above zero"),
        (lambda: farrington_flexible([[1]], populations=[1, 2]), "shape"),
        (
            lambda: farrington_flexible([[1]], baseline=Baseline(recent=400)),
            "whole baseline",
        ),
        (
            lambda: farrington_flexible(
                [[1] * 80], 12, baseline=Baseline(years=5), start=70
            ),
            "seasons must be at most",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
