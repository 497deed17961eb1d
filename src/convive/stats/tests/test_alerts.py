import numpy as np
import pytest
from scipy.optimize import minimize

from convive.stats import Baseline, ears, farrington_flexible
from convive.stats.farrington import _pattern

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


@pytest.mark.slow
def test_five_percent_of_quiet_weeks_alarm():
    counts = weekly(3, series=2000, mean=30.0)

    found = farrington_flexible(counts, start=YEARS - 1)

    # Counts are whole and the mean is estimated: between 3 and 8 in a hundred.
    assert 0.03 < found.alarm[:, -1].mean() < 0.08


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


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: farrington_flexible([1, 2]), "a row a series"),
        (lambda: farrington_flexible([[1, -2]]), "whole numbers"),
        (lambda: farrington_flexible([[1] * 300], start=9), "start must leave"),
        (
            lambda: farrington_flexible(
                [[1] * 80], 12, baseline=Baseline(years=5), start=70
            ),
            "seasons must be at most",
        ),
        (lambda: ears([[1]], "C9"), "method must be"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
