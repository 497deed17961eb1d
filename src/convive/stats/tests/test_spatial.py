import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import moran_i, spatial_weights
from convive.stats.weights import as_weights

LINE = spatial_weights([[0, 0], [1, 0], [2, 0], [3, 0]], within_m=1)


def test_moran_i_of_four_places_in_a_line_is_as_by_hand():
    # Deviations -1.5 -0.5 0.5 1.5: products .75 - .25 + .75, each twice; squares 5.
    assert moran_i([1, 2, 3, 4], LINE, 0).statistic == pytest.approx(4 / 6 * 2.5 / 5)


def test_every_other_place_high_is_as_unlike_as_can_be():
    test = moran_i([1, 0, 1, 0], LINE, 0)

    assert test.statistic == pytest.approx(-1)
    assert test.expected == pytest.approx(-1 / 3)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_neither_the_unit_nor_the_order_of_places_matters(seed):
    rng = np.random.default_rng(seed)
    values, matrix = rng.gamma(2, 1, 9), rng.random((9, 9)) * (rng.random((9, 9)) < 0.4)
    matrix[0, 1] = 1
    order = rng.permutation(9)

    here = moran_i(values, matrix, 0)
    there = moran_i(3 + 7 * values[order], matrix[order][:, order], 0)

    assert there.statistic == pytest.approx(here.statistic, abs=1e-12)
    assert there.p_normal == pytest.approx(here.p_normal, abs=1e-9)


def test_shuffles_that_give_the_same_sum_count_on_both_sides():
    # Three places in a ring: every order of the values gives the same I.
    ring = as_weights([[0, 1, 1], [1, 0, 1], [1, 1, 0]])

    test = moran_i([0.1, 0.2, 0.7], ring, 99, np.random.default_rng(0))

    assert (test.p_value, test.p_normal) == (1, 1)


def test_pseudo_p_value_is_that_of_all_orders():
    # Of the 24 orders in a line only the two that rise or fall have I = 1/3.
    test = moran_i([1, 2, 3, 4], LINE, 9_999, np.random.default_rng(5))

    # Twice 2/24, within 4 standard errors.
    error = 2 * np.sqrt(1 / 12 * 11 / 12 / 9_999)
    assert test.p_value == pytest.approx(1 / 6, abs=4 * error)


def test_the_same_source_of_chance_gives_the_same_answer():
    values = np.arange(30.0) % 7
    weights = spatial_weights(np.arange(60).reshape(30, 2), nearest=3)

    both = [moran_i(values, weights, 99, np.random.default_rng(3)) for _ in range(2)]

    assert both[0] == both[1]
    assert both[0].to_frame().shape == (1, 5)


@pytest.mark.parametrize(
    ("values", "weights", "permutations", "words"),
    [
        ([1, 2], LINE, 9, "values must hold one number a place"),
        ([1, np.nan, 3, 4], LINE, 9, "values must be finite"),
        ([2, 2, 2, 2], LINE, 9, "not be all equal"),
        ([1, 2], [[0, 1], [1, 0]], 9, "three places or more"),
        ([1, 2, 3], np.zeros((3, 3)), 9, "at least one place a neighbour"),
        ([1, 2, 3, 4], LINE, -1, "permutations must be zero or more"),
    ],
)
def test_bad_input_is_named(values, weights, permutations, words):
    with pytest.raises(ValueError, match=words):
        moran_i(values, weights, permutations)
