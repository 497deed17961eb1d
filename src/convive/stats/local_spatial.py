"""Which places have high or low surroundings: hot spots, cold spots and outliers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.false_discovery import false_discovery_threshold
from convive.stats.neighbour_sums import drawn_tails, exact_tails
from convive.stats.spatial import deviations

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.weights import SpatialWeights

    Floats = NDArray[np.float64]

# By whether the place and whether its surroundings are above the mean.
_QUADRANTS = np.array(["low-low", "low-high", "high-low", "high-high"])


@dataclass(frozen=True)
class LocalStatistic:
    """A statistic of each place; NaN where it has no neighbour.

    `p_value` is two-sided; `p_upper` and `p_lower` are those of high and low
    surroundings.
    """

    statistic: Floats
    p_value: Floats
    p_upper: Floats
    p_lower: Floats

    def is_significant(
        self, level: float = 0.05, *, false_discovery: bool = True
    ) -> NDArray[np.bool_]:
        """Which places to call significant, two-sided.

        `level` is the share of false ones expected among those called so, after
        Benjamini and Hochberg (1995), or that of each place by itself.
        """
        if not false_discovery and not 0 < level < 1:
            message = f"level must lie between 0 and 1, not {level}"
            raise ValueError(message)
        limit = level
        if false_discovery:
            limit = false_discovery_threshold(self.p_value, level)
        return self.p_value <= limit

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(dict(vars(self)))


@dataclass(frozen=True)
class LocalMoran(LocalStatistic):
    """Local Moran of each place, and how it stands in its surroundings.

    `quadrant` is 'high-high', 'low-low', 'high-low' (a high place in low surroundings)
    or 'low-high', and empty where a place has no neighbour.
    """

    quadrant: NDArray[np.str_]


def local_moran(
    values: ArrayLike,
    weights: SpatialWeights | ArrayLike,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
    *,
    exact: bool = False,
) -> LocalMoran:
    """Local indicator of spatial association of Anselin (1995).

    Parameters
    ----------
    values : array_like of float, shape (places,)
        Rates or counts.
    weights : SpatialWeights or matrix, shape (places, places)
        They are row-standardised; a place's weight on itself is left out.
    permutations : int
        Draws of each place's neighbours from all others, the place kept as it is.
    rng : numpy.random.Generator, optional
        Source of the draws; a new one if not given.
    exact : bool
        Work out the p-values of all draws instead, with no seed: for counts, and
        weights that are equal within each row.

    Returns
    -------
    LocalMoran
        `statistic` above zero where a place is like its surroundings, and `quadrant`.

    Raises
    ------
    ValueError
        If a value is not finite, all are equal, sizes differ, `permutations` is
        negative, or `exact` is asked of what are not counts.

    Notes
    -----
    :math:`I_i = \\frac{z_i}{m_2} \\sum_j w_{ij} z_j` with
    :math:`m_2 = \\sum_i z_i^2 / (n - 1)`, as GeoDa and esda scale it; Anselin's own
    divides by n. A place is high when above the mean. The one-sided p-values are
    :math:`(1 + \\#\\{L^* \\ge L_i\\})/(1 + R)`, with :math:`L_i = \\sum_j w_{ij} z_j`,
    and its mirror; `p_value` is twice the smaller one. Equal sums count on both sides,
    so that with small counts the test is cautious: it calls fewer than its level. All
    places share the same draws, as in esda, and with them the error of chance: where it
    matters, ask for `exact` or for more draws.

    References
    ----------
    Anselin L. (1995). Local indicators of spatial association. Geographical Analysis
    27(2), 93-115.

    Examples
    --------
    >>> from convive.stats import spatial_weights
    >>> line = spatial_weights([[0, 0], [1, 0], [2, 0], [3, 0]], within_m=1)
    >>> local_moran([1, 2, 3, 4], line, 0).statistic.round(3).tolist()
    [0.45, 0.15, 0.15, 0.45]
    """
    given, z = deviations(values, weights)
    others = given.without_self().row_standardised()
    lag = others.to_sparse() @ z
    statistic = z * lag * (len(z) - 1) / (z @ z)
    tails = _tails(values, others, permutations, rng, exact)
    quadrant = np.where(others.is_alone, "", _QUADRANTS[2 * (z > 0) + (lag > 0)])
    return LocalMoran(*_masked(others, statistic, *tails), quadrant)


def getis_ord_g_star(
    values: ArrayLike,
    weights: SpatialWeights | ArrayLike,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
    *,
    exact: bool = False,
) -> LocalStatistic:
    """Gi* statistic of Ord and Getis (1995), as a standard score.

    Parameters
    ----------
    values : array_like of float, shape (places,)
        Rates or counts.
    weights : SpatialWeights or matrix, shape (places, places)
        Usually binary. A place that has no weight on itself gets one of 1.
    permutations : int
        Draws of each place's neighbours from all others, the place kept as it is.
    rng : numpy.random.Generator, optional
        Source of the draws; a new one if not given.
    exact : bool
        Work out the p-values of all draws instead, with no seed: for counts, and
        weights that are equal within each row.

    Returns
    -------
    LocalStatistic
        `statistic` high in hot spots and low in cold ones.

    Raises
    ------
    ValueError
        If a value is not finite, all are equal, sizes differ, `permutations` is
        negative, or `exact` is asked of what are not counts.

    Notes
    -----
    :math:`G_i^* = \\frac{\\sum_j w_{ij} x_j - \\bar x W_i}
    {s \\sqrt{(n \\sum_j w_{ij}^2 - W_i^2)/(n - 1)}}` with
    :math:`W_i = \\sum_j w_{ij}`, the place itself included. P-values are those of
    `local_moran`: they ask whether the surroundings are unusual beside the place, not
    how far the standard score is from zero.

    References
    ----------
    Ord J. K., Getis A. (1995). Local spatial autocorrelation statistics: distributional
    issues and an application. Geographical Analysis 27(4), 286-306.

    Examples
    --------
    >>> from convive.stats import spatial_weights
    >>> line = spatial_weights([[0, 0], [1, 0], [2, 0], [3, 0]], within_m=1)
    >>> getis_ord_g_star([1, 1, 1, 9], line, 0).statistic.round(3).tolist()
    [-1.0, -1.732, 0.577, 1.0]
    """
    given, z = deviations(values, weights)
    matrix = given.with_self()
    sparse = matrix.to_sparse()
    total, squares = sparse.sum(axis=1), sparse.multiply(sparse).sum(axis=1)
    spread = np.sqrt(z @ z / len(z))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt((len(z) * squares - total**2) / (len(z) - 1))
        statistic = (sparse @ z) / (spread * scale)
    others = matrix.without_self().row_standardised()
    tails = _tails(values, others, permutations, rng, exact)
    return LocalStatistic(*_masked(others, statistic, *tails))


def _tails(
    values: ArrayLike,
    others: SpatialWeights,
    permutations: int,
    rng: np.random.Generator | None,
    exact: bool,
) -> tuple[Floats, Floats]:
    x = np.asarray(values, dtype=np.float64)
    return (
        exact_tails(x, others) if exact else drawn_tails(x, others, permutations, rng)
    )


def _masked(
    others: SpatialWeights, statistic: Floats, upper: Floats, lower: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    both = np.minimum(1.0, 2 * np.minimum(upper, lower))
    known = np.where(others.is_alone, np.nan, 1.0)
    return statistic * known, both * known, upper * known, lower * known
