"""Every total of a table beside its cells, and the sums that bind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]

AXES = ("row", "column", "layer", "sheet")


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


@dataclass(frozen=True)
class TableWithMargins:
    """Numbers of cells and totals.

    Along each axis of `with_margins` stand the categories, then the groups of each
    level, then the total; an axis of one category has no total.
    """

    with_margins: Floats
    margins: Margins

    @property
    def values(self) -> Floats:
        """The cells without their totals."""
        return self.with_margins[self.margins.inner]

    @property
    def row_totals(self) -> Floats:
        """Sums over every axis but the first."""
        return self._totals_of(0)

    @property
    def column_totals(self) -> Floats:
        """Sums over every axis but the second."""
        return self._totals_of(1)

    def _totals_of(self, axis: int) -> Floats:
        along: Floats = np.moveaxis(self.with_margins, axis, -1)
        while along.ndim > 1:
            along = along[-1]
        return along[: self.values.shape[axis]]

    def to_frame(self) -> pl.DataFrame:
        """One row a cell or total, by its position along each axis."""
        import polars as pl

        shape = self.with_margins.shape
        position = np.indices(shape).reshape(len(shape), -1)
        is_cell = (np.array(self.values.shape) > position.T).all(axis=1)
        frame = pl.DataFrame(dict(zip(AXES, position, strict=False)))
        return frame.with_columns(
            is_total=pl.Series(~is_cell), value=pl.Series(self.with_margins.ravel())
        )


def counts_of(table: ArrayLike) -> Floats:
    """Read counts; those on one axis are a table of one row."""
    counts = np.atleast_2d(np.asarray(table, dtype=np.float64))
    if not counts.size or counts.ndim > len(AXES):
        message = f"table must hold counts on one to four axes, not {counts.shape}"
        raise ValueError(message)
    if not np.isfinite(counts).all() or (counts < 0).any() or (counts % 1 != 0).any():
        message = "counts must be whole numbers, zero or more"
        raise ValueError(message)
    return counts


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
    named = [] if groups is None else list(np.atleast_2d(np.asarray(groups)))
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
