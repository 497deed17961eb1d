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
    """Cell by cell: withhold what is cheapest, then show again what is not needed."""

    def __init__(self, counts: Longs, ancestors: list[Longs], threshold: int) -> None:
        self.counts = counts.ravel()
        self.shape = counts.shape
        self.frame = _frame(ancestors, counts.shape)
        self.needs = threshold - self.counts
        self.cost = np.where(self.counts == 0, -1, self.counts)
        # What a proof may use that withholds nothing more.
        self.free = np.full_like(self.cost, -1)
        self._withhold(np.flatnonzero((self.counts > 0) & (self.needs > 0)))

    def _withhold(self, cells: Longs) -> None:
        self.cost[cells] = self.free[cells] = 0

    def run(self, progress: Progress | None) -> Bools:
        moved: dict[int, Longs] = {}
        exposed = self._exposed()
        for done, cell in enumerate(exposed):
            moved[cell] = self._raise(cell, self.cost)
            self._withhold(moved[cell])
            if progress is not None:
                progress(done + 1, len(exposed))
        while (s := self._show_again(moved)):
            print("saved", s, len(moved))
            pass
        return (self.free == 0).reshape(self.shape)

    def _exposed(self) -> list[int]:
        """Small counts that what is withheld now does not hide, totals first."""
        from convive.stats._kernels.hypercubes import can_rise

        cells = np.flatnonzero(self.free == 0)
        table = self.free, self.counts
        safe = can_rise(self.frame, cells, self.needs[cells], table)
        return [int(cell) for cell in cells[~safe][::-1]]

    def _raise(self, cell: int, cost: Longs) -> Longs:
        from convive.stats._kernels.hypercubes import raise_guess

        return raise_guess(self.frame, cell, self.needs[cell], (cost, self.counts))

    def _show_again(self, moved: dict[int, Longs]) -> int:
        """Show the dearest cells where other proofs withhold less; the events saved."""
        users: dict[int, set[int]] = {}
        for cell, cells in moved.items():
            for other in cells[self.needs[cells] <= 0].tolist():
                users.setdefault(other, set()).add(cell)
        saved = 0
        for cell in sorted(users, key=lambda cell: (-self.counts[cell], cell)):
            if self.free[cell] == 0:
                saved += self._without(cell, moved, users)
        return saved

    def _without(self, cell: int, moved: dict[int, Longs], users: dict[int, set[int]]) -> int:
        mine = users[cell]
        near = {o for user in mine for o in moved[user].tolist() if o in users}
        old = np.array([o for o in near if users[o] <= mine], dtype=np.int64)
        left = int(self.counts[old].sum())
        self._show(old)
        instead: dict[int, Longs] = {}
        new: list[int] = []
        for user in sorted(mine):
            cells = self._raise(user, self.cost)
            more = cells[self.cost[cells] > 0]
            left -= int(self.counts[more].sum())
            if left <= 0:
                self._show(np.array(new, dtype=np.int64))
                self._withhold(old)
                return 0
            instead[user] = cells
            self._withhold(more)
            new += more.tolist()
        for user, cells in instead.items():
            for other in moved[user].tolist():
                users.get(other, set()).discard(user)
            for other in cells[self.needs[cells] <= 0].tolist():
                users.setdefault(other, set()).add(user)
        moved |= instead
        return left

    def _show(self, cells: Longs) -> None:
        self.cost[cells] = self.counts[cells]
        self.free[cells] = -1


def _frame(ancestors: list[Longs], shape: tuple[int, ...]) -> tuple[Longs, Longs]:
    levels = max(len(axis) for axis in ancestors)
    widest = max(axis.shape[1] for axis in ancestors)
    padded = np.full((len(ancestors), levels, widest), -1, dtype=np.int64)
    for axis, rows in enumerate(ancestors):
        padded[axis, : rows.shape[0], : rows.shape[1]] = rows
    steps = np.append(np.cumprod(shape[:0:-1])[::-1], 1).astype(np.int64)
    return padded, steps
