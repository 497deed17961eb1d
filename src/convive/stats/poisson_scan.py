"""Where, and when, rates are higher than elsewhere: of people or of controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convive.stats.scan_input import Limits, amounts, positions, whole_amounts
from convive.stats.scan_search import Chance, Model, ScanResult, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Seeds = NDArray[np.uint64]

# Entries of the table that finds the cell of a random number, for each cell.
_GUIDES_A_CELL = 2


def poisson_scan(
    cases: ArrayLike,
    population: ArrayLike,
    xy_m: ArrayLike,
    max_population: float = 0.5,
    max_periods: int | None = None,
    replications: int = 999,
    rng: np.random.Generator | None = None,
    *,
    expected: ArrayLike | None = None,
    prospective: bool = False,
    min_cases: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> ScanResult:
    """Scan statistic of cases among a population of Kulldorff (1997).

    Parameters
    ----------
    cases : array_like of int, shape (areas,) or (areas, periods)
        Cases of each area, by period if in two dimensions.
    population : array_like of float, of the shape of `cases` or (areas,)
        People of each area; in all periods the same if in one dimension.
    xy_m : array_like of float, shape (areas, 2)
        Positions of the areas in metres.
    max_population : float
        Largest share of the people (over all periods) in a circle, up to 0.5.
    max_periods : int, optional
        Longest window in periods; half of them if not given, as in SaTScan.
    replications : int
        Draws of all cases over areas and periods.
    rng : numpy.random.Generator, optional
        Source of the draws; a new one if not given.
    expected : array_like of float, of the shape of `cases`, optional
        Cases expected, adjusted for age, sex or season; scaled to the sum of the
        cases. In proportion to the population if not given.
    prospective : bool
        Look only at windows that end with the last period.
    min_cases : int
        Fewest cases of a cluster.
    progress : callable, optional
        Called with replications done and in all.

    Returns
    -------
    ScanResult
        `clusters` without a common area, the most likely first, and the replicates'
        `maxima`. Periods are counted from 0.

    Raises
    ------
    ValueError
        If shapes do not match, a value is not finite or negative, cases are not whole
        or fewer than two, an area has no people, a case falls where none is expected,
        or a limit is out of range.

    Notes
    -----
    The ratio is that of `space_time_permutation_scan`, with the expectation
    :math:`\\mu` in proportion to the population, or as given. With one period the
    clusters are circles; with several they are cylinders over at most `max_periods`.
    Replicates are multinomial: the sum of the cases is kept. Only high rates are
    looked for. Rates that differ for reasons unknown to `expected` (age, a trend)
    are found as clusters.

    References
    ----------
    Kulldorff M. (1997). A spatial scan statistic. Communications in Statistics:
    Theory and Methods 26(6), 1481-1496.
    Kulldorff M. (2001). Prospective time periodic geographical disease surveillance
    using a scan statistic. Journal of the Royal Statistical Society A 164(1), 61-72.

    Examples
    --------
    >>> cases, people = [4, 5, 30, 28, 6], [10_000] * 5
    >>> places = [[0, 0], [1000, 0], [2100, 0], [3000, 0], [4500, 0]]
    >>> result = poisson_scan(
    ...     cases, people, places, replications=999, rng=np.random.default_rng(1)
    ... )
    >>> most = result.clusters[0]
    >>> most.areas.tolist(), most.observed, most.expected, most.p_value
    ([2, 3], 58, 29.2, 0.001)
    """
    xy = positions(xy_m)
    seen = whole_amounts(cases, "cases", len(xy))
    people = _people(population, seen)
    due = people if expected is None else amounts(expected, "expected", len(xy))
    if due.shape != seen.shape or (seen[due == 0] > 0).any() or not due.sum() > 0:
        message = "expected must have the shape of cases and be above zero at any case"
        raise ValueError(message)
    due = due * (seen.sum() / due.sum())
    model = Model(
        xy_m=xy,
        cases=seen,
        expected=due,
        inhabitants=people.sum(axis=1),
        draw=_multinomial(due, int(seen.sum())),
    )
    limits = Limits(
        ("max_population", max_population),
        ("max_periods", max_periods),
        prospective,
        min_cases,
    )
    return search(model, limits, Chance(replications, rng, progress))


def bernoulli_scan(
    cases: ArrayLike,
    controls: ArrayLike,
    xy_m: ArrayLike,
    max_population: float = 0.5,
    max_periods: int | None = None,
    replications: int = 999,
    rng: np.random.Generator | None = None,
    *,
    prospective: bool = False,
    min_cases: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> ScanResult:
    """Scan statistic of cases among cases and controls of Kulldorff (1997).

    Parameters
    ----------
    cases, controls : array_like of int, shape (areas,) or (areas, periods)
        Those with and without the feature in question, by area and period: of all
        robberies those with a firearm, and those without.
    xy_m : array_like of float, shape (areas, 2)
        Positions of the areas in metres.
    max_population : float
        Largest share of cases and controls in a circle, up to 0.5.
    max_periods : int, optional
        Longest window in periods; half of them if not given, as in SaTScan.
    replications : int
        Draws of the cases among cases and controls.
    rng : numpy.random.Generator, optional
        Source of the draws; a new one if not given.
    prospective : bool
        Look only at windows that end with the last period.
    min_cases : int
        Fewest cases of a cluster.
    progress : callable, optional
        Called with replications done and in all.

    Returns
    -------
    ScanResult
        `clusters` without a common area, the most likely first, and the replicates'
        `maxima`. Periods are counted from 0.

    Raises
    ------
    ValueError
        If shapes do not match, a value is not whole, not finite or negative, there
        are fewer than two cases or no controls, or a limit is out of range.

    Notes
    -----
    With :math:`c` of :math:`C` cases among :math:`n` of :math:`N` people inside and
    :math:`\\mu = nC/N`, the ratio is the sum of :math:`k \\log(k/e)` over cases and
    controls inside and outside, :math:`e` being what each would be at equal shares,
    if :math:`c > \\mu`, else 0. Replicates keep all people where they are and draw
    the cases among them (hypergeometric). Exchange cases and controls to look for
    low shares.

    References
    ----------
    Kulldorff M. (1997). A spatial scan statistic. Communications in Statistics:
    Theory and Methods 26(6), 1481-1496.

    Examples
    --------
    >>> armed, unarmed = [2, 3, 15, 14, 2], [18, 17, 5, 6, 18]
    >>> places = [[0, 0], [1000, 0], [2100, 0], [3000, 0], [4500, 0]]
    >>> result = bernoulli_scan(
    ...     armed, unarmed, places, replications=999, rng=np.random.default_rng(1)
    ... )
    >>> most = result.clusters[0]
    >>> most.areas.tolist(), most.observed, round(most.expected, 1), most.p_value
    ([2, 3], 29, 14.4, 0.001)
    """
    xy = positions(xy_m)
    seen = whole_amounts(cases, "cases", len(xy))
    others = whole_amounts(controls, "controls", len(xy))
    if others.shape != seen.shape:
        message = f"controls must have the shape of cases, {seen.shape}"
        raise ValueError(message)
    people = seen + others
    model = Model(
        xy_m=xy,
        cases=seen,
        expected=people * (seen.sum() / people.sum()),
        inhabitants=people.sum(axis=1),
        draw=_hypergeometric(people, int(seen.sum())),
        people=float(people.sum()),
    )
    limits = Limits(
        ("max_population", max_population),
        ("max_periods", max_periods),
        prospective,
        min_cases,
    )
    return search(model, limits, Chance(replications, rng, progress))


def _people(population: ArrayLike, cases: Floats) -> Floats:
    people = amounts(population, "population", len(cases))
    if people.shape[1] == 1:
        people = np.broadcast_to(people, cases.shape)
    if people.shape != cases.shape:
        message = f"population must have the shape of cases, {cases.shape}"
        raise ValueError(message)
    if not (people.sum(axis=1) > 0).all():
        message = "population must be above zero in every area; leave out empty ones"
        raise ValueError(message)
    return people


def _multinomial(due: Floats, cases: int) -> Callable[[Seeds], Singles]:
    limits, guide = _guide(due)

    def draw(seeds: Seeds) -> Singles:
        from convive.stats._kernels.scan_draws import drawn_cells

        return drawn_cells(limits, guide, cases, due.shape, seeds)

    return draw


def _guide(due: Floats) -> tuple[Floats, NDArray[np.int32]]:
    """Cumulative shares of the cells, and where to look for a random number in them."""
    limits = due.cumsum() / due.sum()
    # A random number is below 1, and so falls in a cell where cases are expected.
    limits[np.flatnonzero(due)[-1] :] = 1.0
    steps = np.linspace(0, 1, _GUIDES_A_CELL * due.size, endpoint=False)
    return limits, np.searchsorted(limits, steps, side="right").astype(np.int32)


def _hypergeometric(people: Floats, cases: int) -> Callable[[Seeds], Singles]:
    cells = np.repeat(
        np.arange(people.size, dtype=np.int32), people.ravel().astype(int)
    )

    def draw(seeds: Seeds) -> Singles:
        from convive.stats._kernels.scan_draws import drawn_people

        return drawn_people(cells, cases, people.shape, seeds)

    return draw
