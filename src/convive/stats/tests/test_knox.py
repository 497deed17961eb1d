import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from convive.stats import knox_test
from convive.stats._kernels.pairs import counts_plainly, counts_within
from convive.stats.event_pairs import find_close_pairs, whole_times

DISTANCES, TIMES = [100, 250, 400], [0, 7, 14]


def events(seed, count=120, across_m=1500, days=60):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, across_m, (count, 2)), rng.integers(0, days, count)


def all_pairs(xy, days, distances, times):
    """Band by band from every distance, the plain way."""
    space = np.searchsorted(distances, pdist(xy))
    time = np.searchsorted(times, pdist(np.asarray(days, float)[:, None]))
    table = np.zeros((len(distances) + 1, len(times) + 1), int)
    np.add.at(table, (space, time), 1)
    return table


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_observed_and_expected_agree_with_every_pair_counted(seed):
    xy, days = events(seed)

    test = knox_test(xy, days, DISTANCES, TIMES, 0)

    table = all_pairs(xy, days, DISTANCES, TIMES)
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    assert (test.observed == table[:-1, :-1]).all()
    np.testing.assert_allclose(test.expected, expected[:-1, :-1])


@given(st.integers(0, 10_000), st.sampled_from(["euclidean", "manhattan"]))
@settings(max_examples=30, deadline=None)
def test_the_pairs_are_those_that_every_distance_gives(seed, metric):
    xy, _days = events(seed)
    limits = np.array(DISTANCES, float)
    name = {"euclidean": "euclidean", "manhattan": "cityblock"}[metric]
    every = squareform(pdist(xy, name))

    pairs = find_close_pairs(xy, limits, metric)

    left, right = pairs.order[pairs.left], pairs.order[pairs.right]
    upper = np.triu(np.ones_like(every, bool), 1)
    found = np.full_like(every, -1, int)
    found[np.minimum(left, right), np.maximum(left, right)] = pairs.band
    band = np.searchsorted(limits, every)
    assert (found == np.where(upper & (band < len(limits)), band, -1)).all()
    assert len(left) == (found >= 0).sum()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_the_loop_agrees_with_numpy(kind):
    xy, days = events(3)
    pairs = find_close_pairs(xy, np.array(DISTANCES, float)).by_band
    limits = np.array(TIMES, float) + 0.5
    # More shuffles than are counted side by side.
    seeds = np.random.default_rng(1).integers(0, 2**64, 40, dtype=np.uint64)

    counts = counts_within(pairs, days.astype(kind), limits.astype(kind), seeds)

    assert (counts == counts_plainly(pairs, days.astype(float), limits, seeds)).all()


def test_pairs_on_the_limit_are_in_the_band_although_minutes_are_rounded():
    hours = np.arange(8) * 2.4  # a tenth of a day, which no binary fraction is
    xy = np.zeros((8, 2))

    test = knox_test(xy, hours / 24, [0], [0.1, 0.3], 9, np.random.default_rng(1))

    assert test.observed.tolist() == [[7, 6 + 5]]
    # All are at one place, so a shuffle changes nothing.
    assert test.p_value.tolist() == [[1, 1]]


def test_times_that_are_not_whole_are_taken_as_they_are():
    times = np.array([3.00001, 5.2, 7.123456])

    since, limits = whole_times(times, np.array([1.0]))

    assert since.tolist() == (times - 3.00001).tolist()
    assert limits.tolist() == [1]


def test_the_mean_of_the_shuffles_is_the_expectation():
    xy, days = events(7, count=300)
    pairs = find_close_pairs(xy, np.array(DISTANCES, float)).by_band
    seeds = np.random.default_rng(4).integers(0, 2**64, 4000, dtype=np.uint64)

    within = counts_within(pairs, days.astype(float), np.array(TIMES, float), seeds)

    counts = np.diff(within, axis=2, prepend=0)
    expected = knox_test(xy, days, DISTANCES, TIMES, 0).expected
    error = counts.std(axis=0) / np.sqrt(len(seeds))
    # Five standard errors: one false alarm in two hundred thousand cells.
    assert (np.abs(counts.mean(axis=0) - expected) < 5 * error).all()


def test_the_same_generator_gives_the_same_answer():
    xy, days = events(9)

    first, second = (
        knox_test(xy, days, DISTANCES, TIMES, 99, np.random.default_rng(5))
        for _ in range(2)
    )

    assert (first.p_value == second.p_value).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"xy_m": [[0, 0]], "time_days": [1]}, "at least two"),
        ({"xy_m": [[0, np.nan], [1, 1]], "time_days": [1, 2]}, "xy_m must be finite"),
        ({"time_days": [1.0]}, "one time an event"),
        ({"xy_m": [1, 2, 3]}, "two columns"),
        ({"distance_bands": [200, 100]}, "distance_bands must be"),
        ({"time_bands": [-1]}, "time_bands must be"),
        ({"metric": "taxi"}, "metric must be"),
        ({"permutations": -1}, "permutations must be"),
    ],
)
def test_bad_input_is_named(change, words):
    given_ = {
        "xy_m": [[0, 0], [1, 1]],
        "time_days": [1, 2],
        "distance_bands": [100],
        "time_bands": [7],
    }

    with pytest.raises(ValueError, match=words):
        knox_test(**(given_ | change))


def test_events_that_share_a_point_are_in_the_first_band():
    test = knox_test([[0, 0], [0, 0]], [3, 3], [0], [0], 0)

    assert test.observed.tolist() == [[1]]
