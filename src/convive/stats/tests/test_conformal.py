import numpy as np
import pytest

from convive.stats import conformal_interval, synthetic_control
from convive.stats._kernels.conformal import share_at, share_plainly


def panel(seed, units=6, periods=22):
    return np.random.default_rng(seed).normal(0, 1, (units, periods))


@pytest.mark.parametrize("effect", [-2.0, 0.0, 0.7])
def test_the_kernel_and_its_twin_agree(effect):
    table = panel(1)
    blocks = (np.array([20, 21]) + np.arange(22)[:, None]) % 22
    start = np.eye(6)[3]

    share = share_at(effect, table, table @ table.T, 0, blocks, start)

    assert share == share_plainly(effect, table, 0, blocks)


def test_effects_inside_the_interval_are_usual_and_those_outside_are_not():
    table = panel(2, periods=41)
    interval = conformal_interval(table, 0, 39)
    both = table[:, np.append(39, np.arange(39))]
    blocks = np.arange(40)[:, None]

    def share(effect):
        return share_plainly(effect, both, 0, blocks)

    for end, outward in ((interval.lower[0], -1), (interval.upper[0], 1)):
        assert share(end - outward * 1e-3) > 0.05
        assert all(share(end + outward * step) <= 0.05 for step in (1e-3, 2))
    assert interval.p_value[0] == share(0.0)


def test_the_interval_holds_the_estimate_which_is_that_of_the_synthetic_control():
    table = panel(3, periods=45)

    interval = conformal_interval(table, 0, 40)

    fit = synthetic_control(table, 0, 40)
    np.testing.assert_allclose(interval.estimate, fit.gap[40:])
    assert interval.average_estimate == pytest.approx(fit.estimate)
    assert (interval.lower <= interval.estimate).all()
    assert (interval.estimate <= interval.upper).all()
    assert interval.to_frame().height == 5


def test_one_later_period_is_its_own_average():
    interval = conformal_interval(panel(4, periods=31), 0, 30)

    assert interval.average_lower == pytest.approx(interval.lower[0])
    assert interval.average_upper == pytest.approx(interval.upper[0])
    assert interval.average_p_value == interval.p_value[0]


def test_an_effect_moves_the_interval_by_as_much():
    table = panel(5, periods=40)
    changed = table.copy()
    changed[0, 36:] -= 7

    plain, moved = (conformal_interval(x, 0, 36) for x in (table, changed))

    # Ends are where the share falls, to a bisected step.
    np.testing.assert_allclose(moved.lower, plain.lower - 7, atol=1e-5)
    np.testing.assert_allclose(moved.upper, plain.upper - 7, atol=1e-5)
    assert moved.average_lower == pytest.approx(plain.average_lower - 7, abs=1e-5)


def test_scaling_scales_the_interval_and_a_common_course_drops_out():
    table = panel(6, periods=40)
    course = np.random.default_rng(7).normal(0, 20, 40)

    plain, other = (
        conformal_interval(x, 0, 36) for x in (table, 10 * (table + course))
    )

    np.testing.assert_allclose(other.lower, 10 * plain.lower, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(other.upper, 10 * plain.upper, rtol=1e-4, atol=1e-4)


def test_too_few_periods_before_give_no_limit():
    interval = conformal_interval(panel(8, periods=20), 0, 18)

    assert (interval.lower == -np.inf).all()
    assert (interval.upper == np.inf).all()
    # Twenty places for the block of two are just enough.
    assert np.isfinite([interval.average_lower, interval.average_upper]).all()


def test_shuffles_of_the_same_generator_are_the_same():
    table = panel(9, periods=30)

    first, second = (
        conformal_interval(table, 0, 26, rng=np.random.default_rng(1), permutations=199)
        for _ in range(2)
    )

    assert first.average_lower == second.average_lower
    assert first.average_p_value * 200 == pytest.approx(
        round(first.average_p_value * 200)
    )


def test_a_perfect_twin_before_leaves_a_narrow_interval():
    table = panel(10, periods=40)
    table[0] = (table[1] + table[2]) / 2
    table[0, 36:] += 3

    interval = conformal_interval(table, 0, 36)

    assert interval.average_lower <= 3 + 1e-5
    assert interval.average_upper >= 3 - 1e-5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": 0.0}, "level must lie between 0 and 1"),
        ({"permutations": 0}, "permutations must be at least 1"),
    ],
)
def test_bad_choices_are_named(change, words):
    with pytest.raises(ValueError, match=words):
        conformal_interval(panel(1), 0, 20, **change)
