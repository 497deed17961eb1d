import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from convive.stats import (
    Baseline,
    farrington_flexible,
    nowcast,
    reporting_triangle,
)

NAN = np.nan


def test_the_estimate_is_that_worked_out_by_hand():
    # Delay 2: 2 of 10 events. Delay 1, among events with delay 0 or 1: 6 of 16.
    # Reported at once: (1 - 2/10) (1 - 6/16) = 0.5; after one day: 0.8.
    triangle = [[5, 3, 2], [5, 3, NAN], [4, NAN, NAN]]

    found = nowcast(triangle)

    np.testing.assert_allclose(found.reported_share, [1, 0.8, 0.5])
    np.testing.assert_allclose(found.estimate, [10, 10, 8])
    assert (found.lower <= found.estimate).all()
    assert (found.estimate <= found.upper).all()
    assert (found.lower[0], found.upper[0]) == (10, 10)


def test_delays_that_are_all_but_known_leave_the_nowcast_of_a_poisson_rate():
    # Ten million past events: the share is 0.5 and what is to come has, after four
    # events and Jeffreys' prior, the negative binomial of size 4.5 and chance 0.5.
    triangle = [[5_000_000, 5_000_000], [4, NAN]]

    found = nowcast(triangle)

    assert found.lower[-1] == 4 + nbinom.ppf(0.025, 4.5, 0.5)
    assert found.upper[-1] == 4 + nbinom.ppf(0.975, 4.5, 0.5)


def test_no_report_yet_is_not_no_event():
    found = nowcast([[50, 50]] * 5 + [[0, NAN]])

    assert found.estimate[-1] == 0
    assert found.upper[-1] > 0


def test_a_delay_never_seen_has_no_estimate():
    found = nowcast([[0, 5], [0, 5], [0, NAN]])

    assert np.isnan(found.estimate[-1])
    assert np.isnan(found.upper[-1])


def test_recent_periods_alone_tell_the_delays():
    slow, quick = [[0, 10]] * 6, [[8, 2]] * 3
    triangle = [*slow, *quick, [8, NAN]]

    found = nowcast(triangle, recent=4)

    assert found.reported_share[-1] == pytest.approx(0.8)


def test_reports_in_batches_widen_the_interval():
    even = [[10, 10]] * 20 + [[10, NAN]]
    batches = [[20, 0], [0, 20]] * 10 + [[10, NAN]]

    widths = [np.ptp([f.lower[-1], f.upper[-1]]) for f in map(nowcast, (even, batches))]

    assert nowcast(batches).dispersion > 5
    assert widths[1] > 2 * widths[0]


def test_a_triangle_counts_each_event_once():
    # Weeks end today, on day 13; day 0 to 6 is the first of two weeks.
    event, report = [0, 3, 6, 7, 13, 2], [0, 8, 13, 9, 13, 14]

    found = reporting_triangle(
        event, report, 13, periods=2, longest_delay=1, period_days=7
    )

    np.testing.assert_array_equal(found, [[1, 2], [2, NAN]])


def test_an_alarm_on_corrected_counts_comes_before_all_is_reported():
    # Six years of six a week, half reported at once; this week eight are, and sixteen
    # are to be expected, when no more than ten should be.
    weeks = 315
    triangle = np.full((weeks, 2), 3.0)
    triangle[-1] = [8, NAN]

    final = nowcast(triangle)
    counts = np.where(final.reported_share < 1, NAN, final.observed)
    found = farrington_flexible(counts[None], baseline=Baseline(fewest=(0, 1)))

    assert final.observed[-1] < found.upper_bound[0, -1] < final.estimate[-1]


@given(st.permutations(range(8)))
def test_the_order_of_events_changes_nothing(order):
    event = np.array([0, 0, 1, 2, 2, 3, 4, 4])
    report = event + np.array([0, 3, 1, 0, 2, 1, 0, 0])

    plain, mixed = (
        reporting_triangle(e, r, 4, periods=5, longest_delay=2)
        for e, r in ((event, report), (event[order], report[order]))
    )

    np.testing.assert_array_equal(plain, mixed)


def test_the_frame_has_a_row_a_period():
    assert nowcast([[2, 3], [3, NAN]]).to_frame().shape == (2, 6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nowcast([1, 2]), "row a period"),
        (lambda: nowcast([[1, 2]]), "row a period"),
        (lambda: nowcast([[1, 2], [1, 2]]), "NaN where the delay"),
        (lambda: nowcast([[1, NAN], [1, NAN]]), "NaN where the delay"),
        (lambda: nowcast([[1, -2], [1, NAN]]), "whole numbers"),
        (lambda: nowcast([[1], [1]], 1.0), "level must lie"),
        (lambda: nowcast([[1], [1]], recent=3), "recent must be"),
        (
            lambda: reporting_triangle([1, 2], [1], 3, periods=1, longest_delay=1),
            "one day an event",
        ),
        (
            lambda: reporting_triangle([2], [1], 3, periods=1, longest_delay=1),
            "not before",
        ),
        (
            lambda: reporting_triangle([1], [1], 3, periods=0, longest_delay=1),
            "above zero",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
