import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import rolling_backtest

# Four cells of equal size, a week to learn from and a week to foretell, twice.
CELL = [0, 0, 0, 1, 1, 2, 2, 2, 0, 3, 2, 2, 2, 2, 1]
DAY = [0, 2, 6, 3, 3.5, 7, 8, 13, 9, 10, 14, 15, 16, 20, 20.9]
WEEKS = {"history_days": 7, "window_days": 7, "marked_share": 0.25}
AREA = np.ones(4)


def test_two_weeks_worked_out_by_hand():
    test = rolling_backtest(CELL, DAY, AREA, **WEEKS)

    # Week 1 has cell 0 thrice: week 2 has five events, one of them there, three in 2.
    # Week 2 has cell 2 thrice: week 3 has five, four of them there.
    assert test.start_day.tolist() == [7, 14]
    assert test.observed.tolist() == [5, 5]
    assert test.marked_share.tolist() == [0.25, 0.25]
    assert test.hit_rate == pytest.approx([1 / 5, 4 / 5])
    assert test.accuracy == pytest.approx([0.2 / 0.25, 0.8 / 0.25])
    assert test.efficiency == pytest.approx([1 / 3, 1])


def test_the_mean_has_students_interval():
    mean = rolling_backtest(CELL, DAY, AREA, **WEEKS).mean("hit_rate")

    # Two steps of 0.2 and 0.8: standard error 0.3, Student's t of one degree 12.706.
    assert mean.estimate == pytest.approx(0.5)
    assert mean.upper - mean.estimate == pytest.approx(0.3 * 12.7062, rel=1e-5)
    assert mean.to_frame().columns == ["estimate", "lower", "upper", "observed"]


def test_a_score_sees_only_the_history_before_its_window():
    seen = []

    def score(past, start):
        seen.append((np.array(DAY)[past].min(), np.array(DAY)[past].max(), start))
        return np.arange(4)

    test = rolling_backtest(CELL, DAY, AREA, **WEEKS, score=score)

    assert seen == [(0, 6, 7), (7, 13, 14)]
    # The score marks cell 3.
    assert test.hit_rate == pytest.approx([1 / 5, 0])


def test_a_window_without_events_is_unknown_and_left_out_of_the_mean():
    cell, day = [0, 0, 1, 0], [0, 1, 8, 21]

    test = rolling_backtest(cell, day, AREA, **WEEKS, rng=np.random.default_rng(1))

    assert test.observed.tolist() == [1, 0]
    assert np.isnan(test.accuracy).tolist() == [False, True]
    mean = test.mean()
    assert mean.observed == 1
    assert np.isnan(mean.lower)


def test_windows_that_hold_nothing_at_all_have_no_mean():
    test = rolling_backtest([0], [0], AREA, **WEEKS, period_days=(0, 14))

    assert np.isnan(test.mean().estimate)


def test_the_count_is_that_by_area():
    # Two events in a large cell are thinner than one in a small one.
    test = rolling_backtest(
        [0, 0, 1, 1],
        [0, 1, 2, 8],
        [8, 1, 1],
        **{**WEEKS, "marked_share": 0.15},
        period_days=(0, 14),
    )

    assert test.hit_rate.tolist() == [1]
    assert test.accuracy == pytest.approx([10])


def test_cells_are_marked_while_they_fit_but_always_one():
    test = rolling_backtest(CELL, DAY, AREA, **{**WEEKS, "marked_share": 0.6})
    tiny = rolling_backtest(CELL, DAY, AREA, **{**WEEKS, "marked_share": 0.01})

    assert test.marked_share.tolist() == [0.5, 0.5]
    assert tiny.marked_share.tolist() == [0.25, 0.25]


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_order_of_events_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    cell, day = rng.integers(0, 12, 80), rng.uniform(0, 60, 80)
    order = rng.permutation(80)

    def run(cell, day):
        return rolling_backtest(
            cell, day, np.ones(12), **WEEKS, rng=np.random.default_rng(1)
        ).to_frame()

    assert run(cell, day).equals(run(cell[order], day[order]))


def test_progress_is_told():
    told = []

    rolling_backtest(CELL, DAY, AREA, **WEEKS, progress=lambda *at: told.append(at))

    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cell": [0, 1]}, "cell and day must hold one value an event"),
        ({"cell": [], "day": []}, "one event or more"),
        ({"cell": np.full(15, 4)}, "cell must be whole numbers from 0 to 3"),
        ({"cell": np.full(15, -1)}, "cell must be whole numbers"),
        ({"cell": np.full(15, 0.5)}, "cell must be whole numbers"),
        ({"day": np.full(15, np.nan)}, "day must be finite"),
        ({"area": [1, 1, 1, 0]}, "area must hold two cells or more"),
        ({"area": [1, 1, 1, np.nan]}, "area must hold two cells or more"),
        ({"area": [1]}, "area must hold two cells or more"),
        ({"history_days": 0}, "history_days must be above zero"),
        ({"window_days": -7}, "window_days must be above zero"),
        ({"marked_share": 0}, "marked_share must lie between 0 and 1"),
        ({"marked_share": 1}, "marked_share must lie between 0 and 1"),
        ({"history_days": 20}, "21 days are fewer than 27"),
        ({"period_days": (0, 13)}, "13 days are fewer than 14"),
        ({"score": lambda past, start: [1, 2]}, "score must give one known number"),
        ({"score": lambda past, start: np.full(4, np.nan)}, "one known number a cell"),
    ],
)
def test_bad_input_is_named(change, words):
    given = {"cell": CELL, "day": DAY, "area": AREA, **WEEKS, **change}

    with pytest.raises(ValueError, match=words):
        rolling_backtest(**given)


@pytest.mark.parametrize(
    ("how", "words"),
    [(("luck",), "measure must be"), (("accuracy", 1), "level must lie between")],
)
def test_a_bad_mean_is_named(how, words):
    with pytest.raises(ValueError, match=words):
        rolling_backtest(CELL, DAY, AREA, **WEEKS).mean(*how)
