import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import staggered_did
from convive.stats.doubly_robust import effect_on_treated

ROUNDING = 1e-9
METHODS = ("doubly_robust", "regression", "weighting")


def panel(seed, units=60, periods=6, effect=-3.0):
    rng = np.random.default_rng(seed)
    rates = rng.normal(0, 1, (units, periods)) + rng.normal(20, 4, (units, 1))
    rates += rng.normal(0, 2, periods)
    first = rng.permutation(np.resize([2.0, 4.0, np.inf], units))
    rates += effect * (np.arange(periods) >= first[:, None])
    return rates, first


def effects(rates, first, **options):
    options = {"rng": np.random.default_rng(1), "replicates": 99} | options
    return staggered_did(rates, first, **options)


def test_an_effect_is_the_change_of_the_group_less_that_of_the_others():
    rates = [[10, 12, 5], [8, 10, 7], [6, 7, 9], [4, 7, 6], [9, 8, 8], [5, 6, 4]]

    found = effects(rates, [1, 1, 2, 2, np.nan, np.nan])

    cells = {(row[0], row[1]): row[2] for row in found.to_frame().iter_rows()}
    # Never treated: 7 at first, then 7, then 6.
    assert cells == pytest.approx(
        {
            (1, 1): (11 - 9) - (7 - 7),
            (1, 2): (6 - 9) - (6 - 7),
            (2, 1): (7 - 5) - (7 - 7),
            (2, 2): (7.5 - 7) - (6 - 7),
        }
    )


def test_those_not_yet_treated_serve_until_their_turn_comes():
    rates = [[10, 12, 5], [8, 10, 7], [6, 7, 9], [4, 7, 6], [9, 8, 8], [5, 6, 4]]

    found = effects(rates, [1, 1, 2, 2, np.nan, np.nan], controls="not_yet")

    # In period 1 four units wait: 6 at first, then 7.
    assert found.estimate[0] == pytest.approx((11 - 9) - (7 - 6))
    assert found.estimate[1] == pytest.approx((6 - 9) - (6 - 7))


def test_means_weigh_groups_by_their_size():
    rates = np.zeros((8, 4))
    first = np.array([2, 3, 3, 3, np.inf, np.inf, np.inf, np.inf])
    rates[0, 2:] = -4
    rates[1:4, 3] = -8

    found = effects(rates, first)

    after = (-4 - 4 - 8 * 3) / (1 + 1 + 3)
    assert found.simple.estimate == pytest.approx(after)
    assert found.by_group.estimate == pytest.approx([-4, -8])
    assert found.by_group.overall.estimate == pytest.approx((-4 - 8 * 3) / 4)
    assert found.by_event_time.at.tolist() == [-2, -1, 0, 1]
    assert found.by_event_time.estimate == pytest.approx([0, 0, (-4 - 8 * 3) / 4, -4])
    assert found.by_event_time.overall.estimate == pytest.approx((-7 - 4) / 2)
    assert found.by_period.at.tolist() == [2, 3]
    assert found.by_period.overall.estimate == pytest.approx((-4 - 7) / 2)


def test_the_error_of_two_groups_and_periods_is_that_of_two_means():
    rates, _first = panel(4, 40, 2)
    first = np.resize([1.0, np.inf], 40)

    found = effects(rates, first)

    change = rates[:, 1] - rates[:, 0]
    treated, others = change[first == 1], change[first != 1]
    assert found.estimate[0] == pytest.approx(treated.mean() - others.mean())
    assert found.standard_error[0] == pytest.approx(
        np.sqrt(treated.var() / 20 + others.var() / 20)
    )


def test_what_a_covariate_explains_is_not_called_an_effect():
    rng = np.random.default_rng(5)
    poverty = rng.normal(0, 1, 400)
    first = np.where(rng.random(400) < 1 / (1 + np.exp(-poverty)), 2.0, np.inf)
    rates = np.add.outer(poverty, np.zeros(4)) + np.outer(3 * poverty, np.arange(4))
    rates[first == 2, 2:] -= 5
    rates += rng.normal(0, 0.1, rates.shape)

    for method in ("doubly_robust", "regression"):
        found = effects(rates, first, covariates=poverty, method=method)
        assert found.simple.estimate == pytest.approx(-5, abs=0.1)
    weighted = effects(rates, first, covariates=poverty, method="weighting")
    plain = effects(rates, first)
    assert abs(weighted.simple.estimate + 5) < abs(plain.simple.estimate + 5) / 2


def test_without_covariates_all_methods_agree():
    rates, first = panel(1)

    one, two, three = (effects(rates, first, method=method) for method in METHODS)

    for other in (two, three):
        np.testing.assert_allclose(other.estimate, one.estimate, atol=ROUNDING)
        np.testing.assert_allclose(
            other.standard_error, one.standard_error, rtol=ROUNDING
        )


@pytest.mark.parametrize("method", METHODS)
def test_influences_foretell_what_a_little_more_of_one_unit_does(method):
    rng = np.random.default_rng(7)
    traits = np.column_stack([np.ones(50), rng.normal(0, 1, 50)])
    treated = rng.random(50) < 0.4
    change = rng.normal(0, 1, 50) + traits[:, 1] + treated

    effect, influence = effect_on_treated(change, treated, traits, method)

    assert influence.mean() == pytest.approx(0, abs=1e-8)
    # Two thousand copies of each unit, and a hundred more of the first.
    copies = np.repeat(np.arange(50), 2000)
    more = np.append(copies, np.zeros(100, dtype=int))
    heavier, _own = effect_on_treated(change[more], treated[more], traits[more], method)
    extra = 100 / len(more)
    assert (heavier - effect) / extra == pytest.approx(influence[0], abs=0.02)


@given(st.integers(0, 1000), st.permutations(list(range(60))))
@settings(max_examples=20)
def test_the_order_of_units_changes_nothing(seed, order):
    rates, first = panel(seed)

    plain = effects(rates, first)
    other = effects(rates[order], first[order])

    np.testing.assert_allclose(other.estimate, plain.estimate, atol=ROUNDING)
    np.testing.assert_allclose(other.standard_error, plain.standard_error)
    assert other.pretrend_p_value == pytest.approx(plain.pretrend_p_value)


@given(st.integers(0, 1000), st.floats(0.1, 10), st.floats(-100, 100))
@settings(max_examples=20)
def test_what_is_the_same_for_all_cancels_out(seed, scale, shift):
    rates, first = panel(seed)

    plain = effects(rates, first, controls="not_yet")
    moved = rates * scale + shift + np.arange(6) ** 2
    other = effects(moved, first, controls="not_yet")

    np.testing.assert_allclose(other.estimate, plain.estimate * scale, atol=1e-6)
    np.testing.assert_allclose(
        other.standard_error, plain.standard_error * scale, rtol=1e-6
    )


def test_a_planted_effect_is_found_and_nothing_before_it():
    rates, first = panel(9, 300)

    found = effects(rates, first)

    assert found.simple.estimate == pytest.approx(-3, abs=0.4)
    assert found.simple.lower < -3 < found.simple.upper
    assert found.simple.p_value < 1e-6
    assert found.pretrend_p_value > 0.05


def test_trends_that_parted_before_are_told():
    rates, first = panel(9, 300)
    rates[np.isfinite(first)] += 1.5 * np.arange(6)

    assert effects(rates, first).pretrend_p_value < 0.001


def test_bands_hold_all_effects_and_are_wider_than_intervals():
    rates, first = panel(2)

    found = effects(rates, first, replicates=499)

    assert (found.band_lower < found.lower).all()
    assert (found.band_upper > found.upper).all()
    # Bonferroni's limit is wider than that of correlated effects.
    reach = (found.band_upper - found.estimate) / found.standard_error
    assert reach.max() < 3.2


def test_the_same_source_gives_the_same_bands():
    rates, first = panel(2)

    one, two = (
        effects(rates, first, rng=np.random.default_rng(3)).band_lower for _ in "ab"
    )

    assert np.array_equal(one, two)


def test_an_effect_that_comes_early_needs_anticipation():
    rates, first = panel(6, 300)
    early = rates - 3.0 * (np.arange(6) == first[:, None] - 1)

    blind = effects(early, first)
    told = effects(early, first, anticipation=1)

    assert blind.by_event_time.overall.estimate == pytest.approx(0, abs=0.5)
    assert told.by_event_time.overall.estimate == pytest.approx(-3, abs=0.5)
    assert blind.pretrend_p_value < 0.001 < told.pretrend_p_value


def test_units_treated_from_the_start_are_left_out_and_counted():
    rates, first = panel(3)
    more = np.vstack([rates, rates[:5]])

    found = effects(more, np.append(first, np.zeros(5)))

    assert found.left_out == 5
    np.testing.assert_allclose(found.estimate, effects(rates, first).estimate)


def test_a_turn_after_the_last_period_is_none():
    rates, first = panel(3)

    late = effects(rates, np.where(np.isinf(first), 99, first))

    np.testing.assert_allclose(late.estimate, effects(rates, first).estimate)


def test_years_name_the_periods():
    rates, first = panel(3)

    found = effects(rates, first + 2015, periods=np.arange(2015, 2021))

    assert set(found.group) == {2017, 2019}
    assert found.by_period.at.tolist() == [2017, 2018, 2019, 2020]
    assert found.by_event_time.at.tolist() == [-3, -2, -1, 0, 1, 2, 3]


def test_progress_is_told_to_the_end():
    told = []
    rates, first = panel(3)

    effects(rates, first, replicates=300, progress=lambda *step: told.append(step))

    assert told[-1] == (300, 300)


def test_a_row_an_effect():
    found = effects(*panel(3))

    assert found.to_frame().columns[:3] == ["group", "period", "estimate"]
    assert len(found.to_frame()) == 10
    assert len(found.by_event_time.to_frame()) == 7
    assert isinstance(found.simple.to_frame(), pl.DataFrame)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"outcomes": [[1, 2, np.nan]] * 6}, "none missing"),
        ({"outcomes": [[1]] * 6}, "two periods or more"),
        ({"first_treated": [1, 1]}, "one period a unit"),
        ({"first_treated": [np.nan] * 6}, "must name a unit treated"),
        ({"first_treated": [0] * 6}, "must name a unit treated"),
        ({"first_treated": [1] * 6}, "leave units untreated"),
        ({"periods": [1, 1, 2]}, "numbers that rise"),
        ({"first_treated": [2, 2, 0, 0, 0, 0], "periods": [1, 2, 3]}, "not 0"),
        ({"covariates": [np.nan] * 6}, "covariates must hold finite"),
        ({"covariates": [1.0] * 5}, "for each of 6 units"),
        ({"covariates": [1.0] * 6}, "must not follow from each other"),
        ({"covariates": [1.0, 2, 7, 8, 9, 7]}, "some like it untreated"),
        ({"controls": "all"}, "controls must be"),
        ({"method": "ols"}, "method must be"),
        ({"anticipation": -1}, "anticipation must be"),
        ({"level": 0}, "level must lie"),
        ({"replicates": 0}, "replicates must be"),
    ],
)
def test_bad_input_is_named(change, words):
    given_ = {
        "outcomes": [[1, 2, 4], [1, 2, 3], [2, 3, 3], [2, 4, 3], [1, 1, 2], [5, 4, 3]],
        "first_treated": [1, 1, np.nan, np.nan, np.nan, np.nan],
    }

    with pytest.raises(ValueError, match=words):
        staggered_did(**(given_ | change))
