"""Random tables of cases by area and period, each from a seed of its own.

A table counts the cases before each period begins, so that a window is a difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

from convive.stats._kernels.shuffle import GOLDEN, mixed, shuffle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Ints = NDArray[np.int32]
    Seeds = NDArray[np.uint64]

_UNIT = 2.0**-53


@njit(cache=True)
def _accumulate(table: Singles) -> None:  # pragma: no cover - compiled
    for row in table:
        for period in range(1, len(row)):
            row[period] += row[period - 1]


@njit(cache=True, parallel=True)
def shuffled_days(
    area: Ints, day: Ints, shape: tuple[int, int], seeds: Seeds
) -> Singles:  # pragma: no cover - compiled
    """Tables of the same cases with their days dealt out anew."""
    tables = np.zeros((len(seeds), shape[0], shape[1] + 1), np.float32)
    for number in prange(len(seeds)):
        table = tables[number]
        dealt = day.copy()
        shuffle(dealt, seeds[number])
        for case in range(len(dealt)):
            table[area[case], dealt[case] + 1] += 1
        _accumulate(table)
    return tables


@njit(cache=True, parallel=True)
def drawn_people(
    cell: Ints, cases: int, shape: tuple[int, int], seeds: Seeds
) -> Singles:  # pragma: no cover - compiled
    """Tables of cases drawn without return from people whose cells are given."""
    tables = np.zeros((len(seeds), shape[0], shape[1] + 1), np.float32)
    for number in prange(len(seeds)):
        table = tables[number]
        dealt = cell.copy()
        shuffle(dealt, seeds[number])
        for one in dealt[:cases]:
            table[one // shape[1], one % shape[1] + 1] += 1
        _accumulate(table)
    return tables


@njit(cache=True, parallel=True)
def drawn_cells(
    limits: Floats, guide: Ints, cases: int, shape: tuple[int, int], seeds: Seeds
) -> Singles:  # pragma: no cover - compiled
    """Tables of cases that each fall in a cell by chance.

    `limits` are the cells' cumulative probabilities; `guide` holds, for even steps
    from 0 to 1, the first cell whose limit is above.
    """
    tables = np.zeros((len(seeds), shape[0], shape[1] + 1), np.float32)
    for number in prange(len(seeds)):
        table = tables[number]
        state = seeds[number]
        for _case in range(cases):
            state += GOLDEN
            chance = (mixed(state) >> np.uint64(11)) * _UNIT
            one = guide[np.int64(chance * len(guide))]
            while limits[one] <= chance:
                one += 1
            table[one // shape[1], one % shape[1] + 1] += 1
        _accumulate(table)
    return tables
