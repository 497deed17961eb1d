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


@pytest.mark.parametrize("count", [[-1], [1.5], [np.inf], [np.nan, -2], [5000.5]])
def test_a_count_that_is_none_is_refused(count):
    with pytest.raises(ValueError, match="whole numbers"):
        poisson_interval(count)


@given(st.lists(st.integers(0, 9000), min_size=1, max_size=20))
def test_whole_numbers_of_any_kind_have_the_same_limits(counts):
    kinds = [
        poisson_interval(np.array(counts, dtype=kind))
        for kind in ("int64", "uint16", "float64")
    ]

    for other in kinds[1:]:
        np.testing.assert_array_equal(other.lower, kinds[0].lower)
        np.testing.assert_array_equal(other.upper, kinds[0].upper)
        np.testing.assert_array_equal(other.estimate, kinds[0].estimate)


def test_limits_keep_the_shape_of_the_counts():
    for shape in ((), (0,), (2, 3)):
        interval = poisson_interval(np.full(shape, 7))

        assert interval.lower.shape == interval.upper.shape == shape


def test_the_limits_of_one_call_do_not_change_those_of_another():
    first = poisson_interval([3, 4])
    lower = first.lower.copy()

    crude_rate([3, 4], [10, 20])
    first.upper[:] = 0

    np.testing.assert_array_equal(poisson_interval([3, 4]).lower, lower)
    assert (poisson_interval([3, 4]).upper > 0).all()


def test_places_by_years_share_their_population():
    rate = crude_rate([[1, 2, 3], [4, 5, 6]], [[1000], [0]])

    assert rate.estimate.shape == rate.population.shape == (2, 3)
    assert rate.estimate[0].tolist() == [100, 200, 300]
    assert np.isnan(rate.upper[1]).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: crude_rate([1], [-5]), "population must be zero or more"),
        (lambda: crude_rate([1, 2], [np.nan, -5]), "population must be zero or more"),
        (lambda: crude_rate([1], [5], per=0), "per must be above zero"),
        (lambda: poisson_interval([1], level=1), "level must lie"),
        (lambda: rate_ratio(1.5, 10, 2, 10), "count must be a whole number"),
        (lambda: rate_ratio(1, 10, np.nan, 10), "other_count must be a whole number"),
        (lambda: rate_ratio(1, 0, 2, 10), "population must be above zero"),
        (lambda: rate_ratio(1, 10, 2, np.nan), "other_population must be above zero"),
        (lambda: rate_ratio(1, 10, 2, 10, level=0), "level must lie"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_swapping_two_places_inverts_their_ratio():
    ratio, inverse = rate_ratio(9, 500, 4, 700), rate_ratio(4, 700, 9, 500)

    assert ratio.estimate == pytest.approx(1 / inverse.estimate)
    assert ratio.lower == pytest.approx(1 / inverse.upper)
    assert ratio.p_value == pytest.approx(inverse.p_value)


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
