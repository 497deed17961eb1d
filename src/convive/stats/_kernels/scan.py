"""Loops of the scan statistics: the most unusual cylinder among hundreds of millions.

The ratio rises with the cases of a cylinder and falls with those expected. Nested
circles are therefore screened together, with the cases of the largest and the
expectation of the smallest, and so are windows of like length, with the largest excess
at any of their ends. What the screen leaves open is halved and screened again, down to
single circles whose windows are computed: the maximum is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit, prange

from convive.stats._kernels.scan_ratio import score

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]

# Stands for no end of a window: its excess is never the largest.
_NEVER = np.float32(-1e30)
# The screen's numbers are finite, which lets it become vector instructions.
_FINITE = {"nnan", "nsz", "contract"}


# Numba's cache on disk names these classes: rename the loops along with them.
class Circles(NamedTuple):
    """Circles of every centre from small to large, in groups screened together."""

    order: Ints  # (centres, areas) from near to far
    sizes: Ints  # areas in each circle, centre after centre
    mass: Floats  # cases expected in each circle over all periods
    grade: Longs  # row of its mass in the bars
    groups: Longs  # first circle of each group, and the end of the last
    centres: Longs  # first group of each centre, and the end of the last


class Expectation(NamedTuple):
    """Cases expected before each period begins: mass x clock, or area by area."""

    clock: Floats  # (periods + 1,) share of all areas, if they have one in common
    cumulative: Floats  # (areas, periods + 1); no row if they share the clock


class Rules(NamedTuple):
    """Which windows are looked at, and how a cylinder's cases are compared."""

    periods: int  # the last ones, of which windows are made
    longest: int
    first_end: int
    min_cases: int
    cases: float
    people: float  # infinite for a Poisson model
    lengths: Longs  # shortest of each family of windows screened together
    widths: Longs  # lengths in each family, a power of two


class Screen(NamedTuple):
    """An excess under bar x root of (mass x share) is under the floor."""

    floors: Floats  # (floors,) rising
    bars: Singles  # (floors, grades, families)
    least: Singles  # (floors,) an excess under this is under the floor in any cylinder
    roots: Singles  # (families, periods) root of the least share by first period
    clock: Singles  # the expectation's
    error: np.float32  # of sums in 32 bits


class Problem(NamedTuple):
    """All that stays the same from one replicate to the next."""

    circles: Circles
    expected: Expectation
    rules: Rules
    screen: Screen


class Work(NamedTuple):
    """Sums of one thread; cases are counted up to each period."""

    cases: Singles  # (circles of a centre, periods + 1)
    due: Floats  # the same, or no row
    excess: Singles
    ends: Singles
    wider: Singles
    stack: Longs  # (depth, 3) first and last circle, open families as bits


@njit(cache=True)
def _new_work(
    circles: Circles, expected: Expectation, rules: Rules
) -> Work:  # pragma: no cover - compiled
    periods = len(expected.clock)
    most = 0
    for centre in range(len(circles.centres) - 1):
        first, last = circles.centres[centre], circles.centres[centre + 1]
        most = max(most, circles.groups[last] - circles.groups[first])
    due = np.zeros((most if len(expected.cumulative) else 0, periods))
    # Sliding maxima look past the last period by less than twice the longest window.
    reach = np.full((2, periods + 2 * rules.longest), _NEVER, np.float32)
    excess = np.zeros(periods, np.float32)
    stack = np.zeros((64, 3), np.int64)
    cases = np.zeros((most, periods), np.float32)
    return Work(cases, due, excess, reach[0], reach[1], stack)


@njit(cache=True)
def _add(
    before: NDArray[Any], row: NDArray[Any], total: NDArray[Any]
) -> None:  # pragma: no cover - compiled
    for period in range(len(total)):
        total[period] = before[period] + row[period]


@njit(cache=True)
def _sum_areas(
    table: NDArray[Any], order: Ints, sizes: Ints, sums: NDArray[Any]
) -> None:  # pragma: no cover - compiled
    """Sums of a table's rows over each circle, from the one before it."""
    sums[0] = 0
    added = 0
    for circle in range(len(sizes)):
        before = sums[max(0, circle - 1)]
        for position in range(added, sizes[circle]):
            _add(before, table[order[position]], sums[circle])
            before = sums[circle]
        added = sizes[circle]


@njit(cache=True, fastmath=_FINITE)
def _excess(
    cases: Singles, due: NDArray[Any], mass: np.float32, excess: Singles
) -> None:  # pragma: no cover - compiled
    """Cases of a circle beyond those due in a smaller one, before each period."""
    for period in range(len(excess)):
        excess[period] = cases[period] - mass * np.float32(due[period])


@njit(cache=True, fastmath=_FINITE)
def _set_ends(
    excess: Singles, error: np.float32, first_end: int, ends: Singles
) -> None:  # pragma: no cover - compiled
    for period in range(len(excess)):
        ends[period] = excess[period] + error
    for period in range(first_end):
        ends[period] = _NEVER
    for period in range(len(excess), len(ends)):
        ends[period] = _NEVER


@njit(cache=True, fastmath=_FINITE)
def _widen(
    ends: Singles, wider: Singles, step: int
) -> None:  # pragma: no cover - compiled
    # Slices spare a loop the test for indices below zero that hinders vectors.
    later = ends[step:]
    for period in range(len(later)):
        wider[period] = max(ends[period], later[period])
    for period in range(len(later), len(ends)):
        wider[period] = _NEVER


@njit(cache=True, fastmath=_FINITE)
def _is_open(
    length: int, ends: Singles, excess: Singles, roots: Singles, bars: tuple[Any, Any]
) -> bool:  # pragma: no cover - compiled
    bar, least = bars
    later = ends[length:]
    over = np.int32(0)
    for start in range(len(excess) - length):
        needed = max(bar * roots[start], least)
        over += np.int32(later[start] - excess[start] >= needed)
    return bool(over > 0)


@njit(cache=True)
def _screen(
    families: int,
    lengths: Longs,
    widths: Longs,
    excess: Singles,
    ends: Singles,
    wider: Singles,
    roots: Singles,
    bars: Singles,
    scale: np.float32,
    least: np.float32,
) -> int:  # pragma: no cover - compiled
    """Families of windows, as bits, that may reach the floor."""
    step = 1
    found = 0
    for family in range(len(lengths)):
        if families >> family == 0:
            break
        while step < widths[family]:
            _widen(ends, wider, step)
            ends, wider = wider, ends
            step *= 2
        if families >> family & 1:
            needed = (bars[family] * scale, least)
            if _is_open(lengths[family], ends, excess, roots[family], needed):
                found |= 1 << family
    return found


@njit(cache=True)
def _compute(
    lengths: range,
    cases: Singles,
    due: Floats,
    mass: float,
    rules: Rules,
    best: tuple[float, int, int],
) -> tuple[float, int, int]:  # pragma: no cover - compiled
    """Best (ratio, start, length) of a circle's windows of these lengths."""
    value, first, longest = best
    whole = rules.cases
    if rules.people < np.inf:
        whole *= rules.people / (rules.people - rules.cases)
    for length in lengths:
        for start in range(max(0, rules.first_end - length), len(due) - length):
            count = np.float64(cases[start + length] - cases[start])
            fair = mass * (due[start + length] - due[start])
            more = count - fair
            # The ratio is at most the chi-square of the same table.
            least = value * fair * (rules.cases - fair)
            if count < rules.min_cases or more <= 0 or more * more * whole < least:
                continue
            ratio = score(count, fair, rules.cases, rules.people)
            if ratio > value:
                value, first, longest = ratio, start, length
    return value, first, longest


@njit(cache=True)
def _compute_open(
    families: int,
    circle: int,
    base: int,
    problem: Problem,
    work: Work,
    best: float,
    place: Longs,
) -> float:  # pragma: no cover - compiled
    rules = problem.rules
    due, mass = problem.expected.clock, problem.circles.mass[circle]
    if len(work.due):
        due, mass = work.due[circle - base], 1.0
    cases = work.cases[circle - base]
    found = (best, -1, -1)
    for family in range(len(rules.lengths)):
        if families >> family & 1:
            shortest = rules.lengths[family]
            end = min(shortest + rules.widths[family], rules.longest + 1)
            lengths = range(shortest, end)
            found = _compute(lengths, cases, due, mass, rules, found)
    if found[1] >= 0:
        place[0], place[1], place[2] = circle, found[1], found[2]
    return found[0]


@njit(cache=True)
def _push(
    stack: Longs, depth: int, first: int, last: int, families: int
) -> int:  # pragma: no cover - compiled
    stack[depth, 0], stack[depth, 1], stack[depth, 2] = first, last, families
    return depth + 1


@njit(cache=True)
def _search(
    groups: range, problem: Problem, work: Work, best: float, place: Longs
) -> float:  # pragma: no cover - compiled
    """Halve each group of a centre's circles as long as the screen leaves it open."""
    circles, expected, rules, screen = problem
    stack, excess, ends = work.stack, work.excess, work.ends
    base = circles.groups[groups.start]
    level = 0
    for group in groups:
        depth = _push(
            stack, 0, circles.groups[group], circles.groups[group + 1] - 1, -1
        )
        while depth:
            depth -= 1
            first, last, families = stack[depth, 0], stack[depth, 1], stack[depth, 2]
            level = _rise(screen.floors, level, best)
            cases, mass = work.cases[last - base], np.float32(circles.mass[first])
            if len(expected.cumulative):
                _excess(cases, work.due[first - base], np.float32(1.0), excess)
            else:
                _excess(cases, screen.clock, mass, excess)
            _set_ends(excess, screen.error, rules.first_end, ends)
            families = _screen(
                families,
                rules.lengths,
                rules.widths,
                excess,
                ends,
                work.wider,
                screen.roots,
                screen.bars[level, circles.grade[last]],
                np.sqrt(mass),
                screen.least[level],
            )
            if families and first < last:
                middle = (first + last) // 2
                depth = _push(stack, depth, middle + 1, last, families)
                depth = _push(stack, depth, first, middle, families)
            elif families:
                best = _compute_open(families, first, base, problem, work, best, place)
    return best


@njit(cache=True)
def _rise(
    floors: Floats, level: int, best: float
) -> int:  # pragma: no cover - compiled
    while level + 1 < len(floors) and floors[level + 1] <= best:
        level += 1
    return level


@njit(cache=True)
def _search_centre(
    table: Singles,
    centre: int,
    problem: Problem,
    work: Work,
    best: float,
    place: Longs,
) -> float:  # pragma: no cover - compiled
    circles = problem.circles
    groups = range(circles.centres[centre], circles.centres[centre + 1])
    if len(groups) == 0:
        return best
    sizes = circles.sizes[circles.groups[groups.start] : circles.groups[groups.stop]]
    order = circles.order[centre]
    _sum_areas(table, order, sizes, work.cases)
    if len(work.due):
        _sum_areas(problem.expected.cumulative, order, sizes, work.due)
    return _search(groups, problem, work, best, place)


@njit(cache=True, parallel=True)
def scan_centres(
    table: Singles,
    circles: Circles,
    expected: Expectation,
    rules: Rules,
    screen: Screen,
) -> tuple[Floats, Longs]:  # pragma: no cover - compiled
    """Best ratio of each centre, the first floor if none is above, and its place.

    A place is the number of the circle, the first period and the length; -1 if none.
    """
    centres = len(circles.centres) - 1
    best = np.zeros(centres)
    place = np.full((centres, 3), -1)
    for centre in prange(centres):
        problem = Problem(circles, expected, rules, screen)
        work = _new_work(circles, expected, rules)
        floor = screen.floors[0]
        best[centre] = _search_centre(
            table, centre, problem, work, floor, place[centre]
        )
    return best, place


@njit(cache=True, parallel=True)
def scan_tables(
    tables: Singles,
    circles: Circles,
    expected: Expectation,
    rules: Rules,
    screen: Screen,
) -> Floats:  # pragma: no cover - compiled
    """Best ratio of each table, the first floor if none is above."""
    best = np.zeros(len(tables))
    for number in prange(len(tables)):
        problem = Problem(circles, expected, rules, screen)
        work = _new_work(circles, expected, rules)
        place = np.zeros(3, np.int64)
        found = screen.floors[0]
        for centre in range(len(circles.centres) - 1):
            found = _search_centre(tables[number], centre, problem, work, found, place)
        best[number] = found
    return best


@njit(cache=True)
def group_circles(
    mass: Floats, firsts: Longs, loss: float
) -> tuple[Longs, Longs]:  # pragma: no cover - compiled
    """First circle of each group, and first group of each centre.

    In a group the mass grows by no more than `loss` standard deviations of it.
    """
    groups = np.empty(len(mass) + 1, np.int64)
    centres = np.empty(len(firsts), np.int64)
    found = 0
    for centre in range(len(firsts) - 1):
        centres[centre] = found
        smallest = -1.0
        for circle in range(firsts[centre], firsts[centre + 1]):
            grown = mass[circle] - smallest
            if smallest < 0 or grown > loss * np.sqrt(smallest):
                groups[found] = circle
                found += 1
                smallest = mass[circle]
    centres[len(firsts) - 1] = found
    groups[found] = len(mass)
    return groups[: found + 1].copy(), centres
