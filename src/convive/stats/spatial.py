"""Whether high and low values lie together, overall and place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.weights import Sparse, SpatialWeights, as_weights, from_sparse

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# Sums of the same numbers in another order differ in their last digits.
_TIE = 1e-9


@dataclass(frozen=True)
class MoranTest:
    """Global spatial autocorrelation, with its shuffles' and its normal p-value."""

    statistic: float
    expected: float
    p_value: float
    p_normal: float
    permutations: int

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


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

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(dict(vars(self)))


def moran_i(
    values: ArrayLike,
    weights: SpatialWeights | ArrayLike,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> MoranTest:
    """Spatial autocorrelation I of Moran (1950).

    Parameters
    ----------
    values : array_like of float, shape (places,)
        Rates or counts.
    weights : SpatialWeights or matrix, shape (places, places)
        Row-standardise them first unless links should count by their number.
    permutations : int
        Shuffles of the values over the places.
    rng : numpy.random.Generator, optional
        Source of the shuffles; a new one if not given.

    Returns
    -------
    MoranTest
        `statistic`, its `expected` value -1/(n - 1), the two-sided pseudo `p_value`
        of the shuffles and the two-sided `p_normal` of Cliff and Ord (1981).

    Raises
    ------
    ValueError
        If a value is not finite, all are equal, or the sizes differ.

    Notes
    -----
    :math:`I = \\frac{n}{S_0} \\frac{z' W z}{z' z}` with :math:`z` the deviations from
    the mean and :math:`S_0` the sum of the weights. The two-sided pseudo p-value is
    twice the smaller of :math:`(1 + \\#\\{I^* \\ge I\\})/(1 + R)` and its mirror.

    References
    ----------
    Moran P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika
    37(1/2), 17-23.
    Cliff A. D., Ord J. K. (1981). Spatial processes: models and applications. Pion.

    Examples
    --------
    >>> from convive.stats import spatial_weights
    >>> line = spatial_weights([[0, 0], [1, 0], [2, 0], [3, 0]], within_m=1)
    >>> round(moran_i([1, 2, 3, 4], line, 0).statistic, 4)
    0.3333
    """
    matrix, z = _checked(values, weights)
    sparse = matrix.to_sparse()
    scale = matrix.count / matrix.weights.sum() / (z @ z)
    statistic = float(scale * (z @ (sparse @ z)))
    rng = rng if rng is not None else np.random.default_rng()
    shuffled = np.empty(permutations)
    for number in range(permutations):
        order = rng.permutation(z)
        shuffled[number] = scale * (order @ (sparse @ order))
    expected = -1 / (matrix.count - 1)
    return MoranTest(
        statistic=statistic,
        expected=expected,
        p_value=float(_two_sided(shuffled >= statistic, shuffled <= statistic)),
        p_normal=_normal_p(sparse, statistic, expected),
        permutations=permutations,
    )


def _two_sided(above: NDArray[np.bool_], below: NDArray[np.bool_]) -> float:
    runs = len(above)
    smaller = min(above.sum(), below.sum())
    return float(min(1.0, 2 * (1 + smaller) / (1 + runs)))


def _normal_p(matrix: Sparse, statistic: float, expected: float) -> float:
    from scipy.stats import norm

    n = matrix.shape[0]
    both = matrix + matrix.T
    s0, s1 = matrix.sum(), both.multiply(both).sum() / 2
    s2 = ((matrix.sum(axis=0) + matrix.sum(axis=1)) ** 2).sum()
    variance = (n * n * s1 - n * s2 + 3 * s0**2) / ((n * n - 1) * s0**2) - expected**2
    return float(2 * norm.sf(abs(statistic - expected) / np.sqrt(variance)))


def local_moran(
    values: ArrayLike,
    weights: SpatialWeights | ArrayLike,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> LocalStatistic:
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

    Returns
    -------
    LocalStatistic
        `statistic` above zero where a place is like its surroundings.

    Raises
    ------
    ValueError
        If a value is not finite, all are equal, or the sizes differ.

    Notes
    -----
    :math:`I_i = \\frac{z_i}{m_2} \\sum_j w_{ij} z_j` with
    :math:`m_2 = \\sum_i z_i^2 / (n - 1)`, as GeoDa and esda scale it; Anselin's own
    divides by n.

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
    given, z = _checked(values, weights)
    matrix = _without_self(given).row_standardised()
    lag = matrix.to_sparse() @ z
    statistic = z * lag * (len(z) - 1) / (z @ z)
    upper, lower = _tails(z, matrix, lag, permutations, rng)
    return _local(matrix, statistic, upper, lower)


def getis_ord_g_star(
    values: ArrayLike,
    weights: SpatialWeights | ArrayLike,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
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

    Returns
    -------
    LocalStatistic
        `statistic` high in hot spots and low in cold ones.

    Raises
    ------
    ValueError
        If a value is not finite, all are equal, or the sizes differ.

    Notes
    -----
    :math:`G_i^* = \\frac{\\sum_j w_{ij} x_j - \\bar x W_i}
    {s \\sqrt{(n \\sum_j w_{ij}^2 - W_i^2)/(n - 1)}}` with
    :math:`W_i = \\sum_j w_{ij}`, the place itself included.

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
    given, z = _checked(values, weights)
    matrix = given if given.to_sparse().diagonal().all() else given.with_self()
    sparse = matrix.to_sparse()
    total, squares = sparse.sum(axis=1), sparse.multiply(sparse).sum(axis=1)
    spread = np.sqrt(z @ z / len(z))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt((len(z) * squares - total**2) / (len(z) - 1))
        statistic = (sparse @ z) / (spread * scale)
    others = _without_self(matrix)
    upper, lower = _tails(z, others, others.to_sparse() @ z, permutations, rng)
    return _local(others, statistic, upper, lower)


def _checked(
    values: ArrayLike, weights: SpatialWeights | ArrayLike
) -> tuple[SpatialWeights, Floats]:
    x = np.asarray(values, dtype=np.float64)
    matrix = as_weights(weights)
    if x.shape != (matrix.count,):
        message = f"values must hold one number a place: {matrix.count}, not {x.shape}"
        raise ValueError(message)
    if not np.isfinite(x).all():
        message = "values must be finite; leave out places whose value is unknown"
        raise ValueError(message)
    if len(x) < 3 or np.ptp(x) == 0:
        message = "values must hold three places or more, and not be all equal"
        raise ValueError(message)
    return matrix, x - x.mean()


def _without_self(weights: SpatialWeights) -> SpatialWeights:
    matrix = weights.to_sparse()
    if not matrix.diagonal().any():
        return weights
    matrix.setdiag(0)
    return from_sparse(matrix)


def _tails(
    z: Floats,
    matrix: SpatialWeights,
    lag: Floats,
    permutations: int,
    rng: np.random.Generator | None,
) -> tuple[Floats, Floats]:
    """Pseudo p-values of a neighbourhood sum as high, and as low, as observed."""
    from convive.stats._kernels.draws import equal_tail_counts, tail_counts

    rng = rng if rng is not None else np.random.default_rng()
    degree = np.diff(matrix.starts)
    longest = int(degree.max(initial=0)) + 1
    drawn = np.empty((permutations, longest), dtype=np.int32)
    for head in drawn:
        head[:] = rng.choice(len(z), longest, replace=False)
    own = np.zeros(len(z))
    np.maximum.at(own, np.repeat(np.arange(len(z)), degree), matrix.weights)
    is_even = np.allclose(np.repeat(own, degree), matrix.weights, rtol=1e-12)
    tie = _TIE * float(np.abs(z).max())
    if is_even:
        # Weights that are equal within a row leave the order of its sums as it is.
        sums = lag / np.where(own > 0, own, 1)
        counts = equal_tail_counts(z, degree, sums, drawn, tie * longest)
    else:
        links = matrix.starts, matrix.weights
        counts = tail_counts(z, links, lag, drawn, tie)
    upper, lower = (1 + counts) / (1 + permutations)
    return upper, lower


def _local(
    matrix: SpatialWeights, statistic: Floats, upper: Floats, lower: Floats
) -> LocalStatistic:
    is_alone = np.diff(matrix.starts) == 0
    both = np.minimum(1.0, 2 * np.minimum(upper, lower))
    masked = [
        np.where(is_alone, np.nan, values) for values in (statistic, both, upper, lower)
    ]
    return LocalStatistic(*masked)


def false_discovery_threshold(p_values: ArrayLike, level: float = 0.05) -> float:
    """Largest p-value to call significant, after Benjamini and Hochberg (1995).

    Parameters
    ----------
    p_values : array_like of float, shape (tests,)
        NaN where a test was not made.
    level : float
        Expected share of false ones among those called significant.

    Returns
    -------
    float
        Zero when none may be called so.

    Raises
    ------
    ValueError
        If the level is not in (0, 1) or a p-value lies outside [0, 1].

    Notes
    -----
    The largest :math:`p_{(k)} \\le k \\alpha / m` of the m sorted p-values.

    References
    ----------
    Benjamini Y., Hochberg Y. (1995). Controlling the false discovery rate. Journal of
    the Royal Statistical Society B 57(1), 289-300.

    Examples
    --------
    >>> false_discovery_threshold([0.001, 0.02, 0.9, 0.03])
    0.03
    """
    p = np.asarray(p_values, dtype=np.float64).ravel()
    p = np.sort(p[~np.isnan(p)])
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    if len(p) and (p[0] < 0 or p[-1] > 1):
        message = "p_values must lie between 0 and 1"
        raise ValueError(message)
    passed = np.flatnonzero(p <= level * np.arange(1, len(p) + 1) / max(len(p), 1))
    return float(p[passed[-1]]) if len(passed) else 0.0
