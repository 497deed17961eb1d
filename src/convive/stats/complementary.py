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

# Other proofs tried in all before the rest is left as it is: seconds, not minutes.
_TRIES = 10_000


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
    return search.run(progress).transpose(np.argsort(order))


def _on_one_line(counts: Longs, threshold: int) -> Bools:
    """The answer for one sum alone, whose total is last.

    All withheld parts but one may be as low as 1: the same sum bounds every one.
    """
    withheld = (counts > 0) & (counts < threshold)
    parts, total = counts[:-1], counts[-1]
    most = parts[withheld[:-1]].sum() - withheld.sum() + 1
    if withheld.any() and total >= threshold > most:
        shown = np.flatnonzero(parts >= threshold)
        withheld[shown[np.argmin(parts[shown])] if len(shown) else -1] = True
    return withheld


class _Search:
    """Cell by cell: withhold what is cheapest, then show again what can be spared.

    `cost` is what a proof pays for a cell, `free` the same for a proof that may
    withhold nothing more; `proofs` holds the cells that the proof of one moves, and
    `users` the cells whose proofs move one that is not small.
    """

    def __init__(self, counts: Longs, ancestors: list[Longs], threshold: int) -> None:
        self.counts = counts.ravel()
        self.shape = counts.shape
        self.frame = _frame(ancestors, counts.shape)
        self.needs = threshold - self.counts
        self.cost = np.where(self.counts == 0, -1, self.counts)
        self.free = np.full_like(self.cost, -1)
        self.proofs: dict[int, list[int]] = {}
        self.users: dict[int, set[int]] = {}
        self._withhold(np.flatnonzero((self.counts > 0) & (self.needs > 0)).tolist())

    def run(self, progress: Progress | None) -> Bools:
        exposed = self._exposed()
        for done, cell in enumerate(exposed):
            cells = self._proof(cell)
            self._withhold(cells)
            self._note(cell, cells)
            if progress is not None:
                progress(done + 1, len(exposed))
        self._spare()
        withheld: Bools = (self.free == 0).reshape(self.shape)
        return withheld

    def _withhold(self, cells: list[int]) -> None:
        self.cost[cells] = self.free[cells] = 0

    def _show(self, cells: list[int]) -> None:
        self.cost[cells], self.free[cells] = self.counts[cells], -1

    def _note(self, cell: int, cells: list[int]) -> None:
        for other in self.proofs.get(cell, ()):
            self.users.get(other, set()).discard(cell)
        self.proofs[cell] = cells
        for other in cells:
            if self.needs[other] <= 0:
                self.users.setdefault(other, set()).add(cell)

    def _exposed(self) -> list[int]:
        """Small counts that what is withheld now does not hide, the largest first.

        Those need least; what they take then serves the others.
        """
        from convive.stats._kernels.hypercubes import can_rise

        cells = np.flatnonzero(self.free == 0)
        table = self.free, self.counts
        safe = can_rise(self.frame, cells, self.needs[cells], table)
        exposed = cells[~safe]
        order = np.argsort(-self.counts[exposed], kind="stable")
        return [int(cell) for cell in exposed[order]]

    def _proof(self, cell: int) -> list[int]:
        from convive.stats._kernels.hypercubes import raise_guess

        table = self.cost, self.counts
        proof: list[int] = raise_guess(
            self.frame, cell, int(self.needs[cell]), table
        ).tolist()
        return proof

    def _spare(self) -> None:
        """Look for cheaper proofs, first of what is dear for each that needs it."""
        tries = 0
        saved = True
        while saved:
            saved = False
            dear = {
                cell: -self.counts[cell] / len(of)
                for cell, of in self.users.items()
                if of
            }
            for cell in sorted(dear, key=lambda cell: (dear[cell], cell)):
                if tries < _TRIES and self.users[cell]:
                    tries += len(self.users[cell])
                    saved |= self._do_without(cell)

    def _do_without(self, cell: int) -> bool:
        """Prove anew all that need a cell; keep it if that withholds fewer events."""
        mine = self.users[cell]
        near = {o for user in mine for o in self.proofs[user] if o in self.users}
        old = [other for other in near if self.users[other] <= mine]
        left = self.counts[old].sum()
        new: list[int] = []
        instead: dict[int, list[int]] = {}
        self._show(old)
        for user in sorted(mine):
            instead[user] = self._proof(user)
            more = [other for other in instead[user] if self.cost[other] > 0]
            self._withhold(more)
            new += more
            left -= self.counts[more].sum()
            if left <= 0:
                self._show(new)
                self._withhold(old)
                return False
        for user, cells in instead.items():
            self._note(user, cells)
        return True


def _frame(ancestors: list[Longs], shape: tuple[int, ...]) -> tuple[Longs, Longs]:
    levels = max(len(axis) for axis in ancestors)
    widest = max(axis.shape[1] for axis in ancestors)
    padded = np.full((len(ancestors), levels, widest), -1, dtype=np.int64)
    for axis, rows in enumerate(ancestors):
        padded[axis, : rows.shape[0], : rows.shape[1]] = rows
    steps = np.append(np.cumprod(shape[:0:-1])[::-1], 1).astype(np.int64)
    return padded, steps
