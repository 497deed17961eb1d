import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convive.stats import (
    weighted_displacement_difference,
    weighted_displacement_quotient,
)

many = st.integers(50, 5000)
pairs = st.tuples(many, many)


def test_the_limits_are_those_of_the_quadratic_worked_out_by_hand():
    spread = weighted_displacement_quotient((100, 50), (80, 60), (200, 200))

    # S = -0.25, N = -0.1; with 1.96 squared, 3.8415:
    # S^2 - 3.8415 * 0.0053125, N^2 - 3.8415 * 0.00475, SN - 3.8415 * 0.001375.
    roots = np.roots([0.0420922, -2 * 0.0197180, -0.0082470])
    assert (spread.lower, spread.upper) == pytest.approx(sorted(roots), abs=1e-4)


def test_a_fall_that_may_be_chance_leaves_the_quotient_open():
    doubtful = weighted_displacement_quotient((20, 18), (30, 33), (200, 205))

    assert doubtful.success < 0
    assert (doubtful.lower, doubtful.upper) == (-np.inf, np.inf)


def test_no_fall_has_no_quotient_and_no_limits():
    risen = weighted_displacement_quotient((100, 130), (80, 80), (200, 200))

    assert np.isnan([risen.estimate, risen.lower, risen.upper]).all()


@given(many, pairs, pairs)
def test_limits_hold_the_quotient(before, buffer, control):
    found = weighted_displacement_quotient((before, before // 9), buffer, control)

    if found.success < 0:
        assert found.lower <= found.estimate <= found.upper


@given(many, pairs, pairs)
def test_a_surer_interval_is_wider(before, buffer, control):
    sure, less = (
        weighted_displacement_quotient((before, before // 9), buffer, control, level)
        for level in (0.99, 0.9)
    )

    if sure.success < 0:
        assert sure.lower <= less.lower
        assert sure.upper >= less.upper


def test_the_difference_is_the_fall_beyond_that_of_the_controls():
    test = weighted_displacement_difference((30, 20), (30, 25), (15, 17), (15, 14))

    assert test.target == -10 + 5
    assert test.buffer == 2 + 1
    assert test.estimate == -2
    assert test.standard_error == pytest.approx(np.sqrt(50 + 55 + 32 + 29))


def test_without_a_buffer_the_difference_is_that_of_the_place():
    test = weighted_displacement_difference((30, 20), (30, 25))

    assert test.estimate == test.target == -5
    assert test.buffer == 0


@given(pairs, pairs, pairs, pairs, st.floats(0.1, 10))
def test_years_or_months_give_the_same_test(target, control, buffer, other, scale):
    rows = (target, control, buffer, other)

    months = weighted_displacement_difference(*rows, periods=(24, 12))
    others = weighted_displacement_difference(*rows, periods=(24 * scale, 12 * scale))

    assert others.p_value == pytest.approx(months.p_value, rel=1e-6, abs=1e-12)
    assert others.estimate * scale == pytest.approx(months.estimate, abs=1e-6)


@given(pairs, pairs)
def test_the_mirror_of_a_fall_is_a_rise(target, control):
    fall = weighted_displacement_difference(target, control)
    rise = weighted_displacement_difference(control, target)

    assert rise.estimate == -fall.estimate
    assert rise.p_value == fall.p_value
    assert (rise.lower, rise.upper) == (-fall.upper, -fall.lower)


def test_where_nothing_happened_nothing_changed():
    empty = weighted_displacement_difference((0, 0), (0, 0))

    assert (empty.estimate, empty.p_value) == (0, 1)


def test_one_row():
    quotient = weighted_displacement_quotient((100, 50), (80, 60), (200, 200))
    difference = weighted_displacement_difference((30, 20), (30, 25))

    assert quotient.to_frame().shape == (1, 4)
    assert difference.to_frame().shape == (1, 8)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": (1, -1)}, "target must hold two counts"),
        ({"control": (1, np.nan)}, "control must hold two counts"),
        ({"buffer": (1, 2, 3)}, "buffer must hold two counts"),
        ({"buffer_control": (np.inf, 1)}, "buffer_control must hold"),
        ({"periods": (0, 1)}, "periods and sizes must be above zero"),
        ({"sizes": (1, 1, 1, -1)}, "periods and sizes must be above zero"),
        ({"level": 1}, "level must lie"),
    ],
)
def test_bad_input_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        weighted_displacement_difference(
            **({"target": (9, 5), "control": (9, 9)} | change)
        )


def test_a_level_outside_is_named():
    with pytest.raises(ValueError, match="level must lie"):
        weighted_displacement_quotient((9, 5), (9, 9), (9, 9), level=0)
