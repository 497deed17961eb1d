import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import getis_ord_g_star, local_moran, moran_i, spatial_weights

# The example in the documentation of esda: six points, neighbours within 15.
POINTS = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
VALUES = [2, 3, 3.2, 5, 8, 7]
ESDA_STANDARD_SCORES = [
    -1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331,
]  # fmt: skip
LINE = spatial_weights([[0, 0], [1, 0], [2, 0], [3, 0]], within_m=1)
BOTH = pytest.mark.parametrize("test", [local_moran, getis_ord_g_star])


def grid(side):
    """Queen neighbours of the cells of a square."""
    xy = np.stack(np.divmod(np.arange(side * side), side), axis=1)
    return spatial_weights(xy, within_m=1.5)


def test_g_star_gives_the_published_standard_scores():
    weights = spatial_weights(POINTS, within_m=15)

    scores = getis_ord_g_star(VALUES, weights, 0).statistic

    np.testing.assert_allclose(scores, ESDA_STANDARD_SCORES, atol=1e-8)


def test_a_weight_on_itself_that_is_given_is_kept():
    weights = spatial_weights(POINTS, within_m=15)

    twice = getis_ord_g_star(VALUES, weights.with_self(), 0).statistic

    np.testing.assert_allclose(twice, ESDA_STANDARD_SCORES, atol=1e-8)


@BOTH
def test_the_weights_of_the_caller_stay_as_they_are(test):
    weights = LINE.with_self()

    test([1, 2, 3, 4], weights, 9)

    assert (weights.to_sparse().diagonal() == 1).all()


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_local_moran_averages_to_the_global_one(seed):
    values = np.random.default_rng(seed).gamma(2, 1, 36)
    weights = grid(6).row_standardised()

    local = local_moran(values, weights, 0).statistic
    whole = moran_i(values, weights, 0).statistic

    assert local.sum() / 35 == pytest.approx(whole)


def test_quadrants_tell_hot_places_from_odd_ones():
    # High, high, high, low among low, low, high: of seven in a line.
    line = spatial_weights([[x, 0] for x in range(7)], within_m=1)

    found = local_moran([9, 9, 9, 0, 0, 0, 9], line, 0)

    assert found.quadrant.tolist() == [
        "high-high",
        "high-high",
        "high-low",  # its surroundings average 4.5, below the mean of 5.14
        "low-low",
        "low-low",
        "low-low",
        "high-low",
    ]


@BOTH
def test_a_place_without_neighbours_is_masked(test):
    weights = spatial_weights([[0, 0], [1, 0], [2, 0], [900, 0]], within_m=1)

    local = test([1, 2, 3, 4], weights, 9)

    assert np.isnan(local.p_value).tolist() == [False, False, False, True]
    assert np.isnan(local.statistic).tolist() == [False, False, False, True]
    assert not local.is_significant(0.9)[3]
    if test is local_moran:
        assert local.quadrant[3] == ""


def test_a_planted_hot_spot_is_found_and_nothing_else():
    values = np.random.default_rng(3).poisson(3, 400)
    planted = [168, 169, 170, 188, 189, 190, 208, 209, 210]
    values[planted] += 30

    for found in (
        getis_ord_g_star(values, grid(20), exact=True),
        local_moran(values, grid(20), exact=True),
    ):
        called = found.is_significant(0.05)
        assert called[189]
        assert (found.p_upper[called] < 0.01).all()
        near = np.abs(np.divmod(np.flatnonzero(called), 20) - np.array([[9], [9]]))
        assert near.max() <= 2
    assert (found.quadrant[planted] == "high-high").all()


def test_without_false_discovery_each_place_is_judged_by_itself():
    values = np.random.default_rng(3).poisson(3, 100)

    found = local_moran(values, grid(10), exact=True)

    alone = found.is_significant(0.1, false_discovery=False)
    assert (alone == (found.p_value <= 0.1)).all()
    assert found.is_significant(0.1).sum() < alone.sum()


@BOTH
def test_the_order_of_places_does_not_matter_to_exact_p_values(test):
    rng = np.random.default_rng(6)
    xy, values = rng.uniform(0, 1, (40, 2)), rng.poisson(2, 40)
    order = rng.permutation(40)

    here = test(values, spatial_weights(xy, nearest=4), exact=True)
    there = test(values[order], spatial_weights(xy[order], nearest=4), exact=True)

    np.testing.assert_allclose(there.statistic, here.statistic[order], atol=1e-12)
    np.testing.assert_allclose(there.p_value, here.p_value[order], rtol=1e-12)


@BOTH
def test_the_unit_of_the_weights_does_not_change_p_values(test):
    rng = np.random.default_rng(7)
    xy = rng.uniform(0, 1000, (60, 2))
    values = rng.poisson(2, 60)
    near = spatial_weights(xy, nearest=5, distance_power=2)
    far = spatial_weights(xy / 1e6, nearest=5, distance_power=2)

    p = [
        test(values, weights, 199, np.random.default_rng(1)) for weights in (near, far)
    ]

    assert (p[0].p_upper == p[1].p_upper).all()
    assert (p[0].p_lower == p[1].p_lower).all()


@BOTH
def test_the_same_source_of_chance_gives_the_same_answer(test):
    values = np.random.default_rng(2).poisson(2, 49)

    both = [test(values, grid(7), 99, np.random.default_rng(3)) for _ in range(2)]

    assert both[0].to_frame().equals(both[1].to_frame())


def test_the_frame_has_a_quadrant():
    assert local_moran([1, 2, 3, 4], LINE, 0).to_frame().columns == [
        "statistic",
        "p_value",
        "p_upper",
        "p_lower",
        "quadrant",
    ]


@BOTH
@pytest.mark.parametrize(
    ("values", "how", "words"),
    [
        ([1, 2], {}, "values must hold one number a place"),
        ([1, np.nan, 3, 4], {}, "values must be finite"),
        ([1, np.inf, 3, 4], {}, "values must be finite"),
        ([2, 2, 2, 2], {}, "not be all equal"),
        ([1, 2, 3, 4], {"permutations": -1}, "permutations must be zero or more"),
        ([1, 2.5, 3, 4], {"exact": True}, "values must be whole"),
        ([1, -2, 3, 4], {"exact": True}, "values must be whole and zero or more"),
    ],
)
def test_bad_input_is_named(test, values, how, words):
    with pytest.raises(ValueError, match=words):
        test(values, LINE, **how)


@pytest.mark.parametrize("how", [{}, {"false_discovery": False}])
def test_a_level_out_of_range_is_named(how):
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        local_moran([1, 2, 3, 4], LINE, 0).is_significant(1.5, **how)
