"""Circles around every area, and what of a cylinder is known before any case is drawn.

Cases expected do not change from one replicate to the next; so neither does the
excess over them that a cylinder needs, which is what the search is screened with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.stats._kernels.scan import Circles, Expectation, Rules, Screen

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]

# Ratios from which the screen can start anew as a better cylinder is found.
_FLOORS = np.concatenate([[0.0], np.geomspace(0.5, 50.0, 35)])
# Steps between the masses and expectations for which a needed excess is tabled.
_STEP = 1.08
_HALVINGS = 14
# Steps of the tables and sums in 32 bits are rounded to the side of looking closer.
_CARE = 0.995
_SINGLE_ERROR = 1e-6
# A screened group of circles grows by this many standard deviations of its cases.
_GROUP_GROWTH = 2.0
# Beyond this share of the cases an expectation leaves no excess to look for.
_MOST_OF_ALL = 1 - 1e-9
_SMALLEST_SHARE = 1e-12
_TIE = 1e-12


class Cylinders(NamedTuple):
    """The four parts that the loops of the search take."""

    circles: Circles
    expected: Expectation
    rules: Rules
    screen: Screen


class Nested(NamedTuple):
    """Closed circles of each centre from small to large, centre after centre."""

    order: Ints  # (centres, areas) from near to far
    sizes: Ints  # areas in each circle
    firsts: Longs  # first circle of each centre, and the end of the last
    radii_m: Floats


def nested_circles(xy_m: Floats, people: Floats, share: float) -> Nested:
    """Circles of at most a share of the people; areas equally far enter together."""
    from scipy.spatial.distance import cdist

    apart = cdist(xy_m, xy_m)
    order = np.argsort(apart, axis=1, kind="stable").astype(np.int32)
    apart = np.take_along_axis(apart, order, axis=1)
    held = people[order].cumsum(axis=1)
    is_circle = held <= share * people.sum() * (1 + _TIE)
    is_circle[:, :-1] &= apart[:, 1:] > apart[:, :-1] * (1 + _TIE)
    sizes = (np.nonzero(is_circle)[1] + 1).astype(np.int32)
    firsts = np.concatenate([[0], is_circle.sum(axis=1).cumsum()])
    most = int(sizes.max(initial=1))
    return Nested(order[:, :most].copy(), sizes, firsts, apart[is_circle])


def before_each(values: Floats, rules: Rules) -> Floats:
    """Sums of each area before every period, from the first that a window may hold."""
    sums = np.pad(values.cumsum(axis=1), ((0, 0), (1, 0)))
    return sums[:, values.shape[1] - rules.periods :]


def cylinders(nested: Nested, before: Floats, rules: Rules) -> Cylinders:
    """Prepare the search for cases expected of each area before every period."""
    from convive.stats._kernels.scan import Circles, Screen, group_circles

    weight = before[:, -1]
    clocks = before[weight > 0] / weight[weight > 0, None]
    clock = before.sum(axis=0) / weight.sum()
    is_shared = np.abs(clocks - clock).max() < _TIE
    clocks = clock[None] if is_shared else clocks
    centre = np.repeat(np.arange(len(nested.order)), np.diff(nested.firsts))
    mass = weight[nested.order].cumsum(axis=1)[centre, nested.sizes - 1]
    peaks = _peaks(clocks, rules)
    groups, centres = group_circles(mass * peaks[-1], nested.firsts, _GROUP_GROWTH)
    masses = _steps(mass[mass > 0].min(initial=1), mass.max(initial=1))
    bars, least = _bars(np.outer(masses, peaks), rules)
    grade = np.searchsorted(masses, mass)
    return Cylinders(
        Circles(nested.order, nested.sizes, mass, grade, groups, centres),
        _expectation(before, clock, is_shared=is_shared),
        rules,
        Screen(
            _FLOORS,
            bars,
            least,
            _roots(clocks, rules),
            clock.astype(np.float32),
            np.float32(rules.cases * _SINGLE_ERROR),
        ),
    )


def _expectation(before: Floats, clock: Floats, *, is_shared: bool) -> Expectation:
    from convive.stats._kernels.scan import Expectation

    return Expectation(clock, before[:0] if is_shared else before)


def _steps(low: float, high: float) -> Floats:
    count = int(np.ceil(np.log(high / low) / np.log(_STEP))) + 2
    return np.float64(low) * np.float64(_STEP) ** np.arange(count)


def _peaks(clocks: Floats, rules: Rules) -> Floats:
    """Largest share of any area in a window of each family, and never none."""
    last = clocks.shape[1] - 1
    ends = np.minimum(rules.lengths + rules.widths - 1, last)
    shares = [(clocks[:, end:] - clocks[:, : last + 1 - end]).max() for end in ends]
    return np.maximum(shares, _SMALLEST_SHARE)


def _roots(clocks: Floats, rules: Rules) -> NDArray[np.float32]:
    """Root of the smallest share of any area in a family's windows, by first period."""
    last = clocks.shape[1] - 1
    roots = np.zeros((len(rules.lengths), last), dtype=np.float32)
    for family, length in enumerate(rules.lengths):
        share = (clocks[:, length:] - clocks[:, :-length]).min(axis=0)
        roots[family, : last + 1 - length] = np.sqrt(np.maximum(share, 0))
    return roots


def _bars(
    largest: Floats, rules: Rules
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Roots of the screen's steepness, by floor, for expectations up to the largest.

    A cylinder with the excess e is under the floor if e^2 < steepness x expected.
    What is needed falls as the expectation grows, so the largest decides.
    """
    due = _steps(largest.min() * 1e-3, largest.max())
    due = np.minimum(due, rules.cases * _MOST_OF_ALL)
    excess = _needed(due, rules)
    steepness = np.minimum.accumulate(excess**2 / due, axis=1)
    step = np.minimum(np.searchsorted(due, largest), len(due) - 1)
    bars = np.sqrt(steepness[:, step]) * _CARE
    return bars.astype(np.float32), (excess.min(axis=1) * _CARE).astype(np.float32)


def _needed(due: Floats, rules: Rules) -> Floats:
    """Excess with which each expectation (columns) reaches each floor (rows)."""
    from convive.stats._kernels.scan_ratio import score_plainly

    cases, people = rules.cases, rules.people
    floors = _FLOORS[:, None]
    # The ratio is at most the chi-square of the same table.
    whole = cases if people == np.inf else cases * people / (people - cases)
    low = np.sqrt(floors * due * (cases - due) / whole)
    most = np.minimum(cases, due * (people / cases)) - due
    high = np.maximum(most, low)
    for _halving in range(_HALVINGS):
        middle = np.minimum(np.sqrt(low * high), most)
        is_over = score_plainly(due + middle, due, cases, people) >= floors
        low, high = np.where(is_over, low, middle), np.where(is_over, middle, high)
    is_out_of_reach = score_plainly(due + most, due, cases, people) < floors
    # What cannot be reached needs more cases than there are.
    low = np.where(is_out_of_reach, cases, low)
    return np.maximum(low, rules.min_cases - due)
