"""Which other cells must be withheld so that the small ones cannot be worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convive.stats.margins import Margins

    Longs = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Progress = Callable[[int, int], None]


def withheld_cells(
    counts: Longs, margins: Margins, threshold: int, progress: Progress | None = None
) -> Bools:
    """Small counts, and the complementary ones that a proof of safety needs."""
    small = (counts > 0) & (counts < threshold)
    long = [axis for axis, size in enumerate(counts.shape) if size > 1]
    if not small.any() or not long:
        return small
    if len(long) == 1 and len(margins.ancestors[long[0]]) == 2:
        return _on_one_line(counts.ravel(), threshold).reshape(counts.shape)
    # The kernel goes through the last axis innermost: the longest prunes best there.
    order = sorted(range(counts.ndim), key=lambda axis: counts.shape[axis])
    turned = np.ascontiguousarray(counts.transpose(order))
    search = _Search(turned, [margins.ancestors[axis] for axis in order], threshold)
    withheld = search.run(progress)
    return withheld.transpose(np.argsort(order))


def _on_one_line(counts: Longs, threshold: int) -> Bools:
    """The answer for one sum alone, whose total is last.

    All withheld parts but one may be as low as 1: the same sum bounds every one.
    """
    withheld = (counts > 0) & (counts < threshold)
    parts, total = counts[:-1], counts[-1]
    if total < threshold:
        return withheld
    most = parts[withheld[:-1]].sum() - withheld.sum() + 1
    if withheld.any() and most < threshold:
        shown = np.flatnonzero(parts >= threshold)
        withheld[shown[np.argmin(parts[shown])] if len(shown) else -1] = True
    return withheld


class _Search:
    """Cell by cell: withhold what is cheapest, then give back what is not needed."""

    def __init__(
        self, counts: Longs, ancestors: list[Longs], threshold: int
    ) -> None:
        self.counts = counts.ravel()
        self.shape = counts.shape
        self.frame = _frame(ancestors, counts.shape)
        self.threshold = threshold
        small = self.counts < threshold
        self.cost = np.where(self.counts == 0, -1, np.where(small, 0, self.counts))

    def run(self, progress: Progress | None) -> Bools:
        primary = np.flatnonzero(self.cost == 0)
        moved = {}
        exposed = self._exposed(primary)
        for done, cell in enumerate(exposed):
            moved[cell] = self._raise(cell)
            self.cost[moved[cell]] = 0
            if progress is not None:
                progress(done + 1, len(exposed))
        self._give_back(primary, moved)
        return (self.cost == 0).reshape(self.shape)

    def _exposed(self, cells: Longs) -> list[int]:
        """Cells that what is withheld now does not hide, totals first."""
        from convive.stats._kernels.hypercubes import can_rise

        table = np.where(self.cost > 0, -1, self.cost), self.counts
        nodes = np.array(np.unravel_index(cells, self.shape)).T
        safe = can_rise(self.frame, nodes, self.threshold - self.counts[cells], table)
        return [int(cell) for cell in cells[~safe][::-1]]

    def _raise(self, cell: int, *, only_withheld: bool = False) -> Longs:
        from convive.stats._kernels.hypercubes import raise_guess

        cost = np.where(self.cost > 0, -1, self.cost) if only_withheld else self.cost
        nodes = np.array(np.unravel_index(cell, self.shape))
        need = self.threshold - int(self.counts[cell])
        return raise_guess(self.frame, nodes, need, (cost, self.counts))

    def _give_back(self, primary: Longs, moved: dict[int, Longs]) -> None:
        """Show the dearest cells again while every proof can do without them."""
        added = np.flatnonzero((self.cost == 0) & (self.counts >= self.threshold))
        for cell in added[np.argsort(-self.counts[added], kind="stable")]:
            users = [user for user, cells in moved.items() if cell in cells]
            self.cost[cell] = self.counts[cell]
            instead = {}
            for user in users:
                cells = self._raise(user, only_withheld=True)
                if not len(cells):
                    self.cost[cell] = 0
                    break
                instead[user] = cells
            else:
                moved |= instead


def _frame(ancestors: list[Longs], shape: tuple[int, ...]) -> tuple[Longs, Longs]:
    levels = max(len(axis) for axis in ancestors)
    widest = max(axis.shape[1] for axis in ancestors)
    padded = np.full((len(ancestors), levels, widest), -1, dtype=np.int64)
    for axis, rows in enumerate(ancestors):
        padded[axis, : rows.shape[0], : rows.shape[1]] = rows
    steps = np.append(np.cumprod(shape[:0:-1])[::-1], 1).astype(np.int64)
    return padded, steps
