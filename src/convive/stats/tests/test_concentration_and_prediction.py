import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convive.stats import (
    crime_concentration,
    gini,
    lorenz_curve,
    prediction_accuracy_index,
    prediction_efficiency_index,
    weighted_displacement_quotient,
)

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


def test_the_published_accuracy_of_a_quarter_in_a_twentieth_is_five():
    index = prediction_accuracy_index([25, 75], [5, 95], [True, False])

    assert index.estimate == pytest.approx(5)


@given(st.integers(0, 10_000))
def test_no_choice_of_cells_beats_the_best_one(seed):
    rng = np.random.default_rng(seed)
    events, marked = rng.poisson(2, 20) + 1, rng.random(20) < 0.3
    marked[0] = True

    index = prediction_efficiency_index(events, rng.uniform(0.5, 2, 20), marked)

    assert 0 < index.estimate <= 1 + 1e-12


def test_what_moved_around_the_corner_has_a_quotient_below_zero():
    moved = weighted_displacement_quotient((100, 50), (80, 120), (200, 200))

    # 40 more around for 50 fewer inside.
    assert moved.estimate == pytest.approx(-0.8)


def test_where_nothing_fell_nothing_can_have_moved():
    unchanged = weighted_displacement_quotient((100, 100), (80, 120), (200, 200))

    assert np.isnan(unchanged.estimate)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gini([0, 0]), "at least one event"),
        (lambda: lorenz_curve([1, -1]), "one known number a place"),
        (lambda: prediction_accuracy_index([1], [1, 2], [True]), "one value a cell"),
        (lambda: prediction_accuracy_index([1], [1], [False]), "an area above zero"),
        (
            lambda: weighted_displacement_quotient((1, -1), (1, 1), (1, 1)),
            "target must hold",
        ),
        (
            lambda: weighted_displacement_quotient((1, 1), (1, 1), (0, 1)),
            "control must have",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
