"""Examples of Bernasco and Steenbeek (2017), as their R package lorenzgini prints them.

Its vignette also captions a figure of counts 3, 1, 1 in ten places with G = .78 and
G' = .58; the formula of the article, and of the package itself, gives .56.
"""

from __future__ import annotations

import numpy as np
import pytest

from convive.stats import crime_concentration, gini, lorenz_curve

# They print two digits.
PRINTED = 0.005


@pytest.mark.parametrize(
    ("counts", "plain", "corrected"),
    [
        ([10, 8, 2, 0, 0, 0, 0, 0, 0, 0], 0.78, 0.78),
        ([5, 2, 1, 0, 0, 0, 0, 0, 0, 0], 0.80, 0.75),
        ([10, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0.90, 0.90),
        ([10] + 99 * [0], 0.99, 0.90),
    ],
)
def test_coefficients_are_the_published_ones(counts, plain, corrected):
    found = crime_concentration(counts)

    assert gini(counts) == pytest.approx(plain, abs=PRINTED)
    assert found.estimate == pytest.approx(corrected, abs=PRINTED)


def test_one_robbery_each_is_as_equal_in_five_places_as_in_ten():
    assert crime_concentration(10 * [1]).estimate == pytest.approx(0, abs=1e-12)
    assert crime_concentration(5 * [1] + 5 * [0]).estimate == pytest.approx(
        0, abs=1e-12
    )


def test_the_corrected_coefficient_is_the_area_to_the_most_equal_curve():
    # Their definition: the line of most equality runs from (0, 0) to (c/n, 1).
    rng = np.random.default_rng(17)
    for _ in range(20):
        counts = np.bincount(
            rng.choice(60, 25, p=rng.dirichlet(np.ones(60))), minlength=60
        )
        curve = lorenz_curve(counts)
        # From the fullest place on, as they draw it.
        area = np.trapezoid(1 - curve.events[::-1], 1 - curve.places[::-1])
        most_equal = 1 - 25 / 60 / 2

        expected = (area - most_equal) / (1 - most_equal)

        assert crime_concentration(counts).estimate == pytest.approx(
            expected, abs=1e-12
        )
