"""Every total of a table beside its cells, and the sums that bind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Margins:
    """Positions on each axis: its categories, then its groups, then the total.

    `ancestors` holds for each axis an array of shape (levels, categories): where a
    category stands and where each of the sums that it goes into. An axis of one
    category has no total beside it.
    """

    ancestors: tuple[Longs, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(int(levels.max()) + 1 for levels in self.ancestors)

    @property
    def inner(self) -> tuple[slice, ...]:
        """Where the cells stand among their totals."""
        return tuple(slice(levels.shape[1]) for levels in self.ancestors)

    def summed(self, counts: NDArray[np.float64]) -> Floats:
        """The table with all its totals."""
        for axis, levels in enumerate(self.ancestors):
            adds_to = np.zeros((int(levels.max()) + 1, levels.shape[1]))
            adds_to[levels, np.arange(levels.shape[1])] = 1.0
            product = np.tensordot(adds_to, counts, axes=(1, axis))
            counts = np.moveaxis(product, 0, axis)
        return np.ascontiguousarray(counts)

    def equations(self) -> csr_array:
        """One row a sum: 1 for each part, -1 for the total, over the flat table."""
        from scipy.sparse import csr_array, eye_array, kron, vstack

        size = self.shape
        rows = [csr_array((0, int(np.prod(size))))]
        for axis, levels in enumerate(self.ancestors):
            before = eye_array(int(np.prod(size[:axis])))
            after = eye_array(int(np.prod(size[axis + 1 :])))
            rows.append(kron(kron(before, _sums(levels)), after, format="csr"))
        return csr_array(vstack(rows, format="csr"))


def _sums(levels: Longs) -> csr_array:
    """The sums along one axis alone."""
    from scipy.sparse import csr_array

    links = np.concatenate(
        [np.unique(levels[k : k + 2], axis=1) for k in range(len(levels) - 1)]
        or [np.zeros((2, 0), dtype=np.int64)],
        axis=1,
    )
    parts, totals = links
    groups, row = np.unique(totals, return_inverse=True)
    entries = np.append(np.ones(len(parts)), -np.ones(len(groups)))
    rows = np.append(row, np.arange(len(groups)))
    columns = np.append(parts, groups)
    shape = (len(groups), int(levels.max()) + 1)
    return csr_array((entries, (rows, columns)), shape=shape)


def margins_of(
    shape: tuple[int, ...], hierarchies: Sequence[ArrayLike | None] | None
) -> Margins:
    """Read the groups of each axis, finest first."""
    given = hierarchies if hierarchies is not None else [None] * len(shape)
    if len(given) != len(shape):
        message = (
            f"hierarchies must name one item an axis: {len(shape)} (None for none)"
        )
        raise ValueError(message)
    return Margins(tuple(_levels(*axis) for axis in zip(shape, given, strict=True)))


def _levels(size: int, groups: ArrayLike | None) -> Longs:
    rows = [np.arange(size)]
    named = np.atleast_2d(np.asarray(groups)) if groups is not None else []
    for level in named:
        if len(level) != size:
            message = f"hierarchies must name a group for each of {size} categories"
            raise ValueError(message)
        _, group = np.unique(level, return_inverse=True)
        if len(np.unique([rows[-1], group], axis=1).T) > len(np.unique(rows[-1])):
            message = "hierarchies must nest: each group lies in one group above it"
            raise ValueError(message)
        rows.append(group + rows[-1].max() + 1)
    if size > 1:
        rows.append(np.full(size, rows[-1].max() + 1))
    return np.array(rows)
