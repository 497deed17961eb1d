import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from convive.stats import crude_rate, poisson_interval, rate_ratio

# Garwood's limits as printed in tables of the Poisson distribution.
PUBLISHED = {
    0: (0, 3.6889),
    1: (0.0253, 5.5716),
    10: (4.7954, 18.3904),
}
PRINTED_DIGITS = 5e-5


@pytest.mark.parametrize("count", PUBLISHED)
def test_limits_are_those_of_the_published_table(count):
    interval = poisson_interval(count)

    assert float(interval.lower) == pytest.approx(
        PUBLISHED[count][0], abs=PRINTED_DIGITS
    )
    assert float(interval.upper) == pytest.approx(
        PUBLISHED[count][1], abs=PRINTED_DIGITS
    )


@given(st.integers(0, 200_000), st.sampled_from([0.8, 0.95, 0.99]))
def test_limits_agree_with_the_chi_square_distribution(count, level):
    interval = poisson_interval([count], level)

    tail = (1 - level) / 2
    lower = chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    assert interval.lower[0] == pytest.approx(lower, rel=1e-9)
    assert interval.upper[0] == pytest.approx(
        chi2.ppf(1 - tail, 2 * count + 2) / 2, rel=1e-9
    )


def test_an_unknown_count_has_unknown_limits():
    interval = poisson_interval([np.nan, 1])

    assert np.isnan(interval.upper).tolist() == [True, False]


@pytest.mark.parametrize("count", [[-1], [1.5]])
def test_a_count_that_is_none_is_refused(count):
    with pytest.raises(ValueError, match="whole numbers"):
        poisson_interval(count)


def test_a_rate_without_population_is_unknown_not_zero():
    rate = crude_rate([0, 5], [0, 1000])

    assert np.isnan(rate.estimate[0])
    assert rate.estimate[1] == pytest.approx(500)


def test_equal_rates_have_a_ratio_of_one_inside_its_limits():
    ratio = rate_ratio(50, 1000, 50, 1000)

    assert ratio.estimate == pytest.approx(1)
    assert ratio.lower < 1 < ratio.upper
    assert ratio.p_value == pytest.approx(1)


def test_nothing_in_either_place_tells_nothing():
    ratio = rate_ratio(0, 1000, 0, 500)

    assert np.isnan(ratio.estimate)
    assert (ratio.lower, ratio.upper) == (0, np.inf)
