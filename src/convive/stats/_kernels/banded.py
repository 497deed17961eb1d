"""Factor and inverse's diagonal of a banded symmetric matrix.

A row holds one column of the matrix from its diagonal down, so that loops run over
what lies side by side. LAPACK does the same, but shares out these small pieces to
threads that then wait for each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@njit(cache=True)
def factorise(columns: Floats) -> Floats:  # pragma: no cover - compiled
    """Cholesky factor, laid out as the matrix; NaN where it is not positive."""
    count, height = columns.shape
    factor = columns.copy()
    for i in range(count):
        pivot = np.sqrt(factor[i, 0])
        reach = min(height, count - i)
        for d in range(reach):
            factor[i, d] /= pivot
        factor[i, 0] = pivot
        for d in range(1, reach):
            below = factor[i, d]
            if below != 0.0:
                for e in range(d, reach):
                    factor[i + d, e - d] -= below * factor[i, e]
    return factor


@njit(cache=True)
def inverse_diagonal(factor: Floats) -> Floats:  # pragma: no cover - compiled
    """Diagonal of the inverse, from the factor (Takahashi, Fagan and Chin, 1973).

    It walks from the last row to the first and needs of the inverse only the window
    within the band below: row i stands at `i % height`, over one no longer needed.
    """
    count, height = factor.shape
    window = np.zeros((height, height))
    diagonal = np.empty(count)
    row = np.empty(height)
    for i in range(count - 1, -1, -1):
        pivot = factor[i, 0]
        row[:] = 0.0
        reach = min(height, count - i)
        for d in range(1, reach):
            below = factor[i, d]
            if below != 0.0:
                known = window[(i + d) % height]
                for j in range(height):
                    row[j] -= below * known[j]
        total = 1.0 / pivot
        for d in range(1, reach):
            total -= factor[i, d] * row[(i + d) % height] / pivot
        diagonal[i] = total / pivot
        own = i % height
        for j in range(height):
            window[own, j] = row[j] / pivot
            window[j, own] = row[j] / pivot
        window[own, own] = diagonal[i]
    return diagonal


def factorise_plainly(columns: Floats) -> Floats:
    """Factor the whole matrix: the twin of the loop."""
    whole = np.linalg.cholesky(_whole(columns))
    factor = np.zeros_like(columns)
    for d in range(min(columns.shape)):
        factor[: len(columns) - d, d] = np.diagonal(whole, -d)
    return factor


def inverse_diagonal_plainly(factor: Floats) -> Floats:
    """Invert the whole matrix: the twin of the recursion."""
    lower = np.tril(_whole(factor))
    diagonal: Floats = np.diag(np.linalg.inv(lower @ lower.T)).copy()
    return diagonal


def _whole(columns: Floats) -> Floats:
    """The symmetric matrix of which columns are given from the diagonal down."""
    count, height = columns.shape
    whole = np.zeros((count, count))
    for d in range(min(height, count)):
        at = np.arange(count - d)
        whole[at + d, at] = whole[at, at + d] = columns[: count - d, d]
    return whole
