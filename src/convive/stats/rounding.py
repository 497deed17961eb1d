"""Rounding of counts to a base, so that small ones are blurred and sums stay right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from convive.stats.margins import TableWithMargins, counts_of, margins_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.margins import Margins

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]
    Method = Literal["controlled", "random", "nearest"]


@dataclass(frozen=True)
class RoundedTable(TableWithMargins):
    """Multiples of the base that add up along each axis.

    `lower` and `upper`, of the shape of `with_margins`, are what a reader of one
    number knows of the count behind it.
    """

    base: int
    lower: Floats
    upper: Floats


def round_table(
    table: ArrayLike,
    base: int = 5,
    method: Method = "controlled",
    rng: np.random.Generator | None = None,
) -> RoundedTable:
    """Round counts to multiples of a base that add up to their totals (Cox, 1987).

    Parameters
    ----------
    table : array_like of int, shape (rows, columns, ...) or (columns,)
        Counts on one to four axes.
    base : int
        The step of the published numbers, in events.
    method : {"controlled", "random", "nearest"}
        "controlled" rounds each cell and each total to a multiple next to it;
        "random" each cell alone, with its total the sum of the rounded cells;
        "nearest" the same without chance, a half going up.
    rng : numpy.random.Generator, optional
        Source of chance; a new one if not given.

    Returns
    -------
    RoundedTable
        Multiples of the base stay what they are, zero among them.

    Raises
    ------
    ValueError
        If a count is negative or not whole, the table is empty or has more than four
        axes, the base is below 2, the method is unknown, or a table of three or more
        axes has no controlled rounding.

    Notes
    -----
    With :math:`x = qb + r`, :math:`0 \\le r < b`, "random" gives :math:`(q + 1) b` with
    probability :math:`r / b` and :math:`qb` otherwise, whose mean is :math:`x`. On one
    or two axes "controlled" keeps that mean for each cell and total: along a cycle of
    cells that are not yet multiples, alternately raised and lowered, one of two steps
    is taken at odds that leave the mean as it was, until all are multiples. Such
    a rounding always exists there (Bacharach, 1966). On three or four axes it may
    not; if it does, the one nearest to the counts is given, which is not unbiased.

    A reader knows of a count shown as :math:`v` that it lies between :math:`v - b + 1`
    and :math:`v + b - 1`, or within half a base with "nearest". Several roundings of
    one table tell more than one: round once and keep the answer.

    References
    ----------
    Bacharach M. (1966). Matrix rounding problems. Management Science 12(9), 732-742.

    Cox L. H. (1987). A constructive procedure for unbiased controlled rounding.
    Journal of the American Statistical Association 82(398), 520-524.

    Examples
    --------
    >>> shown = round_table([[3, 8], [6, 13]], 5, rng=np.random.default_rng(1))
    >>> shown.with_margins.tolist()
    [[5.0, 10.0, 15.0], [5.0, 10.0, 15.0], [10.0, 20.0, 30.0]]
    >>> round_table([3, 8, 6], 5, "nearest").with_margins.tolist()
    [[5.0, 10.0, 5.0, 20.0]]
    """
    counts = counts_of(table)
    if base < 2 or base % 1:
        message = f"base must be a whole number of at least 2, not {base}"
        raise ValueError(message)
    if method not in ("controlled", "random", "nearest"):
        message = f"method must be controlled, random or nearest, not {method!r}"
        raise ValueError(message)
    margins = margins_of(counts.shape, None)
    rng = rng if rng is not None else np.random.default_rng()
    down, rest = np.divmod(counts.astype(np.int64), base)
    if method == "nearest":
        up = 2 * rest >= base
    elif method == "random":
        up = rng.random(counts.shape) * base < rest
    elif counts.ndim == 2:
        up = _controlled(rest, base, rng)
    else:
        return _result(
            _nearest_controlled(counts, margins, base), margins, base, method
        )
    return _result(margins.summed((down + up) * float(base)), margins, base, method)


def _result(rounded: Floats, margins: Margins, base: int, method: str) -> RoundedTable:
    near = method == "nearest"
    below, above = (base // 2, (base - 1) // 2) if near else (base - 1, base - 1)
    lower, upper = np.maximum(rounded - below, 0), rounded + above
    if method != "controlled":
        # A total is the sum of its rounded cells: their errors add up.
        lower = margins.summed(lower[margins.inner])
        upper = margins.summed(upper[margins.inner])
    return RoundedTable(rounded, margins, base, lower, upper)


def _controlled(rest: Longs, base: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which cells go up, by the procedure of Cox.

    A row and a column are added that make each line a multiple of the base: then a
    line holds no cell or at least two that are not, and a walk closes into a cycle.
    """
    left = np.zeros((rest.shape[0] + 1, rest.shape[1] + 1), dtype=np.int64)
    left[:-1, :-1] = rest
    left[-1] = -left.sum(axis=0) % base
    left[:, -1] = -left.sum(axis=1) % base
    is_open = (left > 0) & (left < base)
    for row, column in np.argwhere(is_open):
        while is_open[row, column]:
            cells = tuple(np.array(_cycle(is_open, int(row))).T)
            sign = np.where(np.arange(len(cells[0])) % 2, -1, 1)
            up = np.where(sign > 0, base - left[cells], left[cells]).min()
            down = np.where(sign > 0, left[cells], base - left[cells]).min()
            left[cells] += sign * (up if rng.random() * (up + down) < down else -down)
            is_open[cells] = left[cells] % base != 0
    closed: NDArray[np.bool_] = left[:-1, :-1] == base
    return closed


def _cycle(is_open: NDArray[np.bool_], row: int) -> list[tuple[int, int]]:
    """Cells of a closed walk that leaves rows and columns by turns."""
    cells: list[tuple[int, int]] = []
    at, last, is_row = row, -1, True
    seen = {(is_row, at): 0}
    while True:
        first, second = np.flatnonzero(is_open[at] if is_row else is_open[:, at])[:2]
        to = int(first if first != last else second)
        cells.append((at, to) if is_row else (to, at))
        at, last, is_row = to, at, not is_row
        if (is_row, at) in seen:
            return cells[seen[is_row, at] :]
        seen[is_row, at] = len(cells)


def _nearest_controlled(counts: Floats, margins: Margins, base: int) -> Floats:
    """The controlled rounding nearest to a table and its totals, on any axes."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    share = margins.summed(counts).ravel() / base
    equations: Any = margins.equations()
    answer = milp(
        1 - 2 * (share % 1),
        integrality=np.ones(len(share), dtype=np.int64),
        bounds=Bounds(np.floor(share), np.ceil(share)),
        constraints=LinearConstraint(equations, 0, 0),
    )
    if answer.x is None:
        message = "table has no controlled rounding; on three axes or more not all have"
        raise ValueError(message)
    return np.rint(answer.x).reshape(margins.shape) * float(base)
