"""Worked examples of the weighted displacement difference.

The first is that of Wheeler and Ratcliffe (2018); the others are on Wheeler's page, on
periods (2021-01-09) and on areas (2021-02-23), as the tests of his R package `ptools`
have them.
"""

from __future__ import annotations

import pytest

from convive.stats import weighted_displacement_difference

COUNTS = ((207, 110), (308, 318), (178, 157), (150, 140))
# Half of the last digit in print.
ROUNDING = 1e-8


def test_the_example_of_the_paper():
    test = weighted_displacement_difference(*COUNTS)

    assert test.estimate == -118
    assert test.standard_error**2 == pytest.approx(1568)
    assert round(test.statistic, 2) == -2.98
    assert (round(test.lower), round(test.upper)) == (-196, -40)


def test_the_example_of_unequal_periods():
    test = weighted_displacement_difference((80, 20), (100, 50), periods=(2, 1))

    assert test.estimate == -20
    assert test.standard_error**2 == pytest.approx(115)


def test_the_example_of_unequal_areas():
    test = weighted_displacement_difference(*COUNTS, sizes=(1.2, 0.9, 1.5, 1.6))

    said = (-99.69444444, 35.4280755, -2.813995483, -169.1321965, -30.25669241)
    ours = (
        test.estimate,
        test.standard_error,
        test.statistic,
        test.lower,
        test.upper,
    )
    assert ours == pytest.approx(said, rel=ROUNDING)


def test_the_example_of_the_readme_at_ninety_percent():
    test = weighted_displacement_difference((20, 10), (20, 20), level=0.9)

    assert (test.lower, test.upper) == pytest.approx(
        (-23.761833, 3.761833), rel=ROUNDING * 10
    )
    assert test.statistic == pytest.approx(-1.195229, rel=1e-6)
