import numpy as np
import pytest

from convive.stats import attack_table, suppress_table


def test_two_withheld_cells_share_what_the_total_leaves():
    # 15 events in two cells of at least one each.
    bounds = attack_table(suppress_table([12, 3, 40], 5))

    assert bounds.row.tolist() == [0, 0]
    assert bounds.column.tolist() == [0, 1]
    assert bounds.lower.tolist() == [1, 1]
    assert bounds.upper.tolist() == [14, 14]


def test_a_reader_who_does_not_know_that_zeros_are_shown_learns_less():
    bounds = attack_table(suppress_table([12, 3, 40], 5), prior_lower=0)

    assert bounds.lower.tolist() == [0, 0]
    assert bounds.upper.tolist() == [15, 15]


def test_a_reader_who_knows_one_cell_knows_the_other():
    known = np.array([[12, 1, 1, 1.0]]), np.array([[12, np.inf, np.inf, np.inf]])

    bounds = attack_table(
        suppress_table([12, 3, 40], 5), prior_lower=known[0], prior_upper=known[1]
    )

    assert bounds.lower.tolist() == [12, 3]
    assert bounds.upper.tolist() == [12, 3]


def test_a_rectangle_moves_by_what_its_smallest_corner_can_give():
    # Withheld: 9 2 / 7 8. The 2 can rise while 9 and 8 fall to 1, and fall by one.
    table = suppress_table([[9, 2, 70], [80, 60, 90], [7, 8, 60]], 5)

    bounds = attack_table(table)

    assert bounds.position.tolist() == [[0, 0], [0, 1], [2, 0], [2, 1]]
    np.testing.assert_allclose(bounds.lower, [2, 1, 6, 1], atol=1e-6)
    np.testing.assert_allclose(bounds.upper, [10, 9, 14, 9], atol=1e-6)


def test_without_totals_nothing_is_known_of_withheld_cells():
    bounds = attack_table(suppress_table([[12, 3], [4, 40]], 5, margins=False))

    assert bounds.lower.tolist() == [1, 1]
    assert np.isinf(bounds.upper).all()


def test_nothing_withheld_is_nothing_to_bound():
    assert attack_table(suppress_table([[12, 30], [40, 40]], 5)).to_frame().height == 0


def test_some_cells_can_be_asked_for_alone():
    table = suppress_table([[9, 2, 70], [80, 60, 90], [7, 8, 60]], 5)
    only = np.zeros(table.with_margins.shape, dtype=bool)
    only[0, 1] = True
    told = []

    bounds = attack_table(table, only=only, progress=lambda *step: told.append(step))

    assert bounds.position.tolist() == [[0, 1]]
    assert told == [(1, 1)]


def test_parts_that_share_no_sum_are_bounded_apart():
    block = np.array([[9, 2], [7, 8]])
    counts = np.zeros((4, 4))
    counts[:2, :2], counts[2:, 2:] = block, block

    bounds = attack_table(suppress_table(counts, 5))

    np.testing.assert_allclose(bounds.upper, [10, 9, 14, 9] * 2, atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"only": [True]}, "only must be"),
        ({"prior_lower": [1, 2]}, "prior_lower must be"),
        ({"prior_upper": np.nan}, "prior_upper must be"),
    ],
)
def test_bad_input_is_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        attack_table(suppress_table([12, 3, 40], 5), **arguments)


def test_a_prior_that_the_totals_contradict_is_told():
    table = suppress_table([[9, 2, 70], [80, 60, 90], [7, 8, 60]], 5)

    with pytest.raises(RuntimeError, match="contradict"):
        attack_table(table, prior_lower=50)
