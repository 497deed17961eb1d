import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convive.stats import crime_concentration, gini, lorenz_curve

counts = st.lists(st.integers(0, 50), min_size=2, max_size=40).filter(any)


@given(counts)
def test_gini_is_one_less_twice_the_area_below_the_curve(values):
    curve = lorenz_curve(values)

    assert gini(values) == pytest.approx(
        1 - 2 * np.trapezoid(curve.events, curve.places), abs=1e-12
    )


@given(counts)
def test_gini_is_the_mean_difference_of_all_pairs(values):
    x = np.array(values, float)

    pairs = np.abs(x[:, None] - x).mean() / (2 * x.mean())

    assert gini(values) == pytest.approx(pairs, abs=1e-12)


@given(counts)
def test_the_corrected_coefficient_lies_between_nothing_and_the_plain_one(values):
    found = crime_concentration(values)

    assert -1e-9 <= found.estimate <= found.gini + 1e-9


@given(counts, st.integers(0, 1000), st.integers(1, 9))
def test_neither_order_nor_unit_changes_the_curve(values, seed, unit):
    shuffled = unit * np.random.default_rng(seed).permutation(values)

    np.testing.assert_allclose(
        lorenz_curve(shuffled).events, lorenz_curve(values).events, atol=1e-12
    )


def test_the_curve_of_one_place_is_the_diagonal():
    curve = lorenz_curve([7])

    assert curve.to_frame().rows() == [(0, 0), (1, 1)]
    assert gini([7]) == 0


def test_the_frame_of_concentration_has_one_row():
    frame = crime_concentration([1, 1, 0, 0]).to_frame()

    assert frame.rows() == [(0.0, 0.5, 0.5)]


@pytest.mark.parametrize("measure", [lorenz_curve, gini, crime_concentration])
@pytest.mark.parametrize(
    ("count", "words"),
    [
        ([0, 0], "count must hold at least one event"),
        ([], "count must hold at least one event"),
        ([1, -1], "one known number a place"),
        ([1, np.nan], "one known number a place"),
        ([1, np.inf], "one known number a place"),
        ([[1, 2]], "one known number a place"),
    ],
)
def test_bad_input_is_named(measure, count, words):
    with pytest.raises(ValueError, match=words):
        measure(count)


def test_rates_have_no_corrected_coefficient():
    with pytest.raises(ValueError, match="whole numbers of events"):
        crime_concentration([0.5, 0.2])
