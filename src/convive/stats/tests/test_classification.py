from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import natural_breaks

# Sums of squares of the same grouping differ by rounding only.
ROUNDING = 1e-9


def spread(groups):
    return sum(float(((g - g.mean()) ** 2).sum()) for g in groups)


def least_spread(values, classes):
    """Every cut of the sorted values tried."""
    ordered = np.sort(values)
    cuts = combinations(range(1, len(ordered)), classes - 1)
    return min(spread(np.split(ordered, list(cut))) for cut in cuts)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=3, max_size=9, unique=True),
    st.integers(1, 3),
)
def test_no_other_cut_has_less_spread(values, classes):
    found = natural_breaks(values, classes)

    array = np.array(values, dtype=float)
    groups = [
        array[(array >= low) & (array <= high)]
        for low, high in zip(found.lower, found.upper, strict=True)
    ]
    assert sum(len(group) for group in groups) == len(values)
    assert spread(groups) == pytest.approx(least_spread(array, classes), abs=ROUNDING)


def test_equal_values_stay_together_and_fewer_values_make_fewer_classes():
    found = natural_breaks([3, 3, 3, 7], 5)

    assert found.size.tolist() == [3, 1]
    assert [found.of(3), found.of(7)] == [0, 1]


def test_unknown_values_are_left_out_and_nothing_makes_no_class():
    assert natural_breaks([np.nan, 4.0], 3).size.tolist() == [1]
    assert natural_breaks([], 3).size.tolist() == []


def test_the_way_for_many_values_finds_what_trying_every_cut_in_two_finds():
    values = np.sort(np.random.default_rng(1958).gamma(1, 1, 3_000))
    counts = np.arange(1, 3_000)
    sums, squares = np.cumsum(values)[:-1], np.cumsum(values**2)[:-1]
    within = (
        squares
        - sums**2 / counts
        + (values @ values - squares)
        - (values.sum() - sums) ** 2 / counts[::-1]
    )

    found = natural_breaks(values, 2)

    assert found.size[0] == within.argmin() + 1


@pytest.mark.parametrize(
    ("values", "classes"), [([1.0], 0), ([1.0], 1.5), ([np.inf], 2)]
)
def test_what_cannot_be_classed_is_refused(values, classes):
    with pytest.raises(ValueError, match="must be"):
        natural_breaks(values, classes)
