import numpy as np
import pytest

from convive.stats import augmented_synthetic_control, synthetic_control


def panel(seed, units=10, periods=20):
    rng = np.random.default_rng(seed)
    course = np.cumsum(rng.normal(0, 1, (2, periods)), axis=1)
    noise = rng.normal(0, 0.5, (units, periods))
    return 30 + rng.normal(0, 1, (units, 2)) @ course + noise


def outside(seed):
    """A treated unit that no mean of the donors can follow."""
    table = panel(seed)
    table[0] = table[1:].max(axis=0) + 2
    return table


def test_weights_follow_their_equation():
    table = outside(1)
    penalty = 3.0

    fit = augmented_synthetic_control(table, 0, 15, penalty=penalty)

    # By hand, with an inverse.
    donors = table[1:, :15] - table[1:, :15].mean(axis=0)
    own = table[0, :15] - table[1:, :15].mean(axis=0)
    simplex = synthetic_control(table, 0, 15).weights[1:]
    inverse = np.linalg.inv(donors.T @ donors + penalty * np.eye(15))
    wanted = simplex + (own - simplex @ donors) @ inverse @ donors.T
    np.testing.assert_allclose(fit.weights[1:], wanted, atol=1e-6)
    np.testing.assert_allclose(fit.simplex_weights[1:], simplex, atol=1e-6)
    assert fit.weights.sum() == pytest.approx(1)


def test_a_huge_penalty_is_the_synthetic_control_and_a_small_one_fits_better():
    table = outside(2)

    plain = synthetic_control(table, 0, 15)
    huge = augmented_synthetic_control(table, 0, 15, penalty=1e12)
    small = augmented_synthetic_control(table, 0, 15, penalty=0.1)

    np.testing.assert_allclose(huge.weights, plain.weights, atol=1e-6)
    assert huge.estimate == pytest.approx(plain.estimate, abs=1e-6)
    assert huge.simplex_estimate == pytest.approx(plain.estimate, abs=1e-6)
    assert small.pre_rmspe < 0.8 * plain.pre_rmspe
    assert small.weights.min() < 0


def test_errors_are_those_of_each_period_foretold_by_the_others():
    table = outside(3)

    fit = augmented_synthetic_control(table, 0, 15)

    for place in (4, 12):
        squares = []
        for period in range(15):
            # The period left out is the one foretold.
            order = np.append(np.delete(np.arange(15), period), period)
            alone = augmented_synthetic_control(
                table[:, order], 0, 14, penalty=fit.penalties[place]
            )
            squares.append(alone.gap[14] ** 2)
        assert fit.errors[place] == pytest.approx(np.mean(squares), rel=1e-4)
        wanted = np.std(squares, ddof=1) / np.sqrt(15)
        assert fit.standard_errors[place] == pytest.approx(wanted, rel=1e-4)


def test_the_rules_choose_what_they_say():
    table = outside(4)

    careful = augmented_synthetic_control(table, 0, 15)
    least = augmented_synthetic_control(table, 0, 15, rule="minimum")

    place = careful.errors.argmin()
    assert least.penalty == careful.penalties[place]
    is_near = careful.errors <= careful.errors[place] + careful.standard_errors[place]
    assert careful.penalty == careful.penalties[is_near].max()
    assert careful.penalty >= least.penalty


def test_scaling_scales_the_estimate_and_a_common_course_drops_out():
    table = outside(5)
    course = np.random.default_rng(6).normal(0, 20, 20)

    plain = augmented_synthetic_control(table, 0, 15)
    other = augmented_synthetic_control(10 * (table + course), 0, 15)

    assert other.estimate == pytest.approx(10 * plain.estimate, rel=1e-5)
    assert other.penalty == pytest.approx(100 * plain.penalty, rel=1e-6)


def test_donors_in_another_order_keep_their_weights():
    table = outside(7)
    order = np.append(0, np.random.default_rng(8).permutation(np.arange(1, 10)))

    mixed = augmented_synthetic_control(table[order], 0, 15, penalty=1.0)

    plain = augmented_synthetic_control(table, 0, 15, penalty=1.0)
    np.testing.assert_allclose(mixed.weights, plain.weights[order], atol=1e-7)
    assert plain.to_frame().height == 20


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"penalty": 0.0}, "penalty must be positive"),
        ({"penalty": np.nan}, "penalty must be positive"),
        ({"rule": "best"}, "rule must be one-standard-error or minimum"),
        ({"pre_periods": 2}, "pre_periods must be at least 3"),
    ],
)
def test_bad_choices_are_named(change, words):
    given = {"outcomes": panel(1), "treated": 0, "pre_periods": 15}

    with pytest.raises(ValueError, match=words):
        augmented_synthetic_control(**(given | change))
