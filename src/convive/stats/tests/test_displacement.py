import numpy as np
import pytest

from convive.stats import weighted_displacement_quotient


def test_what_moved_around_the_corner_has_a_quotient_below_zero():
    moved = weighted_displacement_quotient((100, 50), (80, 120), (200, 200))

    # 40 more around for 50 fewer inside.
    assert moved.estimate == pytest.approx(-0.8)


def test_where_nothing_fell_nothing_can_have_moved():
    unchanged = weighted_displacement_quotient((100, 100), (80, 120), (200, 200))

    assert np.isnan(unchanged.estimate)


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        (((1, -1), (1, 1), (1, 1)), "target must hold"),
        (((1, 1), (1, 1), (0, 1)), "control must have"),
    ],
)
def test_bad_input_is_named(areas, words):
    with pytest.raises(ValueError, match=words):
        weighted_displacement_quotient(*areas)
