import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convive.stats import attack_table, disclosure, suppress_table

THRESHOLD = 5


def test_one_small_cell_takes_a_second_one_with_it():
    table = suppress_table([12, 3, 40], THRESHOLD)

    assert table.is_withheld.tolist() == [[True, True, False]]


def test_zeros_and_large_counts_are_shown():
    table = suppress_table([[0, 8], [10, 0]], THRESHOLD)

    assert not table.is_withheld.any()


def test_without_margins_only_small_cells_are_withheld():
    table = suppress_table([12, 3, 40], THRESHOLD, margins=False)

    assert table.is_withheld.tolist() == [[False, True, False]]
    assert np.isnan(table.row_totals).all()


def test_a_lone_small_count_hides_its_total_too():
    table = suppress_table([0, 3, 0], THRESHOLD)

    assert np.isnan(table.row_totals).all()


def test_a_fraction_is_refused():
    with pytest.raises(ValueError, match="whole numbers"):
        suppress_table([1.5], THRESHOLD)


@given(
    arrays(np.int64, st.tuples(*[st.integers(1, 4)] * 2), elements=st.integers(0, 30))
)
@settings(max_examples=60, deadline=None)
def test_no_small_count_can_be_worked_out_from_the_totals(counts):
    table = suppress_table(counts, THRESHOLD)

    bounds = attack_table(table)

    true = counts[bounds.row, bounds.column]
    small = (true > 0) & (true < THRESHOLD)
    assert (bounds.lower <= true + 1e-6).all()
    assert (bounds.upper >= true - 1e-6).all()
    assert (bounds.upper[small] >= THRESHOLD - 1e-6).all()


@pytest.mark.parametrize("row", [[12, 3, 40], [1, 0, 30], [2, 2, 9, 4], [7, 8, 3]])
def test_one_row_is_bounded_as_the_linear_programme_bounds_it(row):
    published = suppress_table(row, 5)
    places = np.nonzero(published.is_withheld)

    quick = attack_table(published)
    lower, upper = disclosure._programme(published, *places)

    np.testing.assert_allclose(quick.lower, lower, atol=1e-7)
    np.testing.assert_allclose(quick.upper, upper, atol=1e-7)
