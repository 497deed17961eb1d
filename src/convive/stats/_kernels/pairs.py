"""Loops of the Knox test: close pairs of events, and their times in each shuffle.

Events stand in the order of the squares of a grid, so that the partners of an event
are near it in memory as well, and so are their times, whatever the shuffle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

from convive.stats._kernels.shuffle import shuffle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]
    Pairs = tuple[Ints, Ints, Longs]
    Seeds = NDArray[np.uint64]

# Shuffles counted side by side, so that a pair is read once for all of them.
LANES = 32


@njit(cache=True)
def _band(
    one: Floats, other: Floats, limits: Floats, manhattan: bool
) -> int:  # pragma: no cover - compiled
    x, y = abs(one[0] - other[0]), abs(one[1] - other[1])
    apart = x + y if manhattan else np.sqrt(x * x + y * y)
    band = 0
    while band < len(limits) and apart > limits[band]:
        band += 1
    return band


@njit(cache=True)
def _partners(
    starts: Longs, columns: int, square: int, event: int
) -> tuple[int, int, int, int]:  # pragma: no cover - compiled
    """Later events of the square, its right one, and the three in the row above."""
    column = square % columns
    right = square if column == columns - 1 else square + 1
    above = square + columns
    if above >= len(starts) - 1:
        return event + 1, starts[right + 1], 0, 0
    first = above if column == 0 else above - 1
    last = above if column == columns - 1 else above + 1
    return event + 1, starts[right + 1], starts[first], starts[last + 1]


@njit(cache=True)
def close_pairs(
    xy: Floats,
    grid: tuple[Longs, Longs, int],
    limits: Floats,
    manhattan: bool,
) -> tuple[Ints, Ints, Longs]:  # pragma: no cover - compiled
    """Pairs within the last limit, band after band, and where each band ends.

    `grid` is the square of each event, rising, where each square's events start, and
    the squares in a row; a square is at least as wide as the last limit.
    """
    square, starts, columns = grid
    bands = len(limits)
    counts = np.zeros(bands + 1, np.int64)
    for event in range(len(xy)):
        a, b, c, d = _partners(starts, columns, square[event], event)
        for other in range(a, b):
            counts[_band(xy[event], xy[other], limits, manhattan)] += 1
        for other in range(c, d):
            counts[_band(xy[event], xy[other], limits, manhattan)] += 1
    ends = np.cumsum(counts[:bands])
    cursor = ends - counts[:bands]
    left = np.empty(ends[-1], np.int32)
    right = np.empty(ends[-1], np.int32)
    for event in range(len(xy)):
        a, b, c, d = _partners(starts, columns, square[event], event)
        for number in range(b - a + d - c):
            other = a + number if number < b - a else c + number - (b - a)
            band = _band(xy[event], xy[other], limits, manhattan)
            if band < bands:
                left[cursor[band]] = event
                right[cursor[band]] = other
                cursor[band] += 1
    return left, right, ends


@njit(cache=True, parallel=True)
def counts_within(
    pairs: Pairs, times: Singles | Floats, limits: Singles | Floats, seeds: Seeds
) -> Longs:  # pragma: no cover - compiled
    """Pairs up to each limit of time, of shape (shuffles, distance bands, limits)."""
    left, right, ends = pairs
    groups = (len(seeds) + LANES - 1) // LANES
    counts = np.zeros((groups, len(ends), len(limits), LANES), np.int64)
    for group in prange(groups):
        shuffled = _shuffles(times, seeds[group * LANES : (group + 1) * LANES])
        start = 0
        for distance in range(len(ends)):
            while start < ends[distance]:
                # A count in half the bits of a long cannot overflow in one block.
                stop = min(start + 2**20, ends[distance])
                counts[group, distance] += _count_block(
                    left[start:stop], right[start:stop], shuffled, limits
                )
                start = stop
    by_shuffle = counts.transpose(0, 3, 1, 2).copy()
    return by_shuffle.reshape(groups * LANES, len(ends), len(limits))[: len(seeds)]


@njit(cache=True)
def _shuffles(
    times: Singles | Floats, seeds: Seeds
) -> Singles | Floats:  # pragma: no cover - compiled
    shuffled = np.zeros((len(times), LANES), times.dtype)
    for lane in range(len(seeds)):
        order = np.arange(len(times)).astype(np.int32)
        shuffle(order, seeds[lane])
        for event in range(len(times)):
            shuffled[event, lane] = times[order[event]]
    return shuffled


@njit(cache=True)
def _count_block(
    left: Ints, right: Ints, shuffled: Singles | Floats, limits: Singles | Floats
) -> Ints:  # pragma: no cover - compiled
    # A length the compiler does not know is what it turns into wide instructions.
    lanes = shuffled.shape[1]
    counts = np.zeros((len(limits), lanes), np.int32)
    for pair in range(len(left)):
        one, other = shuffled[left[pair]], shuffled[right[pair]]
        for limit in range(len(limits)):
            most, row = limits[limit], counts[limit]
            for lane in range(lanes):
                row[lane] += np.int32(abs(one[lane] - other[lane]) <= most)
    return counts


def counts_plainly(pairs: Pairs, times: Floats, limits: Floats, seeds: Seeds) -> Longs:
    """Count shuffle by shuffle with NumPy: the twin of `counts_within`."""
    left, right, ends = pairs
    distance = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    counts = np.zeros((len(seeds), len(ends), len(limits) + 1), np.int64)
    for number, seed in enumerate(seeds):
        order = np.arange(len(times), dtype=np.int32)
        shuffle(order, seed)
        apart = np.abs(times[order[left]] - times[order[right]])
        band = np.searchsorted(limits, apart, side="left")
        np.add.at(counts[number], (distance, band), 1)
    return np.cumsum(counts, axis=2)[:, :, :-1]
