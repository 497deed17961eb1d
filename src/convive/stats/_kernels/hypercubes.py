"""Search for the cells that let a reader's guess of one count rise.

On each axis a guess moves events into one category, from another one or from nowhere;
the groups above both move along. The product of such moves over all axes is a
hypercube of cells whose sums stay right (Repsilber, 1994). Moves add up in
`alternative`, a whole-number table that agrees with all that is shown: while every
cell there stays at `LEAST` or more, it is proof of how high the first cell may be.

A frame holds, for each axis, level and category, the position on the axis of the
category, its groups and the total (each padded with -1), and the step of each axis in
the flat table. `cost` is 0 for a withheld cell and -1 for one that must stay shown.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Longs = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Frame = tuple[Longs, Longs]
    # Steps from the cell, signs (0 ends a move) and number of each axis's moves.
    Moves = tuple[Longs, Longs, Longs]
    # Cells, their signs, and cost, room and size after each axis.
    Cube = tuple[Longs, Longs, Longs]
    # Cost and alternative count of each cell.
    Table = tuple[Longs, Longs]
    Found = tuple[Longs, Longs, int]

# Zeros are shown, so a reader knows that a withheld count is one or more.
LEAST = 1
_CHUNKS = 64


@njit(cache=True)
def _moves_of(ancestors: Longs, node: int) -> Longs:  # pragma: no cover - compiled
    """Pairs of categories of one axis: what gains inside `node`, what loses outside."""
    levels, size = ancestors.shape
    inside = np.zeros(size, np.bool_)
    for level in range(levels):
        inside |= ancestors[level] == node
    gaining = np.flatnonzero(inside)
    losing = np.append(np.array([-1]), np.flatnonzero(~inside & (ancestors[0] >= 0)))
    pairs = np.empty((len(gaining) * len(losing), 2), np.int64)
    for row in range(len(pairs)):
        pairs[row, 0] = gaining[row // len(losing)]
        pairs[row, 1] = losing[row % len(losing)]
    return pairs


@njit(cache=True)
def _moves(frame: Frame, nodes: Longs) -> Moves:  # pragma: no cover - compiled
    """All moves on each axis, as steps in the flat table; the cell itself is first."""
    ancestors, steps = frame
    axes, levels, _ = ancestors.shape
    pairs = [_moves_of(ancestors[axis], nodes[axis]) for axis in range(axes)]
    counts = np.array([len(rows) for rows in pairs])
    offsets = np.zeros((axes, counts.max(), 2 * levels), np.int64)
    signs = np.zeros_like(offsets)
    signs[:, :, 0] = 1
    for axis in range(axes):
        for row in range(counts[axis]):
            gains, loses = pairs[axis][row]
            place = 1
            for level in range(levels):
                up = ancestors[axis, level, gains]
                down = ancestors[axis, level, loses] if loses >= 0 else -1
                if up == down:
                    break
                for at, sign in ((up, 1), (down, -1)):
                    if at >= 0 and at != nodes[axis]:
                        offsets[axis, row, place] = (at - nodes[axis]) * steps[axis]
                        signs[axis, row, place] = sign
                        place += 1
    return offsets, signs, counts


@njit(cache=True)
def _lengthen(
    cube: Cube, axis: int, move: tuple[Longs, Longs], table: Table
) -> bool:  # pragma: no cover - compiled
    """Draw the cube out along an axis; whether its cells may all be moved."""
    cells, turns, totals = cube
    offsets, signs = move
    cost, room, size = totals[axis]
    cells[axis + 1, :size] = cells[axis, :size]
    turns[axis + 1, :size] = turns[axis, :size]
    place = size
    for step in range(1, len(signs)):
        if signs[step] == 0:
            break
        for first in range(size):
            cell = cells[axis, first] + offsets[step]
            turn = turns[axis, first] * signs[step]
            if turn < 0:
                room = min(room, table[1][cell] - LEAST)
            if table[0][cell] < 0 or room <= 0:
                return False
            cost += table[0][cell]
            cells[axis + 1, place] = cell
            turns[axis + 1, place] = turn
            place += 1
    totals[axis + 1] = cost, room, place
    return True


@njit(cache=True)
def _is_better(ours: Longs, best: Longs) -> bool:  # pragma: no cover - compiled
    """Whether it costs less for each event moved, or as much and moves more."""
    here, there = ours[0] * best[1], best[0] * ours[1]
    return bool(here < there or (here == there and ours[1] > best[1]))


@njit(cache=True)
def cheapest(
    frame: Frame, nodes: Longs, need: int, table: Table
) -> Found:  # pragma: no cover - compiled
    """Cells, signs and events moved by the hypercube that costs least an event."""
    offsets, signs, counts = _moves(frame, nodes)
    axes, _, width = offsets.shape
    cells = np.zeros((axes + 1, width**axes), np.int64)
    turns = np.ones((axes + 1, width**axes), np.int64)
    totals = np.zeros((axes + 1, 3), np.int64)
    cells[0, 0] = (nodes * frame[1]).sum()
    totals[0] = table[0][cells[0, 0]], need, 1
    best, best_cells, best_turns = np.zeros(2, np.int64), cells[0, :0], turns[0, :0]
    best[0] = 1
    at = np.full(axes, -1)
    axis = 0
    while axis >= 0 and not (best[0] == 0 and best[1] == need):
        at[axis] += 1
        if at[axis] == counts[axis]:
            at[axis] = -1
            axis -= 1
            continue
        move = offsets[axis, at[axis]], signs[axis, at[axis]]
        if not _lengthen((cells, turns, totals), axis, move, table):
            continue
        # What is dear before its last axis can only become dearer.
        if not _is_better(totals[axis + 1, :2], best):
            continue
        if axis == axes - 1:
            best[:] = totals[axes, :2]
            best_cells = cells[axes, : totals[axes, 2]].copy()
            best_turns = turns[axes, : totals[axes, 2]].copy()
        else:
            axis += 1
    return best_cells, best_turns, best[1]


@njit(cache=True)
def raise_guess(
    frame: Frame, nodes: Longs, need: int, table: Table
) -> Longs:  # pragma: no cover - compiled
    """Cells moved so that the guess rises by `need`; none if it cannot.

    `table` comes back as it was: the caller withholds what costs something.
    """
    cost, alternative = table[0], table[1].copy()
    spent = cost.copy()
    moved = np.zeros(len(cost), np.bool_)
    while need > 0:
        cells, turns, room = cheapest(frame, nodes, need, (spent, alternative))
        if room == 0:
            return np.flatnonzero(moved[:0])
        alternative[cells] += turns * room
        spent[cells] = 0
        moved[cells] = True
        need -= room
    return np.flatnonzero(alternative != table[1])


@njit(cache=True, parallel=True)
def can_rise(
    frame: Frame, nodes: Longs, needs: Longs, table: Table
) -> Bools:  # pragma: no cover - compiled
    """Whether withheld cells alone let each guess rise by what it needs."""
    answer = np.zeros(len(needs), np.bool_)
    for chunk in prange(_CHUNKS):
        for row in range(chunk, len(needs), _CHUNKS):
            answer[row] = len(raise_guess(frame, nodes[row], needs[row], table)) > 0
    return answer


def raise_guess_plainly(
    frame: Frame, nodes: Longs, need: int, table: Table
) -> Longs:
    """Go through every hypercube whole with NumPy: the twin of `raise_guess`."""
    cost, alternative = table[0].copy(), table[1].copy()
    start = np.dot(nodes, frame[1])
    while need > 0:
        best, best_cells, best_turns = (1, 0), start, start
        for moves in product(*_moves_plainly(frame, nodes)):
            cells, turns = np.array([start]), np.array([1])
            for offsets, signs in moves:
                cells = np.add.outer(offsets, cells).ravel()
                turns = np.multiply.outer(signs, turns).ravel()
            room = min([need, *(alternative[cells[turns < 0]] - LEAST)])
            price = cost[cells].sum()
            dearer = price * best[1] > best[0] * room
            no_more = price * best[1] == best[0] * room and room <= best[1]
            if (cost[cells] < 0).any() or room <= 0 or dearer or no_more:
                continue
            best, best_cells, best_turns = (price, room), cells, turns
        if best[1] == 0:
            return np.zeros(0, dtype=np.int64)
        alternative[best_cells] += best_turns * best[1]
        cost[best_cells] = 0
        need -= best[1]
    return np.flatnonzero(alternative != table[1])


def _moves_plainly(frame: Frame, nodes: Longs) -> list[list[tuple[Longs, Longs]]]:
    every = []
    for ancestors, node, step in zip(frame[0], nodes, frame[1], strict=True):
        used = ancestors[:, ancestors[0] >= 0].T
        rows = [set(row) - {-1} for row in used.tolist()]
        moves = []
        for gaining in (row for row in rows if node in row):
            for losing in [set[int](), *(row for row in rows if node not in row)]:
                signs = {at: 1 for at in gaining - losing}
                signs |= {at: -1 for at in losing - gaining}
                offsets = (np.array(list(signs)) - node) * step
                moves.append((offsets, np.array(list(signs.values()))))
        every.append(moves)
    return every
