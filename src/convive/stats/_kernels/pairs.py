"""Loop of the Knox test: times of close pairs, counted for each shuffle of the times.

Pairs come in the order of their distance band, so that the inner loop of a shuffle
counts times only. `pairs` holds the positions of both and where each band ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

from convive.stats._kernels.shuffle import shuffle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]
    Pairs = tuple[NDArray[np.int32], NDArray[np.int32], Longs]
    Seeds = NDArray[np.uint64]


@njit(cache=True, parallel=True)
def counts_of_ticks(
    pairs: Pairs, ticks: NDArray[np.int32], band_of: NDArray[np.uint8], seeds: Seeds
) -> Longs:  # pragma: no cover - compiled
    """Counts of shape (shuffles, distance bands, time bands and one for the rest).

    Times are whole ticks; `band_of` holds the time band of each difference of them.
    """
    left, right, ends = pairs
    bands = np.int64(band_of.max()) + 1
    counts = np.zeros((len(seeds), len(ends), bands), np.int64)
    for number in prange(len(seeds)):
        shuffled = ticks.copy()
        shuffle(shuffled, seeds[number])
        start = 0
        for distance in range(len(ends)):
            row = np.zeros(bands, np.int64)
            for pair in range(start, ends[distance]):
                apart = abs(shuffled[left[pair]] - shuffled[right[pair]])
                row[band_of[apart]] += 1
            counts[number, distance] = row
            start = ends[distance]
    return counts


@njit(cache=True, parallel=True)
def counts_of_times(
    pairs: Pairs, times: Floats, limits: Floats, seeds: Seeds
) -> Longs:  # pragma: no cover - compiled
    """Count as `counts_of_ticks` does, for times of any fineness."""
    left, right, ends = pairs
    bands = len(limits) + 1
    counts = np.zeros((len(seeds), len(ends), bands), np.int64)
    for number in prange(len(seeds)):
        order = np.arange(len(times)).astype(np.int32)
        shuffle(order, seeds[number])
        start = 0
        for distance in range(len(ends)):
            row = np.zeros(bands, np.int64)
            for pair in range(start, ends[distance]):
                apart = abs(times[order[left[pair]]] - times[order[right[pair]]])
                band = 0
                while band < len(limits) and apart > limits[band]:
                    band += 1
                row[band] += 1
            counts[number, distance] = row
            start = ends[distance]
    return counts


def counts_plainly(pairs: Pairs, times: Floats, limits: Floats, seeds: Seeds) -> Longs:
    """Count shuffle by shuffle with NumPy: the twin of both loops."""
    left, right, ends = pairs
    distance = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    counts = np.zeros((len(seeds), len(ends), len(limits) + 1), np.int64)
    for number, seed in enumerate(seeds):
        order = np.arange(len(times), dtype=np.int32)
        shuffle(order, seed)
        apart = np.abs(times[order[left]] - times[order[right]])
        band = np.searchsorted(limits, apart, side="left")
        np.add.at(counts[number], (distance, band), 1)
    return counts
