"""Shuffles that depend on their seed alone, so that threads may make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


@njit(cache=True)
def mixed(state: np.uint64) -> np.uint64:  # pragma: no cover - compiled
    """The 64 random bits that SplitMix64 makes of a state (Steele et al., 2014)."""
    bits = (state ^ (state >> np.uint64(30))) * _FIRST
    bits = (bits ^ (bits >> np.uint64(27))) * _SECOND
    return bits ^ (bits >> np.uint64(31))


@njit(cache=True)
def shuffle(values: NDArray[np.int32], seed: np.uint64) -> None:  # pragma: no cover
    """Shuffle in place: Fisher and Yates, with the numbers of SplitMix64.

    A number below `i` is the top half of its product with 32 random bits (Lemire,
    2019); the bias that this leaves is below i / 2**32.
    """
    state = seed
    for i in range(len(values) - 1, 0, -1):
        state += GOLDEN
        high = mixed(state) >> np.uint64(32)
        j = np.int64((high * np.uint64(i + 1)) >> np.uint64(32))
        values[i], values[j] = values[j], values[i]
