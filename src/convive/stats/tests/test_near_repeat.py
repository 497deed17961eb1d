import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from convive.stats import knox_test
from convive.stats._kernels.pairs import (
    counts_of_ticks,
    counts_of_times,
    counts_plainly,
)
from convive.stats.near_repeat import _close_pairs, _counter

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


def test_both_loops_agree_with_numpy():
    xy, days = events(3)
    pairs = _close_pairs(xy, np.array(DISTANCES, float))
    limits = np.array(TIMES, float)
    seeds = np.random.default_rng(1).integers(0, 2**64, 8, dtype=np.uint64)
    table = np.append(np.searchsorted(limits, np.arange(60)), 3).astype(np.uint8)

    plain = counts_plainly(pairs, days.astype(float), limits, seeds)

    whole = counts_of_ticks(pairs, days.astype(np.int32), table, seeds)
    assert (whole == plain).all()
    assert (counts_of_times(pairs, days.astype(float), limits, seeds) == plain).all()


def test_times_in_minutes_are_counted_like_any_others():
    xy, days = events(5)
    minutes = days + np.random.default_rng(2).integers(0, 1440, len(days)) / 1440
    pairs = _close_pairs(xy, np.array(DISTANCES, float))
    seeds = np.arange(4, dtype=np.uint64)
    limits = np.array(TIMES, float)

    counts = _counter(pairs, minutes, limits)(seeds)

    assert (counts == counts_plainly(pairs, minutes, limits, seeds)).all()


def test_the_mean_of_the_shuffles_is_the_expectation():
    xy, days = events(7, count=300)
    pairs = _close_pairs(xy, np.array(DISTANCES, float))
    seeds = np.random.default_rng(4).integers(0, 2**64, 4000, dtype=np.uint64)

    counts = _counter(pairs, days.astype(float), np.array(TIMES, float))(seeds)

    expected = knox_test(xy, days, DISTANCES, TIMES, 0).expected
    error = counts[:, :, :-1].std(axis=0) / np.sqrt(len(seeds))
    # Five standard errors: one false alarm in two hundred thousand cells.
    assert (np.abs(counts[:, :, :-1].mean(axis=0) - expected) < 5 * error).all()


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
