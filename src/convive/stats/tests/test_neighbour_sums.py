from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import spatial_weights
from convive.stats._kernels.draws import (
    equal_tail_counts,
    tail_counts,
    tail_counts_plainly,
)
from convive.stats.neighbour_sums import drawn_tails, exact_tails
from convive.stats.weights import as_weights

# Sums of chances differ in their last digits.
ROUNDING = 1e-12


def draws(seed, places, longest, runs=50):
    rng = np.random.default_rng(seed)
    heads = [rng.choice(places, longest, replace=False) for _ in range(runs)]
    return np.array(heads, dtype=np.int32)


def test_the_loop_and_numpy_count_the_same_tails():
    rng = np.random.default_rng(8)
    weights = spatial_weights(rng.uniform(0, 1, (40, 2)), nearest=4)
    uneven = rng.uniform(0.5, 2, len(weights.weights))
    values = rng.poisson(2, 40).astype(float)
    observed = rng.normal(8, 4, 40)
    drawn = draws(1, 40, 5)

    links = weights.starts, uneven
    both = [
        count(values, links, observed, drawn, 1e-9)
        for count in (tail_counts, tail_counts_plainly)
    ]

    assert (both[0] == both[1]).all()


def test_the_short_way_for_equal_weights_counts_the_same_tails():
    rng = np.random.default_rng(9)
    weights = spatial_weights(rng.uniform(0, 1, (30, 2)), within_m=0.3)
    degree = np.diff(weights.starts)
    values = rng.poisson(2, 30).astype(float)
    observed = weights.to_sparse() @ values
    drawn = draws(2, 30, int(degree.max()) + 1, runs=400)

    short = equal_tail_counts(values, degree, observed, drawn, 1e-9)

    links = weights.starts, weights.weights
    plain = tail_counts_plainly(values, links, observed, drawn, 1e-9)
    has_neighbours = degree > 0
    assert (short[:, has_neighbours] == plain[:, has_neighbours]).all()


@given(st.lists(st.integers(0, 4), min_size=4, max_size=6), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_exact_tails_are_the_share_of_all_orders_of_the_others(values, seed):
    size, values = len(values), np.array(values, dtype=float)
    matrix = np.random.default_rng(seed).random((size, size)) < 0.5
    np.fill_diagonal(matrix, False)

    upper, lower = exact_tails(values, as_weights(matrix.astype(float)))

    for place in range(size):
        others = np.array(list(permutations(np.delete(values, place))))
        sums = others @ np.delete(matrix[place], place)
        observed = matrix[place] @ values
        assert upper[place] == pytest.approx((sums >= observed).mean(), abs=ROUNDING)
        assert lower[place] == pytest.approx((sums <= observed).mean(), abs=ROUNDING)


def test_exact_tails_are_hypergeometric_where_counts_are_none_or_one():
    from scipy.stats import hypergeom

    values = np.zeros(50)
    values[:15] = 1
    weights = spatial_weights(np.random.default_rng(4).random((50, 2)), nearest=6)

    upper, lower = exact_tails(values, weights)

    sums = weights.to_sparse() @ values
    others = hypergeom(49, 15 - values, 6)
    np.testing.assert_allclose(upper, others.sf(sums - 1), rtol=1e-10)
    np.testing.assert_allclose(lower, others.cdf(sums), rtol=1e-10)


def test_a_very_small_chance_keeps_its_digits():
    # The five others of one event, of 1,000 with one: 1 in C(999, 5) to draw.
    values = np.zeros(1000)
    values[:5] = 1
    matrix = np.zeros((1000, 1000))
    matrix[999, :5] = 1

    upper, _ = exact_tails(values, as_weights(matrix))

    chance = np.prod([k / (999 - 5 + k) for k in range(1, 6)])
    assert upper[999] == pytest.approx(chance, rel=1e-10)


@pytest.mark.parametrize("kind", [{"nearest": 5}, {"within_m": 0.2}])
def test_a_sample_of_draws_comes_close_to_the_exact_tails(kind):
    rng = np.random.default_rng(10)
    weights = spatial_weights(rng.random((80, 2)), **kind)
    values, runs = rng.poisson(1.5, 80).astype(float), 20_000

    exact = exact_tails(values, weights)
    drawn = drawn_tails(values, weights.row_standardised(), runs, rng)

    for p, known in zip(
        *(np.array(t)[:, ~weights.is_alone] for t in (drawn, exact)), strict=True
    ):
        # Five standard errors, as the largest of 160 is asked; one run is added.
        limit = 5 * np.sqrt(known * (1 - known) / runs) + 1 / runs
        assert (np.abs(p - known) <= limit).all()


def test_uneven_weights_that_are_even_after_all_give_the_same_draws():
    rng = np.random.default_rng(11)
    weights = spatial_weights(rng.random((60, 2)), nearest=4)
    values = rng.poisson(1.5, 60).astype(float)
    uneven = weights.to_sparse()
    uneven.data[:2] *= 1 + 1e-9

    short, long = (
        drawn_tails(
            values,
            as_weights(each).row_standardised(),
            499,
            np.random.default_rng(1),
        )
        for each in (weights, uneven)
    )

    # All but the one place whose weights were changed.
    assert (short[0][1:] == long[0][1:]).all()
    assert (short[1][1:] == long[1][1:]).all()


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        ([0, 1, 2.5], {"within_m": 9}, "values must be whole"),
        ([0, 1, -2], {"within_m": 9}, "values must be whole and zero or more"),
        ([0, 1, 2], {"within_m": 9, "distance_power": 1}, "weights must be equal"),
        ([0, 1, 900_000_000], {"within_m": 9}, "too many for exact"),
    ],
)
def test_what_has_no_exact_tails_is_named(values, kind, words):
    weights = spatial_weights([[0, 0], [1, 0], [3, 0]], **kind)

    with pytest.raises(ValueError, match=words):
        exact_tails(np.array(values, dtype=float), weights)
