from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from convive.stats import jacquez_test, mantel_test
from convive.stats._kernels.interaction import (
    mantel_sums,
    mantel_sums_plainly,
    shared_neighbours,
    shared_neighbours_plainly,
    shuffled_ticks,
)
from convive.stats._kernels.shuffle import shuffle
from convive.stats.neighbour_shares import nearest_in_space, nearest_in_time


def events(seed, count=40, across_m=600, days=30):
    rng = np.random.default_rng(seed)
    return rng.integers(0, across_m, (count, 2)).astype(float), rng.integers(
        0, days, count
    )


def near(places, constant=1.0, power=-1.0):
    return (pdist(np.asarray(places, float)) + constant) ** power


@pytest.mark.parametrize(("constant", "power"), [(1, -1), (50, -1), (3, 1), (2, -0.5)])
def test_mantel_is_the_correlation_over_pairs(constant, power):
    xy, days = events(1)

    test = mantel_test(
        xy, days, 0, distance_constant_m=constant, distance_power=power, time_power=1
    )

    pairs = near(xy, constant, power), near(days[:, None], 1, 1)
    assert test.statistic == pytest.approx(np.corrcoef(*pairs)[0, 1], rel=1e-9)


def test_mantel_deviation_is_that_of_every_shuffle():
    xy, days = events(2, count=6)

    test = mantel_test(xy, days, 0)

    space = near(xy)
    every = [
        np.corrcoef(space, near(days[list(order)][:, None]))[0, 1]
        for order in permutations(range(6))
    ]
    assert test.standard_deviation == pytest.approx(np.std(every), rel=1e-9)
    assert np.mean(every) == pytest.approx(0, abs=1e-12)


def test_mantel_p_value_is_the_share_of_every_shuffle():
    xy, days = events(6, count=6)
    space, observed = near(xy), near(days[:, None])
    reached = [
        space @ near(days[list(order)][:, None]) >= space @ observed * (1 - 1e-9)
        for order in permutations(range(6))
    ]
    exact, shuffles = np.mean(reached), 20_000

    test = mantel_test(xy, days, shuffles, np.random.default_rng(1))

    assert abs(test.p_value - exact) < 4 * np.sqrt(exact * (1 - exact) / shuffles)


def test_the_loop_over_tiles_agrees_with_whole_matrices():
    # More events than a tile holds, and not a whole number of tiles.
    xy, days = events(3, count=300)
    ticks = shuffled_ticks(days.astype(np.int32), np.arange(3, dtype=np.uint64))
    arguments = xy, (10.0, -1.0), 0.01, ticks, 1 / (1 + np.arange(30.0))

    np.testing.assert_allclose(
        mantel_sums(*arguments), mantel_sums_plainly(*arguments), rtol=1e-9
    )


def test_times_in_hours_are_those_in_days():
    xy, hours = events(4, days=200)

    test = mantel_test(xy, hours / 24, 0)

    space = near(xy), near(hours[:, None] / 24)
    assert test.statistic == pytest.approx(np.corrcoef(*space)[0, 1], rel=1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_changes_no_statistic(seed):
    xy, days = events(seed, days=8)
    order = np.random.default_rng(seed).permutation(len(days))

    for test in (mantel_test, jacquez_test):
        one = test(xy, days, permutations=0)
        other = test(xy[order], days[order], permutations=0)
        np.testing.assert_allclose(one.statistic, other.statistic, rtol=1e-9)


def shares(apart, k):
    """Weights of the k nearest by the mean over ties, written out one by one."""
    weights = np.zeros_like(apart)
    for event, row in enumerate(apart):
        others = np.delete(np.arange(len(row)), event)
        limit = np.sort(row[others])[k - 1]
        nearer = others[row[others] < limit]
        tied = others[row[others] == limit]
        weights[event, nearer] = 1
        weights[event, tied] = (k - len(nearer)) / len(tied)
    return weights


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_neighbours_and_their_shares_are_those_written_out(seed):
    rng = np.random.default_rng(seed)
    # Many events at one point and on one day.
    xy, days = rng.integers(0, 4, (20, 2)) * 5.0, rng.integers(0, 6, 20).astype(float)
    space, time = squareform(pdist(xy)), squareform(pdist(days[:, None]))
    near = np.array([shares(space, k) for k in (1, 2, 3)])
    at_once = np.array([shares(time, k) for k in (1, 2, 3)])
    order = np.arange(20, dtype=np.int32)
    shuffle(order, np.uint64(seed))

    links, reach = nearest_in_space(xy, 3), nearest_in_time(days, 3)
    counts = shared_neighbours(links, days, reach, np.array([seed], np.uint64))

    np.testing.assert_allclose(
        counts[0], shared_neighbours_plainly(near, at_once, np.arange(20)), atol=1e-9
    )
    np.testing.assert_allclose(
        counts[1], shared_neighbours_plainly(near, at_once, order), atol=1e-9
    )


def test_jacquez_by_hand():
    # Along a street: a and b are each other's nearest, as are c and d.
    xy = [[0, 0], [10, 0], [100, 0], [120, 0], [200, 0]]
    # In time a and b are each other's nearest, d and e are, and c's nearest is b.
    days = [0, 1, 4, 30, 32]

    test = jacquez_test(xy, days, 2, 0)

    # k = 1, in space: ab ba cd dc ed; in time: ab ba cb de ed. Shared: ab, ba, ed.
    # k = 2, in space: abc bac cdb dce edc; in time: abc bac cba dec edc.
    # Shared: 2 + 2 + 1 (b) + 2 + 2.
    assert test.statistic.tolist() == [3, 9]
    assert test.increase.tolist() == [3, 6]
    assert test.expected.tolist() == [5 / 4, 5 * 4 / 4]


def test_jacquez_mean_of_the_shuffles_is_the_expectation():
    xy, days = events(8, count=60)
    links, reach = nearest_in_space(xy, 4), nearest_in_time(days.astype(float), 4)
    seeds = np.random.default_rng(3).integers(0, 2**64, 4000, dtype=np.uint64)

    counts = shared_neighbours(links, days.astype(float), reach, seeds)[1:]

    expected = jacquez_test(xy, days, 4, 0).expected
    error = counts.std(axis=0) / np.sqrt(len(seeds))
    # Five standard errors: less than one false alarm in a million.
    assert (np.abs(counts.mean(axis=0) - expected) < 5 * error).all()


def test_events_all_at_one_point_share_their_places():
    test = jacquez_test(np.zeros((5, 2)), [0, 1, 2, 3, 4], 2, 9)

    np.testing.assert_allclose(test.statistic, test.expected)
    assert test.p_value.tolist() == [1, 1]


@pytest.mark.parametrize("test", [mantel_test, jacquez_test])
def test_the_same_generator_gives_the_same_answer_and_progress_is_told(test):
    xy, days = events(9)
    steps = []

    first, second = (
        test(
            xy,
            days,
            permutations=150,
            rng=np.random.default_rng(5),
            progress=lambda *step: steps.append(step),
        )
        for _ in range(2)
    )

    assert np.all(first.p_value == second.p_value)
    assert steps == [(128, 150), (150, 150)] * 2
    assert first.to_frame().height == np.size(first.statistic)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"xy_m": [[0, 0], [1, 1], [2, 0]], "time_days": [1, 2, 3]}, "at least four"),
        ({"distance_constant_m": 0}, "constant of distance must be above zero"),
        ({"time_constant_days": -1}, "constant of time must be above zero"),
        ({"time_power": 0}, "time_power must be"),
        ({"time_days": [1, 1, 1, 1]}, "time_days must not be"),
        ({"xy_m": np.zeros((4, 2))}, "xy_m must not be"),
        ({"time_days": [0.1234567, 1, 2, 3]}, "must be whole days"),
        ({"time_days": [0, 1, 2, 3e6]}, "must be whole days"),
        ({"permutations": -1}, "permutations must be"),
    ],
)
def test_bad_input_of_mantel_is_named(change, words):
    given_ = {"xy_m": [[0, 0], [1, 1], [2, 5], [9, 9]], "time_days": [1, 2, 9, 4]}

    with pytest.raises(ValueError, match=words):
        mantel_test(**(given_ | change))


@pytest.mark.parametrize("neighbours", [0, 3])
def test_jacquez_needs_more_events_than_neighbours(neighbours):
    with pytest.raises(ValueError, match="neighbours must be from 1 to 2"):
        jacquez_test([[0, 0], [1, 1], [2, 2]], [1, 2, 3], neighbours)
