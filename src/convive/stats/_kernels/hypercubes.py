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
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Longs = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Frame = tuple[Longs, Longs]
    # Steps from the cell, signs (0 ends a move), and for each axis how many moves there
    # are and how many of them share their first step.
    Moves = tuple[Longs, Longs, Longs, Longs]
    # Cells, their signs, and cost, room and size after each axis.
    Cube = tuple[Longs, Longs, Longs]
    # Cost and alternative count of each cell.
    Table = tuple[Longs, Longs]
    Found = tuple[Longs, Longs, int]

# Zeros are shown, so a reader knows that a withheld count is one or more.
LEAST = 1
# Hypercubes put in a row before a proof must be cheaper.
_DETOURS = 3


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
    blocks = np.ones(axes, np.int64)
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
        if counts[axis] > 1 and pairs[axis][0, 0] != pairs[axis][-1, 0]:
            blocks[axis] = (pairs[axis][:, 0] == pairs[axis][0, 0]).sum()
    return offsets, signs, counts, blocks


@njit(cache=True)
def _is_better(
    cost: int, room: int, best: Longs
) -> bool:  # pragma: no cover - compiled
    """Whether it costs less for each event moved, or as much and moves more."""
    here, there = cost * best[1], best[0] * room
    return bool(here < there or (here == there and room > best[1]))


@njit(cache=True)
def _lengthen(
    cube: Cube, axis: int, move: tuple[Longs, Longs], table: Table, best: Longs
) -> int:  # pragma: no cover - compiled
    """Draw the cube out along an axis; the step at which it fails, or 0.

    What is dear before its last axis can only become dearer.
    """
    cells, turns, totals = cube
    cost, room, size = totals[axis]
    cells[axis + 1, :size] = cells[axis, :size]
    turns[axis + 1, :size] = turns[axis, :size]
    place = size
    for step in range(1, len(move[1])):
        if move[1][step] == 0:
            break
        for first in range(size):
            cell = cells[axis, first] + move[0][step]
            turn = turns[axis, first] * move[1][step]
            if turn < 0:
                room = min(room, table[1][cell] - LEAST)
            if table[0][cell] < 0 or room <= 0:
                return step
            cost += table[0][cell]
            cells[axis + 1, place] = cell
            turns[axis + 1, place] = turn
            place += 1
        if not _is_better(cost, room, best):
            return step
    totals[axis + 1] = cost, room, place
    return 0


@njit(cache=True)
def cheapest(
    frame: Frame, nodes: Longs, need: int, table: Table
) -> Found:  # pragma: no cover - compiled
    """Cells, signs and events moved by the hypercube that costs least an event.

    A `need` below zero asks for a lower guess. The first cell itself costs nothing.
    """
    offsets, signs, counts, blocks = _moves(frame, nodes)
    axes, _, width = offsets.shape
    cells = np.zeros((axes + 1, width**axes), np.int64)
    turns = np.full((axes + 1, width**axes), 1 if need > 0 else -1)
    totals = np.zeros((axes + 1, 3), np.int64)
    cells[0, 0] = (nodes * frame[1]).sum()
    totals[0, 1:] = abs(need), 1
    best, best_cells, best_turns = np.array([1, 0]), cells[0, :0], turns[0, :0]
    at = np.full(axes, -1)
    axis = 0
    while axis >= 0 and not (best[0] == 0 and best[1] == abs(need)):
        at[axis] += 1
        if at[axis] == counts[axis]:
            at[axis] = -1
            axis -= 1
            continue
        move = offsets[axis, at[axis]], signs[axis, at[axis]]
        failed = _lengthen((cells, turns, totals), axis, move, table, best)
        if failed == 1:
            # So does every other move of the same gain.
            at[axis] += blocks[axis] - 1 - at[axis] % blocks[axis]
        if failed or not _is_better(totals[axis + 1, 0], totals[axis + 1, 1], best):
            continue
        axis += 1
        if axis == axes:
            axis -= 1
            best[:] = totals[axes, :2]
            best_cells = cells[axes, : totals[axes, 2]].copy()
            best_turns = turns[axes, : totals[axes, 2]].copy()
    return best_cells, best_turns, best[1]


@njit(cache=True)
def _move(
    frame: Frame, cell: int, need: int, table: Table
) -> Longs:  # pragma: no cover - compiled
    """Add hypercubes to the alternative until the guess has moved; the cells met."""
    cost, alternative = table
    nodes = cell // frame[1]
    nodes[1:] -= nodes[:-1] * (frame[1][:-1] // frame[1][1:])
    met = [cell for _ in range(0)]
    is_met = np.zeros(len(cost), np.bool_)
    while need != 0:
        cells, turns, room = cheapest(frame, nodes, need, (cost, alternative))
        if room == 0:
            return np.zeros(0, np.int64)
        for place in range(len(cells)):
            other = cells[place]
            alternative[other] += turns[place] * room
            if not is_met[other]:
                met.append(other)
            is_met[other], cost[other] = True, 0
        need -= room if need > 0 else -room
    return np.array(met)


@njit(cache=True)
def raise_guess(
    frame: Frame, start: int, need: int, table: Table
) -> Longs:  # pragma: no cover - compiled
    """Cells moved so that the guess of one rises by `need`; none if it cannot.

    Dear cells are then put back to their count by further hypercubes through them
    where that saves something: this finds proofs longer than a hypercube.
    """
    cost, counts = table
    alternative = counts.copy()
    met = _move(frame, start, need, (cost.copy(), alternative))
    moved: Longs = met[alternative[met] != counts[met]]
    for cell in moved[np.argsort(-cost[moved])]:
        if cost[cell] > 0 and alternative[cell] != counts[cell]:
            cheaper, trial = _put_back(frame, (start, cell), moved, alternative, table)
            if len(cheaper):
                moved, alternative = cheaper, trial
    return moved


@njit(cache=True)
def _put_back(
    frame: Frame, ends: tuple[int, int], moved: Longs, alternative: Longs, table: Table
) -> tuple[Longs, Longs]:  # pragma: no cover - compiled
    """Cells of a cheaper proof that does without one, and its table; none if none."""
    cost, counts = table
    start, cell = ends
    price = cost[moved].sum()
    trial = alternative.copy()
    # Nothing as dear as all can save.
    spent = np.where(cost < price, cost, -1)
    for _ in range(_DETOURS):
        spent[moved] = 0
        # The guess itself must not be undone, nor what was put back.
        spent[start] = spent[cell] = -1
        met = _move(frame, cell, counts[cell] - trial[cell], (spent, trial))
        if len(met) == 0:
            break
        met = np.append(moved, met)
        spent[met] = cost[met]
        spent[cell] = -1
        met = np.unique(met)
        moved = met[trial[met] != counts[met]]
        if cost[moved].sum() < price:
            return moved, trial
        cell = moved[np.argmax(cost[moved])]
    return moved[:0], trial


@njit(cache=True)
def can_rise(
    frame: Frame, cells: Longs, needs: Longs, table: Table
) -> Bools:  # pragma: no cover - compiled
    """Whether withheld cells alone let each guess rise by what it needs."""
    answer = np.zeros(len(cells), np.bool_)
    alternative = table[1].copy()
    for row in range(len(cells)):
        moved = _move(frame, cells[row], needs[row], (table[0].copy(), alternative))
        answer[row] = len(moved) > 0
        alternative[:] = table[1]
    return answer


def cheapest_plainly(frame: Frame, nodes: Longs, need: int, table: Table) -> Found:
    """Go through every hypercube whole with NumPy: the twin of `cheapest`."""
    cost, alternative = table[0].copy(), table[1]
    start = int(np.dot(nodes, frame[1]))
    cost[start] = 0
    best, best_cells, best_turns = (1, 0), np.zeros(0, int), np.zeros(0, int)
    for moves in product(*_moves_plainly(frame, nodes)):
        cells, turns = np.array([start]), np.array([1 if need > 0 else -1])
        for offsets, signs in moves:
            cells = np.add.outer(offsets, cells).ravel()
            turns = np.multiply.outer(signs, turns).ravel()
        gives = (turns < 0) & (cells != start)
        room = min([abs(need), *(alternative[cells[gives]] - LEAST)])
        price = int(cost[cells].sum())
        if (cost[cells] < 0).any() or room <= 0:
            continue
        here, there = price * best[1], best[0] * room
        if here < there or (here == there and room > best[1]):
            best, best_cells, best_turns = (price, room), cells, turns
    return best_cells, best_turns, best[1]


def _moves_plainly(frame: Frame, nodes: Longs) -> list[list[tuple[Longs, Longs]]]:
    every = []
    for ancestors, node, step in zip(frame[0], nodes, frame[1], strict=True):
        used = ancestors[:, ancestors[0] >= 0].T
        rows = [set(row) - {-1} for row in used.tolist()]
        moves = []
        for gaining in (row for row in rows if node in row):
            for losing in [set[int](), *(row for row in rows if node not in row)]:
                signs = dict.fromkeys(gaining - losing, 1)
                signs |= dict.fromkeys(losing - gaining, -1)
                offsets = (np.array(list(signs)) - node) * step
                moves.append((offsets, np.array(list(signs.values()))))
        every.append(moves)
    return every
