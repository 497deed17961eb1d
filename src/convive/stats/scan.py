"""Where and when cases lie closer together than places and days alone explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convive.stats.scan_input import Limits, positions, single_cases, study_period
from convive.stats.scan_search import Chance, Model, ScanResult, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Longs = NDArray[np.int64]
    Singles = NDArray[np.float32]
    Seeds = NDArray[np.uint64]


def space_time_permutation_scan(
    area: ArrayLike,
    day: ArrayLike,
    xy_m: ArrayLike,
    max_cases: float = 0.5,
    max_days: int | None = None,
    replications: int = 999,
    rng: np.random.Generator | None = None,
    *,
    prospective: bool = False,
    first_day: int | None = None,
    last_day: int | None = None,
    min_cases: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> ScanResult:
    """Space-time permutation scan statistic of Kulldorff et al. (2005).

    Parameters
    ----------
    area : array_like of int, shape (cases,)
        Row of each case's area in `xy_m`.
    day : array_like of int, shape (cases,)
        Whole day (or week, or month) of each case, counted from any day.
    xy_m : array_like of float, shape (areas, 2)
        Positions of the areas in metres.
    max_cases : float
        Largest share of all cases in a circle, up to 0.5.
    max_days : int, optional
        Longest window; half of the study period if not given, as in SaTScan.
    replications : int
        Shuffles of the days over the cases.
    rng : numpy.random.Generator, optional
        Source of the shuffles; a new one if not given.
    prospective : bool
        Look only at windows that end on the last day: what is going on now.
    first_day, last_day : int, optional
        Study period; from the first to the last case if not given.
    min_cases : int
        Fewest cases of a cluster.
    progress : callable, optional
        Called with replications done and in all.

    Returns
    -------
    ScanResult
        `clusters` without a common area, the most likely first, and the replicates'
        `maxima`. No `relative_risk` is defined.

    Raises
    ------
    ValueError
        If shapes do not match, a value is not finite or not whole, an area is not a
        row of `xy_m`, a day is outside the study period, all cases are in one area or
        on one day, or a limit is out of range.

    Notes
    -----
    Each area is the centre of circles that reach from area to area, those equally far
    at once. With :math:`c_z` of :math:`C` cases in circle :math:`z` and :math:`c_d` on
    the days :math:`d`, a cylinder with :math:`c` cases has
    :math:`\\mu = c_z c_d / C` expected, and the ratio

    .. math:: c \\log\\frac{c}{\\mu} + (C - c) \\log\\frac{C - c}{C - \\mu}

    if :math:`c > \\mu`, else 0. With :math:`R` shuffles, :math:`p = (1 + \\#\\{maximum
    \\ge ratio\\})/(1 + R)`; the Gumbel p-value, from their mean and spread (Abrams et
    al., 2010), goes below :math:`1/(1 + R)`. Each centre offers its best cylinder;
    those that share an area with a more likely one are left out, and the p-values of
    the others are conservative. No population is needed, but a rise in the whole
    region goes unseen, and areas that grow at different speeds look like clusters.

    References
    ----------
    Kulldorff M., Heffernan R., Hartman J., Assunção R., Mostashari F. (2005). A
    space-time permutation scan statistic for disease outbreak detection. PLoS
    Medicine 2(3), e59.
    Abrams A. M., Kleinman K., Kulldorff M. (2010). Gumbel based p-value
    approximations for spatial scan statistics. International Journal of Health
    Geographics 9, 61.

    Examples
    --------
    >>> day = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7, 9, 5, 5, 5, 6, 6]
    >>> area = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]
    >>> places = [[0, 0], [1000, 0], [5000, 0]]
    >>> found = space_time_permutation_scan(
    ...     area, day, places, replications=99, rng=np.random.default_rng(1)
    ... ).clusters[0]
    >>> found.areas.tolist(), found.start, found.end, found.observed, found.expected
    ([2], 5, 6, 5, 2.1875)
    """
    xy = positions(xy_m)
    areas, days = single_cases(area, day, len(xy))
    first, last = study_period(days, first_day, last_day)
    cases = np.zeros((len(xy), last - first + 1))
    np.add.at(cases, (areas, days - first), 1)
    here, then = cases.sum(axis=1), cases.sum(axis=0)
    model = Model(
        xy_m=xy,
        cases=cases,
        expected=np.outer(here, then) / len(areas),
        inhabitants=here,
        draw=_shuffler(areas, days - first, cases.shape),
        first_period=first,
        has_risk=False,
    )
    limits = Limits(
        ("max_cases", max_cases), ("max_days", max_days), prospective, min_cases
    )
    return search(model, limits, Chance(replications, rng, progress))


def _shuffler(
    area: Longs, day: Longs, shape: tuple[int, int]
) -> Callable[[Seeds], Singles]:
    def draw(seeds: Seeds) -> Singles:
        from convive.stats._kernels.scan_draws import shuffled_days

        where, when = area.astype(np.int32), day.astype(np.int32)
        return shuffled_days(where, when, shape, seeds)

    return draw
