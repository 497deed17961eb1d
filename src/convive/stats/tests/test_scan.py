import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import bernoulli_scan, poisson_scan, space_time_permutation_scan
from convive.stats._kernels.scan import scan_centres, scan_tables
from convive.stats._kernels.scan_draws import drawn_cells, drawn_people, shuffled_days
from convive.stats._kernels.scan_ratio import scan_plainly, score, score_plainly
from convive.stats.poisson_scan import _guide
from convive.stats.scan_circles import before_each, cylinders, nested_circles
from convive.stats.scan_input import Limits
from convive.stats.scan_search import gumbel_p_value

LINE = [[0, 0], [1000, 0], [2100, 0], [3000, 0], [4500, 0]]


def incidents(seed, count=200, areas=8, days=20):
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 10_000, (areas, 2))
    return rng.integers(0, areas, count), rng.integers(0, days, count), xy


def small_problem(seed):
    """Cases, expectation and limits of any kind that the three models can make."""
    rng = np.random.default_rng(seed)
    areas, periods = int(rng.integers(3, 9)), int(rng.integers(1, 13))
    # A grid, so that many areas are equally far.
    xy = rng.integers(0, 4, (areas, 2)).astype(float)
    mean = rng.gamma(1.0, rng.choice([0.3, 2, 20]), (areas, periods)) + 0.01
    cases = rng.poisson(mean).astype(float)
    cases[0, 0] += 2
    cases[-1, -1] += 1
    model = rng.integers(3)
    people, weight = np.inf, None
    if model == 0:
        expected = np.outer(cases.sum(1), cases.sum(0)) / cases.sum()
    elif model == 1:
        expected = mean * (cases.sum() / mean.sum())
        # Few may live where most is expected.
        weight = rng.gamma(1.0, 1.0, areas) + 0.01
    else:
        everyone = cases + rng.integers(0, rng.choice([2, 10, 100]), cases.shape) + 1
        people = float(everyone.sum())
        expected = everyone * (cases.sum() / people)
    limits = Limits(
        ("share", 0.5),
        ("longest", int(rng.integers(1, periods + 1))),
        bool(rng.random() < 0.3),
        int(rng.integers(1, 4)),
    )
    weight = expected.sum(axis=1) if weight is None else weight
    return xy, weight, cases, expected, limits.rules(cases.sum(), people, periods)


@given(st.integers(0, 100_000))
@settings(max_examples=60, deadline=None)
def test_the_search_finds_the_maxima_of_every_cylinder_looked_at(seed):
    xy, weight, cases, expected, rules = small_problem(seed)
    nested = nested_circles(xy, weight, 0.5)
    parts = cylinders(nested, before_each(expected, rules), rules)
    table = before_each(cases, rules).astype(np.float32)
    cases, expected = cases[:, -rules.periods :], expected[:, -rules.periods :]
    apart = np.hypot(*(xy[:, None] - xy).T)
    circles = [
        [
            np.flatnonzero(row <= radius)
            for radius in np.unique(row)
            if weight[row <= radius].sum() <= 0.5 * weight.sum() * (1 + 1e-12)
        ]
        for row in apart
    ]

    plain = scan_plainly(cases, expected, circles, rules)

    best, _places = scan_centres(table, *parts)
    np.testing.assert_allclose(best, plain, rtol=1e-9, atol=1e-9)
    largest = scan_tables(np.stack([table, table]), *parts)
    np.testing.assert_allclose(largest, plain.max(), rtol=1e-9, atol=1e-9)


@given(st.integers(1, 60), st.floats(0.01, 40), st.booleans())
def test_the_compiled_ratio_is_that_of_numpy(count, due, has_people):
    people = 400.0 if has_people else np.inf
    if due * people / 100 < count:
        people = np.inf

    plain = score_plainly(np.float64(count), np.float64(due), 100.0, people)

    assert score(float(count), due, 100.0, people) == pytest.approx(
        float(plain), abs=1e-9
    )


def test_the_ratio_of_seventy_two_cases_where_thirty_four_are_expected():
    # SaTScan 10.3.2 prints 15.640843 for these cases among 20,000.
    assert score(72.0, 34.3767, 20_000.0, np.inf) == pytest.approx(15.640843, abs=2e-5)


def test_the_ratio_of_a_model_with_controls_is_that_of_two_shares():
    # 8 of 10 inside, 2 of 10 outside, against 10 of 20 everywhere.
    by_hand = 16 * np.log(0.8) + 4 * np.log(0.2) - 20 * np.log(0.5)

    assert score(8.0, 5.0, 10.0, 20.0) == pytest.approx(by_hand)


def test_a_cluster_says_where_when_and_how_many():
    day = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7, 9, 5, 5, 5, 6, 6]
    area = [0] * 6 + [1] * 5 + [2] * 5

    result = space_time_permutation_scan(
        area, np.add(day, 100), [[0, 0], [1000, 0], [5000, 0]], replications=19
    )

    most = result.clusters[0]
    assert (most.centre, most.areas.tolist(), most.radius_m) == (2, [2], 0.0)
    assert (most.x_m, most.y_m) == (5000.0, 0.0)
    assert (most.start, most.end, most.observed) == (105, 106, 5)
    # Five of 16 cases are in the area, seven fall on those two days.
    assert most.expected == pytest.approx(5 * 7 / 16)
    assert most.ratio == pytest.approx(5 / (5 * 7 / 16))
    by_hand = 5 * np.log(5 / 2.1875) + 11 * np.log(11 / (16 - 2.1875))
    assert most.statistic == pytest.approx(by_hand)
    assert np.isnan(most.relative_risk)
    assert result.to_frame().height == len(result.clusters)


def test_rates_inside_are_compared_with_those_outside():
    cases, people = [10, 10, 30, 30, 10], [100] * 5

    most = poisson_scan(cases, people, LINE, replications=0).clusters[0]

    assert most.areas.tolist() == [2, 3]
    assert (most.observed, most.expected) == (60, 36)
    assert most.relative_risk == pytest.approx(30 / 10)


@given(st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_the_order_of_cases_and_the_unit_of_length_change_nothing(seed):
    area, day, xy = incidents(seed)
    order = np.random.default_rng(seed).permutation(len(area))

    first = space_time_permutation_scan(area, day, xy, replications=0)
    second = space_time_permutation_scan(
        area[order], day[order] + 7, xy * 3 + 50, replications=0
    )

    for one, other in zip(first.clusters, second.clusters, strict=True):
        assert one.statistic == pytest.approx(other.statistic)
        assert one.areas.tolist() == other.areas.tolist()
        assert (one.start + 7, one.end + 7) == (other.start, other.end)
        assert one.radius_m * 3 == pytest.approx(other.radius_m)


@given(st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_clusters_share_no_area_and_hold_at_most_the_share(seed):
    area, day, xy = incidents(seed)

    result = space_time_permutation_scan(
        area, day, xy, max_cases=0.3, max_days=4, replications=0
    )

    areas = np.concatenate([cluster.areas for cluster in result.clusters])
    assert len(areas) == len(set(areas.tolist()))
    statistics = [cluster.statistic for cluster in result.clusters]
    assert statistics == sorted(statistics, reverse=True)
    for cluster in result.clusters:
        assert np.isin(area, cluster.areas).mean() <= 0.3
        assert cluster.end - cluster.start < 4
        assert cluster.observed >= 2


def test_a_population_that_grows_alike_gives_the_circles_of_one_period():
    cases = np.array([[4, 5], [6, 3], [20, 25], [15, 18], [5, 6]])
    people = np.outer([100, 120, 90, 110, 130], [1.0, 1.0])

    both = poisson_scan(cases, people, LINE, max_periods=2, replications=0)
    once = poisson_scan(cases.sum(1), people.sum(1), LINE, replications=0)

    assert both.clusters[0].statistic == pytest.approx(once.clusters[0].statistic)


def test_expected_cases_replace_the_population():
    cases, people = [10, 10, 30, 30, 10], [100] * 5

    result = poisson_scan(cases, people, LINE, expected=cases, replications=9)

    assert result.clusters == ()


def test_a_circle_is_closed_so_that_areas_equally_far_enter_together():
    cases = [0, 9, 9, 0, 0]
    cross = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]]

    most = poisson_scan(
        cases, [1, 1, 1, 1, 1], cross, max_population=0.5, replications=0
    ).clusters[0]

    # The two arms would be the best circle, but no circle holds two of them alone.
    assert most.observed == 9


def test_prospective_windows_end_on_the_last_day():
    area, day, xy = incidents(3)

    result = space_time_permutation_scan(
        area, day, xy, prospective=True, max_days=5, last_day=25, replications=0
    )

    assert result.clusters == ()
    for longest in (1, 6):
        result = space_time_permutation_scan(
            area, day, xy, max_days=longest, prospective=True, replications=5
        )
        assert {cluster.end for cluster in result.clusters} == {19}
        assert all(cluster.start > 19 - longest for cluster in result.clusters)


def test_a_prospective_scan_finds_what_a_scan_of_all_windows_finds_at_the_end():
    area, day, xy = incidents(11)
    area, day = np.append(area, [2] * 20), np.append(day, [18, 19] * 10)

    every, last = (
        space_time_permutation_scan(
            area, day, xy, max_days=5, prospective=prospective, replications=0
        ).clusters[0]
        for prospective in (False, True)
    )

    assert (every.start, every.end) == (last.start, last.end) == (18, 19)
    assert every.areas.tolist() == last.areas.tolist()
    assert (every.observed, every.radius_m) == (last.observed, last.radius_m)
    assert every.expected == pytest.approx(last.expected)
    assert every.statistic == pytest.approx(last.statistic)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_generator_gives_the_same_answer_with_any_threads(threads):
    import numba

    area, day, xy = incidents(5)
    usual = numba.get_num_threads()
    numba.set_num_threads(min(threads, usual))

    result = space_time_permutation_scan(
        area, day, xy, replications=49, rng=np.random.default_rng(4)
    )

    numba.set_num_threads(usual)
    again = space_time_permutation_scan(
        area, day, xy, replications=49, rng=np.random.default_rng(4)
    )
    assert (result.maxima == again.maxima).all()


def test_progress_ends_with_all_replications():
    told = []
    area, day, xy = incidents(6)

    space_time_permutation_scan(
        area, day, xy, replications=70, progress=lambda *now: told.append(now)
    )

    assert told[-1] == (70, 70)


SEEDS = np.random.default_rng(8).integers(0, 2**64, 3000, dtype=np.uint64)


def test_shuffled_days_keep_both_margins():
    area, day, _xy = incidents(7)

    tables = shuffled_days(
        area.astype(np.int32), day.astype(np.int32), (8, 20), SEEDS[:20]
    )

    counts = np.diff(tables)
    assert (counts.sum(axis=2) == np.bincount(area, minlength=8)).all()
    assert (counts.sum(axis=1) == np.bincount(day, minlength=20)).all()


def test_drawn_people_are_hypergeometric():
    people = np.array([[5, 0], [10, 5]])
    cells = np.repeat(np.arange(4, dtype=np.int32), people.ravel())

    counts = np.diff(drawn_people(cells, 8, (2, 2), SEEDS))

    assert (counts <= people).all()
    share = people / 20
    variance = 8 * share * (1 - share) * 12 / 19
    error = np.sqrt(variance / len(SEEDS)) + 1e-9
    # Four standard errors of a mean, and of a variance of counts this small.
    assert (np.abs(counts.mean(axis=0) - 8 * share) < 4 * error).all()
    spread = counts.var(axis=0)
    assert (np.abs(spread - variance) <= 4 * variance * np.sqrt(2.5 / 3000)).all()


def test_drawn_cells_are_multinomial():
    chance = np.array([[0.0, 0.5], [0.2, 0.3]])
    limits, guide = _guide(chance)

    counts = np.diff(drawn_cells(limits, guide, 40, (2, 2), SEEDS))

    assert (counts.sum(axis=(1, 2)) == 40).all()
    assert (counts[:, 0, 0] == 0).all()
    variance = 40 * chance * (1 - chance)
    error = np.sqrt(variance / len(SEEDS)) + 1e-9
    assert (np.abs(counts.mean(axis=0) - 40 * chance) < 4 * error).all()
    spread = counts.var(axis=0)
    assert (np.abs(spread - variance) <= 4 * variance * np.sqrt(2.5 / 3000)).all()


def test_the_gumbel_tail_is_that_of_its_own_distribution():
    draws = np.random.default_rng(9).gumbel(10, 1.5, 100_000)

    upper = 10 - 1.5 * np.log(-np.log(0.99))

    # Five standard errors of a moment fit, in units of the p-value.
    assert gumbel_p_value(upper, draws) == pytest.approx(0.01, abs=0.001)


PERMUTATION = {"area": [0, 1, 1], "day": [1, 2, 3], "xy_m": [[0, 0], [1, 1]]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"area": [0, 1, 2]}, "area must be rows of xy_m, from 0 to 1"),
        ({"area": [0, 1]}, "one value a case"),
        ({"area": [0, 0, 0]}, "must differ"),
        ({"day": [1, 1, 1]}, "must differ"),
        ({"day": [1, 2, np.nan]}, "day must be whole"),
        ({"day": [1, 2, 2.5]}, "day must be whole"),
        ({"xy_m": [[0, 0]]}, "two or more areas"),
        ({"xy_m": [[0, 0], [np.nan, 1]]}, "xy_m must be finite"),
        ({"max_cases": 0.6}, "max_cases must be a share"),
        ({"max_days": 0}, "max_days must be a whole number"),
        ({"max_days": 4}, "max_days must be at most the 3"),
        ({"last_day": 2}, "day must be within"),
        ({"min_cases": 0}, "min_cases must be"),
        ({"min_cases": 9}, "cases must be 9 or more"),
        ({"replications": -1}, "replications must be"),
    ],
)
def test_bad_input_of_the_permutation_scan_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        space_time_permutation_scan(**(PERMUTATION | change))


POISSON = {"cases": [1, 2], "population": [10, 10], "xy_m": [[0, 0], [1, 1]]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cases": [1, -2]}, "cases must be zero or more"),
        ({"cases": [1, 2.5]}, "cases must be whole"),
        ({"cases": [0, 0]}, "cases must be whole numbers that are not all zero"),
        ({"cases": [1, 0]}, "cases must be 2 or more"),
        ({"cases": [1, 2, 3]}, "row for each of the 2 areas"),
        ({"population": [10, 0]}, "population must be above zero"),
        ({"population": [10, np.inf]}, "population must be zero or more and finite"),
        ({"population": np.ones((2, 3))}, "population must have the shape of cases"),
        ({"expected": [1, 0]}, "expected must have the shape"),
        ({"expected": np.ones((2, 2))}, "expected must have the shape"),
        ({"max_population": 0}, "max_population must be a share"),
        ({"max_population": 0.2}, "max_population must let a circle hold an area"),
        ({"max_periods": 2}, "max_periods must be at most"),
    ],
)
def test_bad_input_of_the_poisson_scan_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        poisson_scan(**(POISSON | change))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"controls": [[1], [2]], "cases": [[1, 1], [1, 1]]}, "controls must have"),
        ({"controls": [0.5, 1]}, "controls must be whole"),
        ({"controls": [0, 0]}, "controls must be whole numbers that are not all zero"),
    ],
)
def test_bad_input_of_the_bernoulli_scan_is_named(change, words):
    usual = {"cases": [1, 2], "controls": [3, 4], "xy_m": [[0, 0], [1, 1]]}
    with pytest.raises(ValueError, match=words):
        bernoulli_scan(**(usual | change))
