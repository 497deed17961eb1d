import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import (
    false_discovery_threshold,
    getis_ord_g_star,
    local_moran,
    moran_i,
    spatial_weights,
)
from convive.stats._kernels.draws import (
    equal_tail_counts,
    tail_counts,
    tail_counts_plainly,
)

# The example in the documentation of esda: six points, neighbours within 15.
POINTS = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
VALUES = [2, 3, 3.2, 5, 8, 7]
ESDA_STANDARD_SCORES = [
    -1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331,
]  # fmt: skip


def grid(side):
    boxes = [shapely.box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)]
    return spatial_weights(np.array(boxes), contiguity="queen")


def draws(seed, places, longest, runs=50):
    rng = np.random.default_rng(seed)
    heads = [rng.choice(places, longest, replace=False) for _ in range(runs)]
    return np.array(heads, dtype=np.int32)


def test_g_star_gives_the_published_standard_scores():
    weights = spatial_weights(POINTS, within_m=15)

    scores = getis_ord_g_star(VALUES, weights, 0).statistic

    np.testing.assert_allclose(scores, ESDA_STANDARD_SCORES, atol=1e-8)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_local_moran_averages_to_the_global_one(seed):
    values = np.random.default_rng(seed).gamma(2, 1, 36)
    weights = grid(6).row_standardised()

    local = local_moran(values, weights, 0).statistic
    whole = moran_i(values, weights, 0).statistic

    assert local.sum() / 35 == pytest.approx(whole)


def test_the_loop_and_numpy_count_the_same_tails():
    rng = np.random.default_rng(8)
    weights = spatial_weights(rng.uniform(0, 1, (40, 2)), nearest=4)
    uneven = rng.uniform(0.5, 2, len(weights.weights))
    values = rng.poisson(2, 40).astype(float)
    observed = rng.normal(8, 4, 40)
    drawn = draws(1, 40, 5)

    links = weights.starts, uneven
    both = [
        count(values, links, observed, drawn, 1e-9)
        for count in (tail_counts, tail_counts_plainly)
    ]

    assert (both[0] == both[1]).all()


def test_the_short_way_for_equal_weights_counts_the_same_tails():
    rng = np.random.default_rng(9)
    weights = spatial_weights(rng.uniform(0, 1, (30, 2)), within_m=0.3)
    degree = np.diff(weights.starts)
    values = rng.poisson(2, 30).astype(float)
    observed = weights.to_sparse() @ values
    drawn = draws(2, 30, int(degree.max()) + 1, runs=400)

    short = equal_tail_counts(values, degree, observed, drawn, 1e-9)

    links = weights.starts, weights.weights
    plain = tail_counts_plainly(values, links, observed, drawn, 1e-9)
    has_neighbours = degree > 0
    assert (short[:, has_neighbours] == plain[:, has_neighbours]).all()


@pytest.mark.slow
@pytest.mark.parametrize("test", [local_moran, getis_ord_g_star])
def test_five_percent_are_called_where_nothing_is(test):
    rng = np.random.default_rng(2000)
    weights = grid(7)
    runs, middle = 2000, 24

    p = [
        test(rng.normal(size=49), weights, 199, rng).p_value[middle]
        for _ in range(runs)
    ]

    # Three standard errors of a share of 0.05 in 2,000 runs.
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(
        0.05, abs=3 * np.sqrt(0.05 * 0.95 / runs)
    )


def test_a_planted_hot_spot_is_found():
    values = np.random.default_rng(3).poisson(3, 100).astype(float)
    values[[44, 45, 54, 55]] += 30

    hot = getis_ord_g_star(values, grid(10), 999, np.random.default_rng(4))

    assert (hot.p_upper[[44, 45, 54, 55]] <= 0.01).all()
    assert hot.statistic.argmax() in {44, 45, 54, 55}


def test_a_place_without_neighbours_is_masked():
    weights = spatial_weights([[0, 0], [1, 0], [2, 0], [900, 0]], within_m=1)

    local = local_moran([1, 2, 3, 4], weights, 9)

    assert np.isnan(local.p_value).tolist() == [False, False, False, True]


def test_rook_neighbours_share_a_line_and_queens_a_corner_too():
    boxes = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2)])

    assert len(spatial_weights(boxes, contiguity="queen").neighbours) == 2
    assert len(spatial_weights(boxes, contiguity="rook").neighbours) == 0


def test_nearest_neighbours_are_others_even_where_points_coincide():
    weights = spatial_weights([[0, 0], [0, 0], [0, 0], [5, 0]], nearest=2)

    frame = weights.to_frame()
    assert (np.diff(weights.starts) == 2).all()
    assert frame.filter(frame["place"] == frame["neighbour"]).is_empty()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1, 2], "one number a place"),
        ([1, np.nan, 3, 4], "values must be finite"),
        ([2, 2, 2, 2], "not be all equal"),
    ],
)
def test_bad_values_are_named(values, words):
    weights = spatial_weights([[0, 0], [1, 0], [2, 0], [3, 0]], within_m=1)

    with pytest.raises(ValueError, match=words):
        local_moran(values, weights)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ({}, "ask for one"),
        ({"nearest": 9}, "nearest must lie"),
        ({"within_m": 0}, "within_m must be above zero"),
        ({"contiguity": "bishop"}, "queen"),
    ],
)
def test_a_bad_kind_of_neighbour_is_named(kind, words):
    with pytest.raises(ValueError, match=words):
        spatial_weights([[0, 0], [1, 1]], **kind)


def test_no_test_is_called_significant_when_none_passes():
    assert false_discovery_threshold([0.2, 0.9, np.nan]) == 0
