"""Loops of Mantel's and Jacquez's tests: all pairs, and neighbours, shuffle by shuffle.

Neither holds a matrix of events by events: Mantel's goes through it tile by tile, and
each tile is used for all shuffles before it is forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

from convive.stats._kernels.shuffle import shuffle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]
    Seeds = NDArray[np.uint64]
    # A constant that is added, and the power to which the sum is raised.
    Transform = tuple[float, float]

_TILE = 128


@njit(cache=True)
def _near(apart: float, transform: Transform) -> float:  # pragma: no cover - compiled
    constant, power = transform
    if power == -1.0:
        return 1.0 / (apart + constant)
    if power == 1.0:
        return apart + constant
    return float((apart + constant) ** power)


@njit(cache=True)
def _apart(one: Floats, other: Floats) -> float:  # pragma: no cover - compiled
    total = 0.0
    for axis in range(len(one)):
        total += (one[axis] - other[axis]) ** 2
    return float(np.sqrt(total))


@njit(cache=True, parallel=True)
def row_sums(
    places: Floats, transform: Transform
) -> tuple[Floats, Floats]:  # pragma: no cover - compiled
    """Sums, and sums of squares, of each event's transformed distances to others."""
    sums, squares = np.zeros(len(places)), np.zeros(len(places))
    for event in prange(len(places)):
        total, square = 0.0, 0.0
        for other in range(len(places)):
            if other != event:
                near = _near(_apart(places[event], places[other]), transform)
                total += near
                square += near * near
        sums[event], squares[event] = total, square
    return sums, squares


@njit(cache=True, parallel=True)
def mantel_sums(
    xy: Floats,
    transform: Transform,
    mean: float,
    ticks: NDArray[np.int32],
    near_in_time: Floats,
) -> Floats:  # pragma: no cover - compiled
    """Sum over pairs of nearness in space, less its mean, times nearness in time.

    `ticks` holds the whole times of each shuffle in a row, and `near_in_time` the
    nearness of each difference of them.
    """
    blocks = (len(xy) + _TILE - 1) // _TILE
    partial = np.zeros((blocks, len(ticks)))
    for block in prange(blocks):
        tile = np.empty((_TILE, _TILE))
        rows = xy[block * _TILE : (block + 1) * _TILE]
        for beside in range(block, blocks):
            columns = xy[beside * _TILE : (beside + 1) * _TILE]
            for row in range(len(rows)):
                for column in range(len(columns)):
                    near = _near(_apart(rows[row], columns[column]), transform)
                    is_pair = beside > block or column > row
                    tile[row, column] = near - mean if is_pair else 0.0
            for number in range(len(ticks)):
                here = ticks[number, block * _TILE : block * _TILE + len(rows)]
                there = ticks[number, beside * _TILE : beside * _TILE + len(columns)]
                partial[block, number] += _tile_sum(tile, here, there, near_in_time)
    sums: Floats = partial.sum(axis=0)
    return sums


# Sums may be taken in any order: ties are told apart by more than their last digits.
@njit(cache=True, fastmath={"reassoc", "nsz"})
def _tile_sum(
    tile: Floats, here: Ints, there: Ints, near_in_time: Floats
) -> float:  # pragma: no cover - compiled
    total = 0.0
    for row in range(len(here)):
        time, near = here[row], tile[row]
        for column in range(len(there)):
            total += near[column] * near_in_time[abs(time - there[column])]
    return total


def mantel_sums_plainly(
    xy: Floats,
    transform: Transform,
    mean: float,
    ticks: NDArray[np.int32],
    near_in_time: Floats,
) -> Floats:
    """Sum with whole matrices: the twin of `mantel_sums`."""
    from scipy.spatial.distance import pdist

    near = (pdist(xy) + transform[0]) ** transform[1] - mean
    left, right = np.triu_indices(len(xy), 1)
    return np.array(
        [near @ near_in_time[np.abs(row[left] - row[right])] for row in ticks]
    )


@njit(cache=True, parallel=True)
def shuffled_ticks(ticks: Ints, seeds: Seeds) -> Ints:  # pragma: no cover - compiled
    rows = np.empty((len(seeds), len(ticks)), np.int32)
    for number in prange(len(seeds)):
        rows[number] = ticks
        shuffle(rows[number], seeds[number])
    return rows


@njit(cache=True)
def _shared_neighbours(
    links: tuple[Longs, Ints, Floats],
    times: Floats,
    reach: tuple[Floats, Floats, float],
    order: Ints,
) -> Floats:  # pragma: no cover - compiled
    starts, members, near = links
    limits, shares, tie = reach
    counts = np.zeros(limits.shape[1])
    for place in range(len(order)):
        event = order[place]
        for link in range(starts[place], starts[place + 1]):
            apart = abs(times[event] - times[order[members[link]]])
            for k in range(len(counts)):
                limit = limits[event, k]
                if apart < limit - tie:
                    counts[k] += near[link, k]
                elif apart <= limit + tie:
                    counts[k] += near[link, k] * shares[event, k]
    return counts


@njit(cache=True, parallel=True)
def shared_neighbours(
    links: tuple[Longs, Ints, Floats],
    times: Floats,
    reach: tuple[Floats, Floats, float],
    seeds: Seeds,
) -> Floats:  # pragma: no cover - compiled
    """Neighbours in space that are so in time: unshuffled, then for each seed.

    `links` are where each place's neighbours start, who they are, and their weight as
    one of the nearest 1, 2, ...; `reach` is how far each event's nearest 1, 2, ... in
    time lie, the weight of those just so far, and how close a tie is.
    """
    counts = np.empty((len(seeds) + 1, reach[0].shape[1]))
    for number in prange(len(seeds) + 1):
        order = np.arange(len(times)).astype(np.int32)
        if number > 0:
            shuffle(order, seeds[number - 1])
        counts[number] = _shared_neighbours(links, times, reach, order)
    return counts


def shared_neighbours_plainly(near: Floats, at_once: Floats, order: Ints) -> Floats:
    """Count with whole matrices of weights, (k, events, events): the twin."""
    shuffled = at_once[:, order][:, :, order]
    total: Floats = (near * shuffled).sum(axis=(1, 2))
    return total
