"""Withholding of small counts, with the totals that would give them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.margins import TableWithMargins, counts_of, margins_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class SuppressedTable(TableWithMargins):
    """A table of counts that may leave the house, with its totals.

    `with_margins` holds NaN where a cell or total is withheld.
    """

    threshold: int

    @property
    def is_withheld(self) -> NDArray[np.bool_]:
        """Which cells, totals apart, are not shown."""
        return np.isnan(self.values)

    @property
    def has_margins(self) -> bool:
        """Whether any total is shown."""
        is_total = np.ones(self.with_margins.shape, dtype=np.bool_)
        is_total[self.margins.inner] = False
        return not np.isnan(self.with_margins[is_total]).all()

    def to_frame(self) -> pl.DataFrame:
        frame = super().to_frame()
        return frame.with_columns(is_withheld=frame["value"].is_nan())


def suppress_table(
    table: ArrayLike,
    threshold: int,
    margins: bool = True,
    *,
    hierarchies: Sequence[ArrayLike | None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SuppressedTable:
    """Withhold counts of 1 to `threshold` - 1, and what would give them away.

    The cell suppression of Cox (1980), with complementary cells found by hypercubes as
    Repsilber (1994) does, in a table of up to four axes, its totals and its groups.

    Parameters
    ----------
    table : array_like of int, shape (rows, columns, ...) or (columns,)
        Counts on one to four axes. A single row is a table of one row.
    threshold : int
        The smallest positive count that may be shown, in events.
    margins : bool
        Whether the totals over each set of axes are published beside the table.
    hierarchies : sequence of array_like or None, optional
        For each axis, the group of each category, whose sums are published as well:
        shape (categories,), or (levels, categories) from the finest level up, each
        group within one group above it.
    progress : callable, optional
        Called with the small counts hidden and all that need it.

    Returns
    -------
    SuppressedTable
        Zeros and large counts are shown; a total is a count like any other.

    Raises
    ------
    ValueError
        If a count is negative or not whole, the table is empty or has more than four
        axes, the threshold is below 1, or groups do not nest.

    Notes
    -----
    The reader feared is that of `attack_table`: one who knows the shown cells, all
    sums, the threshold and that no zero is withheld; also that counts are whole. For
    each small count :math:`x_p` there is a table of whole numbers :math:`y`, equal to
    :math:`x` in all shown cells, in which all sums hold, with :math:`y \\ge 1` in
    those withheld and :math:`y_p \\ge` `threshold`.
    Every complementary cell differs between :math:`x` and some :math:`y`, so that none
    follows from the rest. Not feared is a reader who knows some of the events
    themselves, or which withheld cells are complementary.

    On one axis the complementary cell is the best possible. On more, cells are chosen
    to withhold few events, without a proof that none withholds fewer.

    References
    ----------
    Cox L. H. (1980). Suppression methodology and statistical disclosure control.
    Journal of the American Statistical Association 75(370), 377-385.

    Repsilber R. D. (1994). Preservation of confidentiality in aggregated data. Second
    International Seminar on Statistical Confidentiality, Luxembourg.

    Examples
    --------
    >>> suppress_table([12, 3, 40], 5).values.tolist()
    [[nan, nan, 40.0]]
    >>> shown = suppress_table([[9, 2, 7], [8, 6, 9], [7, 7, 8]], 5)
    >>> shown.with_margins.tolist()[0], shown.row_totals.tolist()
    ([9.0, nan, nan, 18.0], [18.0, 23.0, 22.0])
    """
    from convive.stats.complementary import withheld_cells

    counts = counts_of(table)
    if threshold < 1:
        message = f"threshold must be at least 1, not {threshold}"
        raise ValueError(message)
    placed = margins_of(counts.shape, hierarchies)
    summed = placed.summed(counts)
    if margins:
        whole = np.rint(summed).astype(np.int64)
        is_withheld = withheld_cells(whole, placed, threshold, progress)
    else:
        is_withheld = np.ones(summed.shape, dtype=np.bool_)
        is_withheld[placed.inner] = (counts > 0) & (counts < threshold)
    return SuppressedTable(np.where(is_withheld, np.nan, summed), placed, threshold)
