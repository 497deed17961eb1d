import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import spatial_weights
from convive.stats.weights import as_weights

LINE = [[0, 0], [1, 0], [2, 0], [3, 0]]


def neighbours(weights, place):
    links = weights.neighbours[weights.starts[place] : weights.starts[place + 1]]
    return links.tolist()


def test_places_at_the_distance_itself_are_within_it():
    weights = spatial_weights([[0, 0], [30, 40], [0, 51]], within_m=50)

    assert [neighbours(weights, place) for place in range(3)] == [[1], [0, 2], [1]]


@given(st.integers(0, 10_000), st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_the_nearest_are_those_that_sorting_all_distances_gives(seed, nearest):
    # On a small lattice many places are equally near and some coincide.
    xy = np.random.default_rng(seed).integers(0, 4, (12, 2))

    weights = spatial_weights(xy, nearest=nearest)

    for place in range(12):
        apart = np.hypot(*(xy - xy[place]).T)
        apart[place] = np.inf
        expected = np.argsort(apart, kind="stable")[:nearest]
        assert neighbours(weights, place) == sorted(expected.tolist())


def test_nearest_neighbours_are_others_even_where_points_coincide():
    weights = spatial_weights([[0, 0], [0, 0], [0, 0], [5, 0]], nearest=2)

    assert [neighbours(weights, place) for place in range(3)] == [
        [1, 2],
        [0, 2],
        [0, 1],
    ]


def test_inverse_distance_halves_when_distance_doubles():
    weights = spatial_weights([[0, 0], [10, 0], [30, 0]], nearest=2, distance_power=1)

    assert weights.weights[:2] == pytest.approx([1 / 10, 1 / 30])


def test_rows_sum_to_one_and_a_lonely_place_keeps_none():
    weights = spatial_weights([[0, 0], [1, 0], [2, 0], [900, 0]], within_m=2)

    sums = weights.row_standardised().to_sparse().sum(axis=1)

    assert sums.tolist() == [1, 1, 1, 0]
    assert weights.is_alone.tolist() == [False, False, False, True]


def test_only_a_place_without_weight_on_itself_is_given_one():
    weights = as_weights([[3, 1], [1, 0]]).with_self()

    assert weights.to_sparse().toarray().tolist() == [[3, 1], [1, 1]]
    assert weights.without_self().to_sparse().toarray().tolist() == [[0, 1], [1, 0]]


def test_what_is_done_to_the_matrix_does_not_change_the_weights():
    weights = spatial_weights(LINE, within_m=1)

    matrix = weights.to_sparse()
    matrix.data[:] = 9

    assert (weights.weights == 1).all()


def test_the_matrix_of_the_caller_stays_as_it_is():
    from scipy.sparse import csr_array

    given = csr_array(([0.0, 2.0, 1.0], ([0, 0, 1], [1, 2, 0])), (3, 3))

    as_weights(given)

    assert given.nnz == 3


def test_the_frame_has_one_row_a_link():
    frame = spatial_weights([[0, 0], [1, 0]], within_m=1).to_frame()

    assert frame.rows() == [(0, 1, 1.0), (1, 0, 1.0)]


@pytest.mark.parametrize(
    ("places", "kind", "words"),
    [
        (LINE, {}, "ask for one"),
        (LINE, {"nearest": 1, "within_m": 3}, "ask for one"),
        (LINE, {"nearest": 4}, "nearest must lie between 1 and 3"),
        (LINE, {"nearest": 1.5}, "nearest must lie"),
        (LINE, {"within_m": 0}, "within_m must be above zero"),
        (LINE, {"within_m": np.nan}, "within_m must be above zero"),
        (LINE, {"within_m": 1, "distance_power": -1}, "distance_power must be zero"),
        ([[0, 0], [0, 0]], {"nearest": 1, "distance_power": 1}, "not coincide"),
        ([[0, np.nan]], {"within_m": 1}, "two finite columns"),
        ([], {"within_m": 1}, "two finite columns"),
        ([[0, 0]], {"nearest": 1}, "nearest must lie"),
    ],
)
def test_a_bad_kind_of_neighbour_is_named(places, kind, words):
    with pytest.raises(ValueError, match=words):
        spatial_weights(places, **kind)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[0, 1, 0], [1, 0, 0]], "square matrix"),
        ([[0, -1], [1, 0]], "zero or more"),
        ([[0, np.nan], [1, 0]], "finite"),
    ],
)
def test_a_bad_matrix_of_weights_is_named(matrix, words):
    with pytest.raises(ValueError, match=words):
        as_weights(matrix)
