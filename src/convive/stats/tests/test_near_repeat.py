import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import knox_test, near_repeat

# Two burglaries in one house, one next door, one far away, and three on one far day.
XY = [[0, 0], [0, 0], [60, 80], [5000, 0], [9000, 0], [9000, 40], [9000, 80]]
DAYS = [10, 12, 13, 11, 40, 40, 40]


def found(**changed):
    given_ = {
        "xy_m": XY,
        "time_days": DAYS,
        "distance_bands": [100, 200],
        "time_bands": [0, 7],
        "permutations": 199,
        "rng": np.random.default_rng(7),
    }
    return near_repeat(**(given_ | changed))


def test_the_same_place_is_a_band_of_its_own_and_limits_are_inside():
    table = found()

    # 60-80-100 puts the neighbour on the limit of the first band.
    assert table.observed.tolist() == [[0, 1], [3, 2], [0, 0]]
    assert table.distance_bands.tolist() == [0, 100, 200]


def test_along_streets_the_neighbour_is_farther():
    table = found(metric="manhattan")

    assert table.observed.tolist() == [[0, 1], [3, 0], [0, 2]]
    assert table.pairs.distance_m.max() == 140


def test_the_same_place_may_be_as_wide_as_a_house():
    assert found(same_place_m=45).observed.tolist() == [[2, 1], [1, 2], [0, 0]]


def test_each_event_knows_what_it_followed_and_what_followed_it():
    roles = found().roles()

    assert roles.originated.tolist() == [2, 1, 0, 0, 0, 0, 0]
    assert roles.repeated.tolist() == [0, 1, 0, 0, 0, 0, 0]
    assert roles.near_repeated.tolist() == [0, 0, 2, 0, 0, 0, 0]
    assert roles.simultaneous.tolist() == [0, 0, 0, 0, 2, 2, 2]
    assert roles.is_originator.tolist() == [True] + [False] * 6


def test_the_pairs_are_those_of_the_table():
    pairs = found().pairs

    assert list(zip(pairs.earlier.tolist(), pairs.later.tolist(), strict=True)) == [
        (0, 1), (0, 2), (1, 2), (4, 5), (4, 6), (5, 6)
    ]  # fmt: skip
    assert pairs.distance_m.tolist() == [0, 100, 100, 40, 80, 40]
    assert pairs.days.tolist() == [2, 3, 1, 0, 0, 0]
    assert pairs.distance_band.tolist() == [0, 1, 1, 1, 1, 1]
    assert pairs.time_band.tolist() == [1, 1, 1, 0, 0, 0]


def test_only_pairs_of_significant_cells_may_count():
    table = found()

    # Three on one day in one street are nearly all pairs of a day that there are.
    assert table.is_significant[1].tolist()[0]
    roles = table.roles(only_significant=True)
    kept = table.pairs.is_significant
    assert roles.simultaneous.tolist() == [0, 0, 0, 0, 2, 2, 2]
    assert roles.originated.sum() == (kept & (table.pairs.days > 0)).sum()


def test_a_significant_cell_has_both_a_small_p_and_a_large_ratio():
    rng = np.random.default_rng(2)
    xy, days = rng.uniform(0, 800, (300, 2)), rng.integers(0, 40, 300)
    arguments = (xy, days, [100, 200, 400], [2, 7, 14, 28])

    test = near_repeat(*arguments, 99, np.random.default_rng(1), level=0.4)

    assert ((test.p_value <= 0.4) & (test.ratio < 1.2)).any()
    assert (test.is_significant == ((test.p_value <= 0.4) & (test.ratio >= 1.2))).all()
    controlled = near_repeat(
        *arguments, 99, np.random.default_rng(1), level=0.4, false_discovery=True
    )
    assert controlled.is_significant.sum() <= test.is_significant.sum()


def test_the_table_is_that_of_the_knox_test():
    rng = np.random.default_rng(3)
    xy, days = rng.uniform(0, 800, (200, 2)), rng.integers(0, 40, 200)

    table = near_repeat(xy, days, [100, 300], [0, 7], 99, np.random.default_rng(1))

    test = knox_test(xy, days, [0, 100, 300], [0, 7], 99, np.random.default_rng(1))
    assert (table.observed == test.observed).all()
    assert (table.p_value == test.p_value).all()


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_changes_no_count(seed):
    rng = np.random.default_rng(seed)
    xy, days = rng.integers(0, 6, (40, 2)) * 50.0, rng.integers(0, 10, 40)
    shuffled = rng.permutation(40)

    whole = near_repeat(xy, days, [60, 120], [0, 3], 0)
    other = near_repeat(xy[shuffled], days[shuffled], [60, 120], [0, 3], 0)

    assert (whole.observed == other.observed).all()
    np.testing.assert_allclose(whole.expected, other.expected)
    for name, counts in vars(whole.roles()).items():
        assert (counts[shuffled] == getattr(other.roles(), name)).all()
    assert len(whole.pairs.days) == whole.observed.sum()


def test_a_cell_without_pairs_is_never_significant():
    table = found(time_bands=[0, 7, 8], permutations=0, level=0.99)

    assert np.isnan(table.ratio[0, 2]) or table.observed[0, 2] == 0
    assert not table.is_significant[0, 2]


def test_the_frame_names_the_limits_of_each_cell():
    rows = found().to_frame().to_dicts()

    assert len(rows) == 6
    assert (rows[0]["above_m"], rows[0]["distance_m"]) == (None, 0)
    assert (rows[3]["above_m"], rows[3]["distance_m"]) == (0, 100)
    assert (rows[3]["after_days"], rows[3]["time_days"]) == (0, 7)
    assert found().pairs.to_frame().height == 6
    assert found().roles().to_frame()["is_originator"].sum() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"distance_bands": [0, 100]}, "beyond the same place"),
        ({"same_place_m": 100}, "beyond the same place"),
        ({"same_place_m": -1}, "beyond the same place"),
        ({"level": 1}, "level must lie between"),
        ({"least_ratio": 0}, "least_ratio must be above zero"),
        ({"time_bands": [7, 0]}, "time_bands must be"),
        ({"metric": "road"}, "metric must be"),
        ({"time_days": [1]}, "one time an event"),
    ],
)
def test_bad_input_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        found(**change)
