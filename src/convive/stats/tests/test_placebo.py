import numpy as np
import pytest

from convive.stats import leave_one_out, placebo_test, synthetic_control


def panel(seed, units=12, periods=30):
    rng = np.random.default_rng(seed)
    factors = np.cumsum(rng.normal(0, 1, (3, periods)), axis=1)
    return (
        40 + rng.normal(0, 2, (units, 3)) @ factors + rng.normal(0, 1, (units, periods))
    )


def test_the_placebo_of_each_unit_leaves_out_the_treated_one():
    test = placebo_test(panel(3), 5, 20)

    assert (test.weights[:, 5] == 0).all()
    assert test.smallest_p_value == pytest.approx(1 / 12)
    assert test.is_compared.all()


def test_each_placebo_is_the_synthetic_control_of_that_unit():
    table = panel(4)

    test = placebo_test(table, 2, 20)

    for unit in (0, 7):
        alone = synthetic_control(np.delete(table, 2, axis=0), unit - (unit > 2), 20)
        np.testing.assert_allclose(test.gap[unit], alone.gap, atol=1e-6)
        assert test.ratio[unit] == pytest.approx(alone.ratio, rel=1e-6)


def test_the_treated_unit_may_help_to_fit_the_others():
    test = placebo_test(panel(3), 5, 20, treated_as_donor=True)

    assert test.weights[:, 5].max() > 0
    assert test.weights[5, 5] == 0


def test_a_large_effect_has_the_smallest_p_value_and_none_at_an_earlier_date():
    table = panel(6, units=25)
    table[0, 20:] -= 60

    assert placebo_test(table, 0, 20).p_value == pytest.approx(1 / 25)
    assert placebo_test(table, 0, 20, in_time=12).p_value > 1 / 25


def test_a_placebo_in_time_does_not_see_what_came_after():
    table = panel(7)
    changed = table.copy()
    changed[:, 20:] = 0

    before, after = (placebo_test(x, 0, 20, in_time=12) for x in (table, changed))

    np.testing.assert_array_equal(before.gap, after.gap)
    assert before.gap.shape == (12, 20)


def test_a_test_of_a_fall_does_not_count_a_rise():
    table = panel(8, units=25)
    table[0, 20:] += 60

    p = {
        alternative: placebo_test(table, 0, 20, alternative=alternative).p_value
        for alternative in ("less", "greater", "two-sided")
    }

    assert p["greater"] == pytest.approx(1 / 25)
    assert p["two-sided"] == pytest.approx(1 / 25)
    assert p["less"] == 1


def test_units_with_a_poor_fit_before_are_left_out_of_the_comparison():
    table = panel(9)
    # No mean of the others goes so far up and down.
    table[3] += np.where(np.arange(30) % 2, 40, -40)
    table[0, 20:] -= 5

    strict = placebo_test(table, 0, 20, max_pre_rmspe_ratio=5)

    assert not strict.is_compared[3]
    assert strict.is_compared[0]
    assert strict.smallest_p_value == 1 / strict.is_compared.sum()
    compared = strict.ratio[strict.is_compared]
    assert strict.p_value == (compared >= strict.ratio[0]).mean()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"treated": [0, 1]}, "treated must be one row"),
        ({"in_time": 1}, "in_time must lie between 2 and 2"),
        ({"in_time": 3}, "in_time must lie between 2 and 2"),
        ({"max_pre_rmspe_ratio": 0}, "max_pre_rmspe_ratio must be positive"),
        ({"max_pre_rmspe_ratio": np.nan}, "max_pre_rmspe_ratio must be positive"),
        ({"alternative": "both"}, "alternative must be one of two-sided, less"),
    ],
)
def test_bad_choices_are_named(change, words):
    with pytest.raises(ValueError, match=words):
        placebo_test(panel(1)[:, :6], **({"treated": 0, "pre_periods": 3} | change))


def test_leaving_out_a_donor_is_fitting_without_its_row():
    table = panel(10)

    without = leave_one_out(table, 0, 20)

    whole = synthetic_control(table, 0, 20)
    assert without.estimate == pytest.approx(whole.estimate)
    np.testing.assert_array_equal(without.donors, np.flatnonzero(whole.weights))
    for donor, estimate in zip(without.donors, without.estimates, strict=True):
        fit = synthetic_control(np.delete(table, donor, axis=0), 0, 20)
        assert fit.estimate == pytest.approx(estimate, abs=1e-6)
    assert without.lower == without.estimates.min()
    assert without.to_frame().height == len(without.donors)


def test_leaving_one_of_two_donors_out_is_refused():
    with pytest.raises(ValueError, match="at least three donors"):
        leave_one_out(panel(1)[:3], 0, 20)
