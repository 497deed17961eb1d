"""Loops of the local statistics: neighbours drawn anew for every place at once.

A shuffle of all places gives each place its random neighbours: the first ones of the
shuffle, where the place itself, if among them, gives way to the one that follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]


@njit(cache=True, parallel=True)
def tail_counts(
    values: Floats,
    links: tuple[Ints, Floats],
    observed: Floats,
    drawn: Ints,
    tie: float,
) -> Longs:  # pragma: no cover - compiled
    """How many draws give each place a weighted sum at least, and at most, as large.

    `links` are the starts and weights of each place's neighbours, `drawn` the heads
    of shuffles, one row a shuffle, one longer than any place has neighbours. Sums
    within `tie` of each other are equal.
    """
    starts, weights = links
    counts = np.zeros((2, len(values)), np.int64)
    for place in prange(len(values)):
        first, last = starts[place], starts[place + 1]
        above, below = 0, 0
        for shuffle in range(len(drawn)):
            total = 0.0
            ahead = 0
            for link in range(first, last):
                if drawn[shuffle, link - first + ahead] == place:
                    ahead = 1
                total += weights[link] * values[drawn[shuffle, link - first + ahead]]
            above += total >= observed[place] - tie
            below += total <= observed[place] + tie
        counts[0, place], counts[1, place] = above, below
    return counts


def tail_counts_plainly(
    values: Floats,
    links: tuple[Ints, Floats],
    observed: Floats,
    drawn: Ints,
    tie: float,
) -> Longs:
    """Count place by place with NumPy: the twin."""
    starts, weights = links
    counts = np.zeros((2, len(values)), np.int64)
    for place in range(len(values)):
        own = weights[starts[place] : starts[place + 1]]
        taken = drawn[:, : len(own) + 1]
        others = np.argsort(taken == place, axis=1, kind="stable")[:, : len(own)]
        totals = values[np.take_along_axis(taken, others, axis=1)] @ own
        counts[0, place] = (totals >= observed[place] - tie).sum()
        counts[1, place] = (totals <= observed[place] + tie).sum()
    return counts


def equal_tail_counts(
    values: Floats, degree: Ints, observed: Floats, drawn: Ints, tie: float
) -> Longs:
    """The same where all neighbours count one: places of one degree share their sums.

    Only a place that is itself among the drawn ones needs a sum of its own.
    """
    head = np.cumsum(values[drawn], axis=1)
    counts = np.zeros((2, len(values)), np.int64)
    for size in np.unique(degree[degree > 0]):
        places = np.flatnonzero(degree == size)
        totals = np.sort(head[:, size - 1])
        above = np.searchsorted(totals, observed[places] - tie, side="left")
        counts[0, places] = len(totals) - above
        counts[1, places] = np.searchsorted(totals, observed[places] + tie, "right")
        shuffle, position = np.nonzero(degree[drawn[:, :size]] == size)
        place = drawn[shuffle, position]
        was, now = head[shuffle, size - 1], head[shuffle, size] - values[place]
        for side, sign in ((0, 1.0), (1, -1.0)):
            reached = sign * (np.stack([was, now]) - observed[place]) >= -tie
            np.add.at(counts[side], place, reached[1].astype(int) - reached[0])
    return counts
