import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import placebo_test, synthetic_control, synthetic_did
from convive.stats._kernels.simplex import fit_each, fit_one, fit_plainly


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


def test_the_placebo_of_each_unit_leaves_out_the_treated_one():
    test = placebo_test(panel(3), 5, 20)

    assert (test.weights[:, 5] == 0).all()
    assert test.smallest_p_value == pytest.approx(1 / 12)


@pytest.mark.slow
def test_the_placebo_test_calls_five_percent_where_nothing_was_done():
    rng = np.random.default_rng(2010)
    runs, units = 2000, 20

    p = []
    for _ in range(runs):
        table = rng.normal(0, 1, (units, 16)) + rng.normal(0, 1, 16)
        p.append(placebo_test(table, 0, 10).p_value)

    # The treated unit has one donor more, so ranks are all but exchangeable: three
    # standard errors of a share of 0.05 in 2,000 runs, and a hair.
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.0146 + 0.005)


def test_synthetic_did_finds_a_planted_effect():
    rng = np.random.default_rng(4)
    table = rng.normal(0, 0.2, (30, 24)) + np.linspace(0, 5, 24)
    table += rng.normal(0, 3, (30, 1))
    table[2, 18:] -= 4

    effect = synthetic_did(table, 2, 18)

    assert effect.estimate == pytest.approx(-4, abs=4 * 0.2)
    assert effect.lower < -4 < effect.upper
    assert effect.weights.sum() == pytest.approx(1)
    assert effect.time_weights.sum() == pytest.approx(1)
    assert len(effect.placebo_estimates) == 29


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"outcomes": [[1, 2, 3]]}, "at least three"),
        ({"outcomes": [[1, 2, np.nan]] * 4}, "outcomes must be finite"),
        ({"treated": 4}, "treated must be a row"),
        ({"pre_periods": 3}, "pre_periods must lie"),
    ],
)
@pytest.mark.parametrize("method", [synthetic_control, placebo_test, synthetic_did])
def test_bad_input_is_named(method, change, words):
    given_ = {"outcomes": [[1, 2, 3]] * 4, "treated": 0, "pre_periods": 2}

    with pytest.raises(ValueError, match=words):
        method(**(given_ | change))
