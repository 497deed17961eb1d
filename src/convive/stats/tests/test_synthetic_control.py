import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import (
    augmented_synthetic_control,
    conformal_interval,
    leave_one_out,
    placebo_test,
    synthetic_control,
    synthetic_did,
)
from convive.stats._kernels.simplex import fit_each, fit_from, fit_one, fit_plainly


def panel(seed, units=12, periods=30):
    rng = np.random.default_rng(seed)
    factors = np.cumsum(rng.normal(0, 1, (3, periods)), axis=1)
    return (
        40 + rng.normal(0, 2, (units, 3)) @ factors + rng.normal(0, 1, (units, periods))
    )


@given(st.integers(0, 10_000), st.integers(3, 25), st.integers(2, 12))
@settings(max_examples=60, deadline=None)
def test_every_fit_is_optimal_and_its_weights_are_shares(seed, units, periods):
    before = np.random.default_rng(seed).normal(0, 1, (units, periods))
    gram = before @ before.T

    weights, gaps = fit_each(gram, np.ones(units, dtype=bool), 1e-9)

    assert (gaps <= 1e-6).all()
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert (np.diag(weights) == 0).all()


def test_the_active_set_and_the_projected_gradient_agree():
    before = panel(1)[:, :20] - 40
    gram = before @ before.T
    others = np.arange(len(gram)) != 3

    exact, _gap = fit_one(gram, gram[3], others, 1e-9)

    slow = fit_plainly(gram, gram[3], others)
    cost = [w @ gram @ w - 2 * w @ gram[3] for w in (exact, slow)]
    assert cost[0] <= cost[1] + 1e-6
    np.testing.assert_allclose(exact, slow, atol=1e-3)


def test_donors_that_make_up_the_treated_unit_are_found():
    table = panel(2)
    table[0] = 0.6 * table[4] + 0.4 * table[7]
    table[0, 20:] -= 10

    fit = synthetic_control(table, 0, 20)

    assert fit.weights[[4, 7]] == pytest.approx([0.6, 0.4], abs=1e-4)
    assert fit.estimate == pytest.approx(-10, abs=1e-3)
    assert fit.pre_rmspe == pytest.approx(0, abs=1e-3)


@given(st.integers(0, 1000), st.floats(0.1, 100), st.floats(-50, 50))
@settings(max_examples=20, deadline=None)
def test_units_of_measurement_change_nothing_but_themselves(seed, scale, shift):
    table = panel(seed)

    plain = synthetic_control(table, 0, 20)
    other = synthetic_control(table * scale + shift, 0, 20)

    assert other.estimate == pytest.approx(plain.estimate * scale, rel=1e-3, abs=1e-3)


def test_a_number_added_to_all_units_of_a_period_changes_no_weight():
    table = panel(5)
    moved = table + np.random.default_rng(6).normal(0, 30, table.shape[1])

    np.testing.assert_allclose(
        synthetic_control(moved, 0, 20).weights,
        synthetic_control(table, 0, 20).weights,
        atol=1e-6,
    )


def test_donors_in_another_order_keep_their_weights():
    table = panel(7)
    order = np.append(0, np.random.default_rng(8).permutation(np.arange(1, 12)))

    mixed = synthetic_control(table[order], 0, 20)

    np.testing.assert_allclose(
        mixed.weights, synthetic_control(table, 0, 20).weights[order], atol=1e-8
    )


@given(st.integers(0, 10_000), st.integers(2, 25), st.integers(1, 10), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_search_from_any_weights_ends_where_one_from_a_corner_does(
    seed, units, periods, is_penalised
):
    rng = np.random.default_rng(seed)
    series, wanted = rng.normal(0, 1, (units, periods)), rng.normal(0, 1, periods)
    gram, target = series @ series.T, series @ wanted
    everyone, penalty = np.ones(units, dtype=bool), 0.5 * is_penalised
    weights = rng.dirichlet(np.ones(units)) * (rng.random(units) < 0.5)
    weights[0] += 1 - weights.sum()

    gap = fit_from(gram, target, everyone, 1e-10, penalty, weights)

    other, other_gap = fit_one(gram, target, everyone, 1e-10, penalty)
    assert max(gap, other_gap) <= 1e-8
    np.testing.assert_allclose(weights @ series, other @ series, atol=1e-4)


def test_no_start_makes_a_unit_join_the_fit_twice():
    # 36 starts in which units repeat others: a second joining wrote beyond the tables.
    for seed in range(36):
        rng = np.random.default_rng(seed)
        series, wanted = rng.normal(0, 1, (24, 3)), rng.normal(0, 1, 3)
        weights = rng.dirichlet(np.ones(24))
        everyone = np.ones(24, dtype=bool)

        gram, target = series @ series.T, series @ wanted
        gap = fit_from(gram, target, everyone, 1e-10, 0.0, weights)

        assert gap <= 1e-8
        assert weights.min() >= 0
        assert weights.sum() == pytest.approx(1, abs=1e-9)


def test_units_that_repeat_one_another_share_a_weight_without_harm():
    table = np.repeat(panel(9, units=4), 3, axis=0)
    table[0, 20:] += 5

    fit = synthetic_control(table, 0, 20)

    # Two donors repeat the treated unit.
    assert fit.pre_rmspe == pytest.approx(0, abs=1e-6)
    assert fit.estimate == pytest.approx(5, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"outcomes": [[1, 2, 3]]}, "at least three"),
        ({"outcomes": [[1, 2, np.nan]] * 4}, "outcomes must be finite"),
        ({"treated": 4}, "treated must be a row"),
        ({"treated": -1}, "treated must be a row"),
        ({"treated": 0.5}, "treated must be a row"),
        ({"treated": [[0]]}, "treated must be"),
        ({"pre_periods": 3}, "pre_periods must lie"),
    ],
)
@pytest.mark.parametrize(
    "method",
    [
        augmented_synthetic_control,
        conformal_interval,
        leave_one_out,
        placebo_test,
        synthetic_control,
        synthetic_did,
    ],
    ids=lambda method: method.__name__,
)
def test_bad_input_is_named(method, change, words):
    given_ = {"outcomes": [[1, 2, 3]] * 4, "treated": 0, "pre_periods": 2}

    with pytest.raises(ValueError, match=words):
        method(**(given_ | change))
