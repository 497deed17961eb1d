import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convive.stats import prediction_accuracy_index, prediction_efficiency_index


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


def test_efficiency_of_unequal_cells_divides_the_best_at_the_edge():
    # Marked: 1 of area with 4 events. Best: the dense half cell and half of the next.
    index = prediction_efficiency_index([6, 4, 2], [0.5, 1, 2], [False, True, False])

    assert index.estimate == pytest.approx(4 / (6 + 4 / 2))
    assert index.to_frame().columns == ["estimate", "observed", "expected"]


@pytest.mark.parametrize(
    "index", [prediction_accuracy_index, prediction_efficiency_index]
)
@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (([1], [1, 2], [True]), "one value a cell"),
        (([[1]], [[1]], [[True]]), "one value a cell"),
        (([1], [1], [False]), "an area above zero"),
        (([0], [1], [True]), "count must hold an event"),
        (([1, -1], [1, 1], [True, False]), "count must be known"),
        (([1, np.inf], [1, 1], [True, False]), "count must be known, finite"),
        (([1, 1], [1, np.nan], [True, False]), "area must be known"),
        (([1, 1], [1, -1], [True, False]), "area must be known, finite and zero"),
        (([1, 1], [1, 1], [0.4, 1]), "marked must be true or false"),
        (([1, 1], [1, 1], [np.nan, 1]), "marked must be true or false"),
    ],
)
def test_bad_input_is_named(index, cells, words):
    with pytest.raises(ValueError, match=words):
        index(*cells)
