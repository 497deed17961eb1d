import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import synthetic_did
from convive.stats._kernels.did import fit_plainly, fit_sets, shared_tables


def panel(seed, units=12, periods=24):
    rng = np.random.default_rng(seed)
    course = np.cumsum(rng.normal(0, 1, (2, periods)), axis=1)
    level = rng.normal(20, 3, (units, 1))
    noise = rng.normal(0, 0.5, (units, periods))
    return level + rng.normal(0, 1, (units, 2)) @ course + noise


@pytest.mark.parametrize("treated", [[0], [3], [1, 4, 5]])
def test_the_kernel_and_its_twin_agree(treated):
    table, rows = panel(1), np.array(treated)

    estimates, units, times = fit_sets(shared_tables(table, 18), rows[None, :])

    estimate, of_units, of_time = fit_plainly(table, 18, rows)
    assert estimates[0] == pytest.approx(estimate, abs=1e-3)
    np.testing.assert_allclose(np.delete(units[0], rows), of_units, atol=1e-4)
    # Their penalty is all but none, so that the twin comes near them slowly.
    np.testing.assert_allclose(times[0], of_time, atol=1e-2)


def test_tables_less_a_row_are_the_tables_made_without_it():
    table = panel(2)
    others = np.arange(1, 12)

    at_once, *_rest = fit_sets(shared_tables(table, 18), others[:, None])

    # A row that is treated gives nothing: its later values can be anything.
    one_by_one = [synthetic_did(table, int(row), 18).estimate for row in others]
    np.testing.assert_allclose(at_once, one_by_one, rtol=1e-9)


def test_placebos_are_the_estimates_of_the_donors_without_the_treated_unit():
    table = panel(3)

    effect = synthetic_did(table, 0, 18)

    each = [synthetic_did(table[1:], donor, 18).estimate for donor in range(11)]
    np.testing.assert_allclose(effect.placebo_estimates, each, rtol=1e-9)
    assert effect.standard_error == pytest.approx(np.std(each))


def test_a_planted_effect_is_found():
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


def test_an_effect_in_several_units_is_found():
    table = panel(5, units=40)
    table[[0, 7, 9], 18:] -= 6

    effect = synthetic_did(table, [0, 7, 9], 18, rng=np.random.default_rng(1))

    assert effect.lower < -6 < effect.upper < 0
    assert (effect.weights[[0, 7, 9]] == 0).all()
    assert len(effect.placebo_estimates) == 500


def test_the_same_generator_draws_the_same_placebos():
    table = panel(6, units=20)

    first, second = (
        synthetic_did(table, [0, 1], 18, rng=np.random.default_rng(9), placebos=30)
        for _ in range(2)
    )

    assert first.standard_error == second.standard_error


def test_two_equal_treated_rows_have_the_effect_of_one_and_more_penalty():
    # Parallel rows leave no noise, so that no penalty is left either.
    table = np.array([5.0, 1, 2, 3, 4, 5])[:, None] + np.arange(8.0)
    table[[0, 5], 6:] -= 2

    both = synthetic_did(table, [0, 5], 6, rng=np.random.default_rng(1))

    assert both.estimate == pytest.approx(-2)


@given(st.integers(0, 1000), st.floats(0.1, 100), st.floats(-50, 50))
@settings(max_examples=15, deadline=None)
def test_units_of_measurement_change_nothing_but_themselves(seed, scale, shift):
    table = panel(seed)
    levels = np.random.default_rng(seed).normal(0, 10, (12, 1))

    plain = synthetic_did(table, 0, 18)
    # Each unit's own level drops out as well.
    other = synthetic_did((table + levels) * scale + shift, 0, 18)

    assert other.estimate == pytest.approx(plain.estimate * scale, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"outcomes": panel(1)[:3]}, "at least three donors"),
        ({"treated": [0, 1, 2, 3, 4, 5]}, "more donors than treated"),
        ({"treated": [0, 0]}, "name each row once"),
        ({"treated": []}, "treated must be a row"),
        ({"treated": [0, 1], "placebos": 1}, "placebos must be at least 2"),
        ({"level": 1.0}, "level must lie between 0 and 1"),
    ],
)
def test_bad_input_is_named(change, words):
    given_ = {"outcomes": panel(1), "treated": 0, "pre_periods": 18}

    with pytest.raises(ValueError, match=words):
        synthetic_did(**(given_ | change))
