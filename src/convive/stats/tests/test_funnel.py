from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from convive.stats import funnel_limits


def test_limits_of_a_mean_of_ten_lie_where_the_poisson_table_puts_them():
    # P(X<=3) = 0.0103 and P(X<=4) = 0.0293, so 2.5 % falls between 3 and 4.
    limits = funnel_limits(10, 100_000)

    assert 3 < limits.lower < 4
    # P(X<=16) = 0.9730 and P(X<=17) = 0.9857.
    assert 16 < limits.upper < 17


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_the_interpolated_limit_is_that_of_the_definition(level):
    mean = np.geomspace(0.05, 5_000, 60)
    tail = (1 - level) / 2

    limits = funnel_limits(1, mean, level=level, per=1)

    for p, found in ((tail, limits.lower), (1 - tail, limits.upper)):
        r = poisson.ppf(p, mean)
        alpha = (poisson.cdf(r, mean) - p) / poisson.pmf(r, mean)
        np.testing.assert_allclose(
            found * mean, np.maximum(r - alpha, 0), rtol=1e-6, atol=1e-9
        )


def test_the_funnel_narrows_as_the_population_grows():
    limits = funnel_limits(30, np.geomspace(5_000, 5_000_000, 30))

    width = limits.upper - limits.lower
    assert np.all(np.diff(width[10:]) < 0)
    assert np.all(limits.lower < 30)
    assert np.all(limits.upper > 30)


def test_wider_limits_hold_the_narrower():
    populations = np.geomspace(500, 1_000_000, 40)

    inner = funnel_limits(25, populations, level=0.95)
    outer = funnel_limits(25, populations, level=0.998)

    assert np.all(outer.lower <= inner.lower)
    assert np.all(outer.upper >= inner.upper)


def test_a_rate_of_zero_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        funnel_limits(0, [1000])
