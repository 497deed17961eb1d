"""Withholding of small counts, and the attack that shows it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class SuppressedTable:
    """A table of counts that may leave the house.

    `values` holds NaN where `is_withheld`; the totals are the true ones.
    """

    values: NDArray[np.float64]
    is_withheld: NDArray[np.bool_]
    row_totals: NDArray[np.float64]
    column_totals: NDArray[np.float64]
    threshold: int
    has_margins: bool

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        row, column = np.indices(self.values.shape)
        return pl.DataFrame(
            {
                "row": row.ravel(),
                "column": column.ravel(),
                "value": self.values.ravel(),
                "is_withheld": self.is_withheld.ravel(),
            }
        )


@dataclass(frozen=True)
class CellBounds:
    """What a reader can work out about each withheld cell."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(dict(vars(self)))


def suppress_table(
    table: ArrayLike, threshold: int, margins: bool = True
) -> SuppressedTable:
    """Withhold counts of 1 to `threshold` - 1, and what would give them away.

    Follows the cell suppression of Cox (1980): small cells first, then more until no
    withheld cell can be placed in an interval that excludes every larger count.

    Parameters
    ----------
    table : array_like of int, shape (rows, columns) or (columns,)
        Counts. A single row is a table of one row.
    threshold : int
        The smallest positive count that may be shown, in events.
    margins : bool
        Whether totals of rows and columns are published beside the table.

    Returns
    -------
    SuppressedTable
        Zeros and large counts are shown.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or the threshold is below 1.

    Notes
    -----
    A small cell counts as protected when the linear programme of `attack_table`
    allows it a value of at least `threshold` or leaves its interval as wide as that.
    The smallest shown cell of a line that gives one away is withheld next.

    References
    ----------
    Cox L. H. (1980). Suppression methodology and statistical disclosure control.
    Journal of the American Statistical Association 75(370), 377-385.

    Examples
    --------
    >>> suppress_table([12, 3, 40], 5).values.tolist()
    [[nan, nan, 40.0]]
    """
    counts = np.atleast_2d(np.asarray(table, dtype=np.float64))
    if threshold < 1:
        message = f"threshold must be at least 1, not {threshold}"
        raise ValueError(message)
    if np.any(counts < 0) or np.any(counts % 1 != 0):
        message = "counts must be whole numbers, zero or more"
        raise ValueError(message)
    is_withheld = (counts > 0) & (counts < threshold)
    published = _publish(counts, is_withheld, threshold, margins=margins)
    while margins and (exposed := _exposed_cell(counts, published)) is not None:
        following = _next_cell(counts, published.is_withheld, exposed)
        if following is None:
            return _publish(counts, is_withheld, threshold, margins=False)
        is_withheld[following] = True
        published = _publish(counts, is_withheld, threshold, margins=True)
    return published


def _publish(
    counts: NDArray[np.float64],
    is_withheld: NDArray[np.bool_],
    threshold: int,
    *,
    margins: bool,
) -> SuppressedTable:
    hidden = np.nan if not margins and is_withheld.any() else 0.0
    return SuppressedTable(
        values=np.where(is_withheld, np.nan, counts),
        is_withheld=is_withheld.copy(),
        row_totals=counts.sum(axis=1) + hidden,
        column_totals=counts.sum(axis=0) + hidden,
        threshold=threshold,
        has_margins=margins,
    )


def _exposed_cell(
    counts: NDArray[np.float64], published: SuppressedTable
) -> tuple[int, int] | None:
    """The first small cell whose value a reader can still place below the threshold."""
    if not published.is_withheld.any():
        return None
    bounds = attack_table(published)
    small = counts[bounds.row, bounds.column] < published.threshold
    small &= counts[bounds.row, bounds.column] > 0
    exposed = np.flatnonzero(small & (bounds.upper < published.threshold - 1e-6))
    if not len(exposed):
        return None
    return int(bounds.row[exposed[0]]), int(bounds.column[exposed[0]])


def _next_cell(
    counts: NDArray[np.float64],
    is_withheld: NDArray[np.bool_],
    exposed: tuple[int, int],
) -> tuple[int, int] | None:
    """The smallest positive shown cell in the exposed cell's lines."""
    row, column = exposed
    shown = ~is_withheld & (counts > 0)
    in_line = np.zeros_like(shown)
    # A table of one row is published with that row's total alone: its column
    # totals are the cells themselves.
    in_line[row, :] = True
    if counts.shape[0] > 1:
        in_line[:, column] = True
    choices = np.argwhere(shown & in_line)
    if not len(choices):
        choices = np.argwhere(shown)
    if not len(choices):
        return None
    smallest = choices[np.argmin(counts[tuple(choices.T)])]
    return int(smallest[0]), int(smallest[1])


def attack_table(published: SuppressedTable) -> CellBounds:
    """Bounds of each withheld cell from the published totals (Cox, 1980).

    Parameters
    ----------
    published : SuppressedTable
        What a reader sees.

    Returns
    -------
    CellBounds
        Lower and upper bound of each withheld cell, in events; the upper bound is
        infinite when no total limits it.

    Raises
    ------
    RuntimeError
        If the totals contradict the table.

    Notes
    -----
    Minimises and maximises :math:`x_{ij}` subject to
    :math:`\\sum_j x_{ij} = r_i`, :math:`\\sum_i x_{ij} = c_j`, :math:`x \\ge 0`.

    References
    ----------
    Cox L. H. (1980). Suppression methodology and statistical disclosure control.
    Journal of the American Statistical Association 75(370), 377-385.

    Examples
    --------
    >>> bounds = attack_table(suppress_table([12, 3, 40], 5))
    >>> bounds.lower.tolist(), bounds.upper.tolist()
    ([0.0, 0.0], [15.0, 15.0])
    """
    row, column = np.nonzero(published.is_withheld)
    if not published.has_margins:
        limits = np.zeros(len(row)), np.full(len(row), np.inf)
    elif published.values.shape[0] == 1:
        limits = _one_row(published, len(row))
    else:
        limits = _programme(published, row, column)
    return CellBounds(row, column, *limits)


def _one_row(
    published: SuppressedTable, withheld: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The programme's answer when one total is all that binds the withheld cells."""
    rest = float(published.row_totals[0] - np.nansum(published.values))
    lower = rest if withheld == 1 else 0.0
    return np.full(withheld, lower), np.full(withheld, rest)


def _programme(
    published: SuppressedTable, row: NDArray[np.int64], column: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from scipy.optimize import linprog

    shown = np.nan_to_num(published.values)
    lines = [np.equal.outer(np.unique(row), row).astype(float)]
    totals = [(published.row_totals - shown.sum(axis=1))[np.unique(row)]]
    if shown.shape[0] > 1:
        lines.append(np.equal.outer(np.unique(column), column).astype(float))
        totals.append((published.column_totals - shown.sum(axis=0))[np.unique(column)])
    limits = np.empty((2, len(row)))
    for cell in range(len(row)):
        for side, sign in enumerate((1.0, -1.0)):
            objective = np.zeros(len(row))
            objective[cell] = sign
            answer = linprog(
                objective, A_eq=np.vstack(lines), b_eq=np.concatenate(totals)
            )
            if not answer.success or answer.fun is None:
                message = f"the published totals contradict the table: {answer.message}"
                raise RuntimeError(message)
            limits[side, cell] = sign * answer.fun
    return limits[0], limits[1]
