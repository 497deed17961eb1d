"""Exact limits and the test of two rates beside statsmodels."""

from __future__ import annotations

import pytest
from statsmodels.stats.rates import confint_poisson, test_poisson_2indep

from convive.stats import crude_rate, rate_ratio

test_poisson_2indep.__test__ = False
ROUNDING = 1e-9


@pytest.mark.parametrize("count", [1, 10, 400])
def test_exact_limits_are_those_of_statsmodels(count):
    lower, upper = confint_poisson(count, 25_000, method="exact-c")

    rate = crude_rate(count, 25_000, per=1)

    assert float(rate.lower) == pytest.approx(lower, rel=ROUNDING)
    assert float(rate.upper) == pytest.approx(upper, rel=ROUNDING)


@pytest.mark.parametrize(
    ("first", "second"), [((30, 1e5), (14, 8e4)), ((0, 5e3), (4, 9e3))]
)
def test_the_test_of_two_rates_is_the_exact_conditional_one(first, second):
    theirs = test_poisson_2indep(*first, *second, method="exact-cond")

    assert rate_ratio(*first, *second).p_value == pytest.approx(
        theirs.pvalue, rel=ROUNDING
    )
