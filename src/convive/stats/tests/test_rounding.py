from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convive.stats import round_table

TABLES = arrays(
    np.int64, st.tuples(*[st.integers(1, 6)] * 2), elements=st.integers(0, 40)
)
RUNS = 2_000
# Five standard errors: one false alarm in two million cells.
ERRORS = 5
COUNTS = np.array([[3, 8, 0], [6, 13, 5], [1, 1, 24]])


def with_totals(counts):
    for axis in range(counts.ndim):
        if counts.shape[axis] > 1:
            total = counts.sum(axis=axis, keepdims=True)
            counts = np.concatenate([counts, total], axis=axis)
    return counts


def assert_additive(table):
    np.testing.assert_array_equal(table.with_margins, with_totals(table.values))


@given(TABLES, st.sampled_from([2, 3, 5, 10]), st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_controlled_rounding_adds_up_and_goes_to_a_multiple_next_door(
    counts, base, seed
):
    table = round_table(counts, base, rng=np.random.default_rng(seed))

    assert_additive(table)
    true = with_totals(counts)
    assert (np.abs(table.with_margins - true) < base).all()
    assert (table.with_margins % base == 0).all()
    np.testing.assert_array_equal(
        table.with_margins[true % base == 0], true[true % base == 0]
    )


@pytest.mark.parametrize("method", ["controlled", "random"])
def test_the_mean_of_many_roundings_is_the_count(method):
    rng = np.random.default_rng(11)

    rounded = np.array(
        [round_table(COUNTS, 5, method, rng).with_margins for _ in range(RUNS)]
    )

    error = rounded.std(axis=0) / np.sqrt(RUNS)
    away = np.abs(rounded.mean(axis=0) - with_totals(COUNTS))
    assert (away <= ERRORS * error + 1e-9).all()
    assert (rounded.std(axis=0)[:3, :3] > 0).sum() == (COUNTS % 5 > 0).sum()


@pytest.mark.parametrize("method", ["controlled", "random", "nearest"])
@given(counts=TABLES, base=st.sampled_from([2, 3, 4, 5]))
@settings(max_examples=20, deadline=None)
def test_the_count_lies_where_a_reader_is_told_it_may(method, counts, base):
    table = round_table(counts, base, method, np.random.default_rng(1))

    true = with_totals(counts)
    assert_additive(table)
    assert (table.lower <= true).all()
    assert (true <= table.upper).all()


def test_nearest_rounds_a_half_up():
    table = round_table([2, 6, 9], 4, "nearest")

    assert table.with_margins.tolist() == [[4, 8, 8, 20]]
    assert table.lower.tolist() == [[2, 6, 6, 14]]
    assert table.upper.tolist() == [[5, 9, 9, 23]]


def test_three_axes_are_rounded_with_all_their_totals():
    counts = np.random.default_rng(3).poisson(7, (4, 3, 3))

    table = round_table(counts, 5)

    assert_additive(table)
    assert (np.abs(table.with_margins - with_totals(counts)) < 5).all()


def test_a_table_without_controlled_rounding_is_refused():
    counts = np.array([[[0, 1], [0, 0]], [[1, 0], [0, 1]]])
    # By twos each of the three ones goes up or stays: none of the eight ways is near
    # every total.
    for ups in product([0, 2], repeat=3):
        rounded = np.zeros((2, 2, 2), dtype=int)
        rounded[counts == 1] = ups
        away = np.abs(with_totals(rounded) - with_totals(counts))
        assert away.max() >= 2

    with pytest.raises(ValueError, match="no controlled rounding"):
        round_table(counts, 2)


def test_the_same_generator_gives_the_same_answer():
    tables = [round_table(COUNTS, rng=np.random.default_rng(8)) for _ in range(2)]

    np.testing.assert_array_equal(tables[0].values, tables[1].values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"table": [1.5]}, "whole numbers"),
        ({"table": [[]]}, "one to four axes"),
        ({"base": 1}, "base must be"),
        ({"base": 2.5}, "base must be"),
        ({"method": "upward"}, "method must be"),
    ],
)
def test_bad_input_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        round_table(**({"table": [1, 2]} | change))
