import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convive.stats._kernels.hypercubes import (
    LEAST,
    can_rise,
    cheapest,
    cheapest_plainly,
    raise_guess,
)
from convive.stats.complementary import _frame, withheld_cells
from convive.stats.margins import margins_of

THRESHOLD = 5
COUNTS = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 30])
CUBES = arrays(np.int64, (4, 2, 3), elements=COUNTS)
GROUPS = [[0, 0, 1, 2], None, None]


def with_totals(counts, hierarchies=GROUPS):
    margins = margins_of(counts.shape, hierarchies)
    whole = margins.summed(counts.astype(float)).astype(np.int64)
    return whole, margins, _frame(list(margins.ancestors), whole.shape)


def costs(whole):
    flat = whole.ravel()
    return np.where(flat == 0, -1, np.where(flat < THRESHOLD, 0, flat))


@given(CUBES, st.integers(0, 10**6), st.sampled_from([-3, -1, 1, 2, 4]))
@settings(max_examples=60, deadline=None)
def test_the_kernel_finds_the_hypercube_that_numpy_finds(counts, pick, need):
    whole, _, frame = with_totals(counts)
    cell = pick % whole.size
    nodes = np.array(np.unravel_index(cell, whole.shape))
    table = costs(whole), whole.ravel()

    fast = cheapest(frame, nodes, need, table)
    plain = cheapest_plainly(frame, nodes, need, table)

    assert fast[2] == plain[2]
    assert dict(zip(fast[0], fast[1], strict=True)) == dict(
        zip(plain[0], plain[1], strict=True)
    )


@given(CUBES, st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_what_a_proof_moves_can_raise_the_guess_with_nothing_else(counts, pick):
    whole, _, frame = with_totals(counts)
    small = np.flatnonzero((whole > 0) & (whole < THRESHOLD))
    if not len(small):
        return
    cell = small[pick % len(small)]
    need = THRESHOLD - whole.ravel()[cell]

    moved = raise_guess(frame, cell, need, (costs(whole), whole.ravel()))

    assert cell in moved
    assert (whole.ravel()[moved] >= LEAST).all()
    assert len(moved) == len(set(moved))


def test_a_guess_that_no_cell_can_pay_for_does_not_rise():
    whole, _, frame = with_totals(np.array([[[9]], [[2]]]), None)
    cost = np.where(costs(whole) > 0, -1, costs(whole))

    assert not can_rise(frame, np.array([1]), np.array([3]), (cost, whole.ravel()))[0]


@pytest.mark.parametrize("shape", [(1,), (1, 5), (5, 1), (1, 1, 4)])
def test_on_one_axis_one_more_cell_is_enough(shape):
    counts = np.full(shape, 9)
    counts.ravel()[0] = 2
    whole, margins, _ = with_totals(counts, None)

    withheld = withheld_cells(whole, margins, THRESHOLD)

    assert withheld.sum() == min(2, counts.size)
