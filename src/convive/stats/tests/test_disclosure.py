from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from convive.stats import attack_table, suppress_table

THRESHOLD = 5
# HiGHS answers to 1e-7.
SLACK = 1e-6
COUNTS = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 8, 12, 30])


def sums_of_cells(shape, hierarchies):
    """Which cells each published number adds up, by names and without the library."""
    sets = []
    for size, levels in zip(shape, hierarchies, strict=True):
        one_axis = [[i] for i in range(size)]
        for level in levels:
            one_axis += [
                [i for i in range(size) if level[i] == name]
                for name in sorted(set(level))
            ]
        if size > 1:
            one_axis.append(list(range(size)))
        sets.append(one_axis)
    rows = []
    for chosen in product(*sets):
        row = np.zeros(shape)
        row[np.ix_(*chosen)] = 1
        rows.append(row.ravel())
    return np.array(rows)


def raw_attack(adds, shown, goal, least=1.0):
    """Least and most that a sum can be, over all cells that no number contradicts."""
    is_known = ~np.isnan(shown)
    limits = []
    for sign in (1, -1):
        answer = linprog(
            sign * goal,
            A_eq=adds[is_known],
            b_eq=shown[is_known],
            A_ub=-adds[~is_known],
            b_ub=np.full((~is_known).sum(), -least),
        )
        assert answer.status in (0, 3)
        limits.append(sign * answer.fun if answer.status == 0 else np.inf)
    return limits


def assert_safe(counts, hierarchies=None):
    """No small number is known to be small, and none withheld follows from the rest."""
    named = hierarchies or [None] * counts.ndim
    levels = [[] if level is None else np.atleast_2d(level).tolist() for level in named]
    table = suppress_table(counts, THRESHOLD, hierarchies=hierarchies)
    adds = sums_of_cells(counts.shape, levels)
    true, shown = adds @ counts.ravel(), table.with_margins.ravel()
    np.testing.assert_array_equal(shown[~np.isnan(shown)], true[~np.isnan(shown)])
    assert np.isnan(shown[(true > 0) & (true < THRESHOLD)]).all()
    assert not np.isnan(shown[true == 0]).any()
    for cell in np.flatnonzero(np.isnan(shown)):
        low, high = raw_attack(adds, shown, adds[cell])
        assert high > low + 0.5
        if true[cell] < THRESHOLD:
            assert high >= THRESHOLD - SLACK


@given(arrays(np.int64, st.tuples(*[st.integers(1, 4)] * 2), elements=COUNTS))
@settings(max_examples=40, deadline=None)
def test_a_reader_of_two_axes_learns_no_small_count(counts):
    assert_safe(counts)


@given(arrays(np.int64, st.tuples(*[st.integers(1, 3)] * 3), elements=COUNTS))
@settings(max_examples=25, deadline=None)
def test_a_reader_of_three_axes_learns_no_small_count(counts):
    assert_safe(counts)


@given(arrays(np.int64, (4, 2, 3), elements=COUNTS))
@settings(max_examples=15, deadline=None)
def test_a_reader_of_municipalities_and_departments_learns_no_small_count(counts):
    assert_safe(counts, [["west", "west", "east", "east"], None, None])


@given(arrays(np.int64, (6, 3), elements=COUNTS))
@settings(max_examples=15, deadline=None)
def test_a_reader_of_three_levels_and_two_hierarchies_learns_no_small_count(counts):
    assert_safe(counts, [[[1, 1, 2, 2, 3, 4], [1, 1, 1, 1, 2, 2]], ["a", "a", "b"]])


@given(arrays(np.int64, (2, 2, 2, 2), elements=COUNTS))
@settings(max_examples=10, deadline=None)
def test_a_reader_of_four_axes_learns_no_small_count(counts):
    assert_safe(counts)


@given(arrays(np.int64, (6,), elements=COUNTS))
@settings(max_examples=25, deadline=None)
def test_a_reader_of_one_axis_with_groups_learns_no_small_count(counts):
    assert_safe(counts[None, :], [None, [1, 1, 1, 2, 2, 3]])


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_the_order_of_the_axes_changes_no_guarantee(order):
    counts = np.random.default_rng(4).poisson(6, (4, 3, 2))

    assert_safe(counts.transpose(order))


def test_one_small_cell_takes_a_second_one_with_it():
    table = suppress_table([12, 3, 40], THRESHOLD)

    assert table.is_withheld.tolist() == [[True, True, False]]


def test_two_small_cells_that_hide_each_other_too_little_take_a_third():
    # 1 and 4 add up to 5: knowing that neither is 0, a reader knows both are small.
    table = suppress_table([1, 4, 40, 9], THRESHOLD)

    assert table.is_withheld.tolist() == [[True, True, False, True]]


def test_zeros_and_large_counts_are_shown():
    table = suppress_table([[0, 8], [10, 0]], THRESHOLD)

    assert not np.isnan(table.with_margins).any()
    assert table.with_margins.tolist() == [[0, 8, 8], [10, 0, 10], [10, 8, 18]]


def test_without_margins_only_small_cells_are_withheld():
    table = suppress_table([12, 3, 40], THRESHOLD, margins=False)

    assert table.is_withheld.tolist() == [[False, True, False]]
    assert np.isnan(table.row_totals).all()
    assert not table.has_margins


def test_a_lone_small_count_hides_its_total_too():
    table = suppress_table([0, 3, 0], THRESHOLD)

    assert np.isnan(table.row_totals).all()
    assert not table.has_margins


def test_a_square_of_four_is_withheld_for_one_small_cell():
    counts = [[9, 2, 70], [80, 60, 90], [7, 8, 60]]

    table = suppress_table(counts, THRESHOLD)

    # The least that hides the 2: a rectangle through the other small numbers.
    assert np.argwhere(table.is_withheld).tolist() == [[0, 0], [0, 1], [2, 0], [2, 1]]
    assert not np.isnan(table.row_totals).any()
    assert not np.isnan(table.column_totals).any()


def test_a_cycle_of_six_is_withheld_where_no_rectangle_is():
    # The last column and the totals are dear: 9 + 8 + 7 + 6 + 9 is less.
    counts = [[3, 9, 0, 300], [0, 8, 7, 400], [9, 0, 6, 500], [90, 90, 90, 90]]

    table = suppress_table(counts, THRESHOLD)

    assert np.argwhere(table.is_withheld).tolist() == [
        *([0, 0], [0, 1], [1, 1], [1, 2], [2, 0], [2, 2])
    ]
    assert np.isnan(table.with_margins).sum() == 6


def test_a_small_total_of_a_department_is_withheld():
    counts = np.array([[1, 9], [2, 8], [20, 30], [25, 35]])

    table = suppress_table(counts, THRESHOLD, hierarchies=[[0, 0, 1, 1], None])

    assert table.with_margins.shape == (7, 3)
    assert np.isnan(table.with_margins[4, 0])
    assert table.with_margins[5].tolist()[2] == 110


def test_progress_ends_with_all_small_counts_hidden():
    told = []

    suppress_table(
        [[9, 2], [8, 60]], THRESHOLD, progress=lambda *step: told.append(step)
    )

    assert told
    assert told[-1][0] == told[-1][1]


def test_the_frame_has_a_row_for_each_cell_and_total():
    frame = suppress_table([[12, 3, 40], [9, 9, 9]], THRESHOLD).to_frame()

    assert frame.columns == ["row", "column", "is_total", "value", "is_withheld"]
    assert frame.height == 12
    assert frame.filter("is_total")["value"].to_list()[-1] == 82


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"table": [1.5]}, "whole numbers"),
        ({"table": [-1]}, "whole numbers"),
        ({"table": [np.nan]}, "whole numbers"),
        ({"table": []}, "one to four axes"),
        ({"table": np.ones((2,) * 5)}, "one to four axes"),
        ({"threshold": 0}, "at least 1"),
        ({"hierarchies": [None]}, "one item an axis"),
        ({"hierarchies": [None, [1, 1, 2]]}, "each of 2 categories"),
        ({"hierarchies": [[[1, 1], [1, 2]], None]}, "must nest"),
    ],
)
def test_bad_input_is_named(arguments, words):
    given_ = {"table": [[1, 2], [3, 4]], "threshold": THRESHOLD} | arguments

    with pytest.raises(ValueError, match=words):
        suppress_table(**given_)


@given(
    arrays(np.int64, (3, 3), elements=COUNTS),
    st.sampled_from([(0, 1), (1, 0)]),
)
@settings(max_examples=15, deadline=None)
def test_the_bounds_are_those_of_a_programme_over_the_cells_alone(counts, order):
    counts = counts.transpose(order)
    table = suppress_table(counts, THRESHOLD)
    adds = sums_of_cells(counts.shape, [[], []])

    bounds = attack_table(table)

    if not table.has_margins:
        return
    places = np.ravel_multi_index(tuple(bounds.position.T), table.with_margins.shape)
    raw = [raw_attack(adds, table.with_margins.ravel(), adds[at]) for at in places]
    np.testing.assert_allclose(
        np.column_stack([bounds.lower, bounds.upper]),
        np.array(raw).reshape(-1, 2),
        atol=1e-5,
    )
