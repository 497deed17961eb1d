import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats._kernels.banded import (
    factorise,
    factorise_plainly,
    inverse_diagonal,
    inverse_diagonal_plainly,
)


@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_loops_agree_with_the_whole_matrix(count, height, seed):
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(count, height))
    for d in range(height):
        # Nothing lies below the last row.
        columns[max(count - d, 0) :, d] = 0
    columns[:, 0] = 2 + 2 * np.abs(columns).sum()

    factor = factorise(columns)

    np.testing.assert_allclose(factor, factorise_plainly(columns), atol=1e-12)
    np.testing.assert_allclose(
        inverse_diagonal(factor), inverse_diagonal_plainly(factor), rtol=1e-10
    )


def test_a_matrix_that_is_not_positive_has_no_factor():
    assert np.isnan(factorise(np.array([[1.0, 2.0], [1.0, 0.0]]))).any()


def test_a_matrix_of_two_is_inverted_as_on_paper():
    # [[2, 1], [1, 3]] has the inverse [[3, -1], [-1, 2]] / 5.
    factor = factorise(np.array([[2.0, 1.0], [3.0, 0.0]]))

    assert inverse_diagonal(factor) == pytest.approx([3 / 5, 2 / 5])
