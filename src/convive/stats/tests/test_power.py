import numpy as np
import pytest
from scipy.stats import binom, norm, poisson

from convive.stats import minimum_detectable_effect, rate_ratio
from convive.stats.power import _difference, _draw, _rate_ratio

# 99.9 % of simulations lie within so many of their standard errors.
SURE = 3.29


def within(share, truth, count):
    return abs(share - truth) <= SURE * np.sqrt(truth * (1 - truth) / count)


def exact_power(before, after):
    """Chance that the exact test given the sum rejects, over all pairs of counts."""
    most = int(before + 10 * np.sqrt(before))
    first = poisson.pmf(np.arange(most), before)
    second = poisson.pmf(np.arange(most), after)
    power = 0.0
    for total in range(2 * most):
        seen = np.arange(max(0, total - most + 1), min(total, most - 1) + 1)
        chance = binom.pmf(np.arange(total + 1), total, 0.5)
        p_value = [chance[chance <= chance[k] * (1 + 1e-7)].sum() for k in seen]
        joint = second[seen] * first[total - seen]
        power += joint[np.array(p_value) <= 0.05].sum()
    return power


def test_power_of_the_exact_test_is_that_of_all_pairs_of_counts():
    found = minimum_detectable_effect(
        [30.0, 30.0],
        1,
        reductions=[0.3, 0.5],
        simulations=4000,
        rng=np.random.default_rng(1),
    )

    for share, power in zip(found.reduction, found.power, strict=True):
        assert within(power, exact_power(30, 30 * (1 - share)), 4000)
    assert found.false_alarms < 0.05


def test_power_of_many_events_is_that_of_square_roots():
    found = minimum_detectable_effect(
        [400.0, 400.0],
        1,
        reductions=np.arange(0.08, 0.24, 0.02),
        simulations=1500,
        rng=np.random.default_rng(2),
    )

    # Square roots of Poisson counts have variance 1/4, a difference of two 1/2.
    root = np.sqrt(400) - np.sqrt(0.5) * (norm.ppf(0.975) + norm.ppf(0.8))
    # The exact test asks a little more than the normal one.
    assert found.estimate == pytest.approx(1 - root**2 / 400, abs=0.006)
    assert found.lower < found.estimate < found.upper


def test_the_ready_test_of_two_periods_is_that_of_rates():
    rng = np.random.default_rng(3)
    for mean in np.repeat([0.1, 1, 5, 300, 20_000], 8):
        counts = rng.poisson(mean, (1, 7)).astype(float)
        after, before = int(counts[0, 3:].sum()), int(counts[0, :3].sum())

        p_value = _rate_ratio(counts, np.array([True]), 3)

        assert p_value == pytest.approx(rate_ratio(after, 4, before, 3).p_value)


def test_two_places_are_compared_by_the_odds_ratio():
    counts = np.array([[40.0, 20], [40, 40]])

    p_value = _difference(counts, np.array([True, False]), 1)

    error = np.sqrt(1 / 40 + 1 / 20 + 1 / 40 + 1 / 40)
    assert p_value == pytest.approx(2 * norm.sf(np.log(2) / error))


def test_places_that_differ_much_among_themselves_are_less_telling():
    is_treated = np.array([True] * 3 + [False] * 3)
    even = np.array([[40.0, 20]] * 3 + [[40, 39], [40, 40], [40, 41]])
    uneven = np.array([[40.0, 5], [40, 20], [40, 35], [40, 10], [40, 40], [40, 70]])

    assert _difference(even, is_treated, 1) < 0.01 < _difference(uneven, is_treated, 1)


def test_counts_have_the_mean_and_the_dispersion_asked_for():
    rng = np.random.default_rng(4)
    means = np.repeat([[0.0], [3.0], [50.0]], 20_000, axis=1)

    for dispersion in (1.0, 2.5):
        counts = _draw(means, dispersion, rng)
        assert (counts[0] == 0).all()
        assert counts[1:].mean(axis=1) == pytest.approx([3, 50], rel=0.02)
        ratio = counts[1:].var(axis=1) / counts[1:].mean(axis=1)
        assert ratio == pytest.approx(dispersion, rel=0.06)


def test_a_test_of_ones_own_is_asked():
    asked = []

    def mine(counts, is_treated, start):
        asked.append((counts.shape, is_treated.tolist(), start))
        return float(
            counts[is_treated, start:].sum() >= counts[is_treated, :start].sum()
        )

    found = minimum_detectable_effect(
        np.full((3, 4), 500.0),
        2,
        [True, False, False],
        mine,
        reductions=[0.5],
        simulations=10,
    )

    assert asked == [((3, 4), [True, False, False], 2)] * 20
    assert found.power[1] == 1


@pytest.mark.parametrize(
    ("test", "places"),
    [
        ("interrupted_time_series", 1),
        ("difference_in_differences", 6),
        ("placebo_test", 20),
    ],
)
def test_every_design_sees_a_fall_by_nine_tenths_of_many_events(test, places):
    treated = np.arange(places) == 0

    found = minimum_detectable_effect(
        np.full((places, 24), 100.0),
        12,
        treated,
        test,
        reductions=[0.9],
        simulations=10,
        rng=np.random.default_rng(5),
    )

    assert found.power[1] == 1
    assert 0 < found.estimate <= 0.9


def test_a_draw_too_poor_to_fit_shows_nothing():
    found = minimum_detectable_effect(
        np.full(20, 0.1),
        10,
        test="interrupted_time_series",
        reductions=[1.0],
        simulations=20,
    )

    assert found.power[1] == 0


def test_a_reduction_that_none_tried_reaches_is_unknown():
    found = minimum_detectable_effect([3.0, 3.0], 1, reductions=[0.1], simulations=50)

    assert np.isnan(found.estimate)


def test_the_same_source_gives_the_same_power():
    one, two = (
        minimum_detectable_effect(
            [20.0, 20.0], 1, simulations=50, rng=np.random.default_rng(6)
        )
        for _ in "ab"
    )

    assert np.array_equal(one.power, two.power)
    assert one.to_frame().shape == (15, 4)


def test_progress_is_told_to_the_end():
    told = []

    minimum_detectable_effect(
        [9.0, 9.0],
        1,
        reductions=[0.5],
        simulations=5,
        progress=lambda *step: told.append(step),
    )

    assert told == [(done, 10) for done in range(1, 11)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expected": [[1.0, -1]]}, "expected must hold"),
        ({"expected": [[1.0, np.nan]]}, "expected must hold"),
        ({"start": 0}, "start must leave periods"),
        ({"start": 4}, "start must leave periods"),
        ({"treated": [True, False]}, "treated must be true or false"),
        ({"treated": [1, 0, 0]}, "treated must be true or false"),
        ({"treated": [False] * 3}, "at least one place"),
        ({"reductions": [0.5, 0.2]}, "reductions must be shares"),
        ({"reductions": [1.5]}, "reductions must be shares"),
        ({"reductions": []}, "reductions must be shares"),
        ({"dispersion": 0.5}, "dispersion must be"),
        ({"power": 0.01}, "power must lie"),
        ({"simulations": 0}, "simulations must be"),
        ({"test": "anova"}, "test must be a function or one of"),
        ({"test": "interrupted_time_series"}, "start must leave at least 8"),
        ({"test": "difference_in_differences"}, "places to compare with"),
        ({"test": "placebo_test"}, "one place for the placebo test"),
        (
            {"test": "placebo_test", "treated": [True, False, False]},
            "expected must hold 20 places or more",
        ),
    ],
)
def test_bad_input_is_named(change, words):
    given_ = {"expected": np.full((3, 4), 5.0), "start": 2, "simulations": 1}

    with pytest.raises(ValueError, match=words):
        minimum_detectable_effect(**(given_ | change))
