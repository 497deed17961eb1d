"""Whether high and low values lie together in a whole territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.weights import Sparse, SpatialWeights, as_weights

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# Sums of the same numbers in another order differ in their last digits.
_TIE = 1e-12
# Shuffles whose lags are taken together, so that each link is read once for all.
_CHUNK = 64


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
        If a value is not finite, all are equal, sizes differ, no place has a neighbour,
        or `permutations` is negative.

    Notes
    -----
    :math:`I = \\frac{n}{S_0} \\frac{z' W z}{z' z}` with :math:`z` the deviations from
    the mean and :math:`S_0` the sum of the weights. The two-sided pseudo p-value is
    twice the smaller of :math:`(1 + \\#\\{I^* \\ge I\\})/(1 + R)` and its mirror; equal
    ones count on both sides. Places without neighbours count in n, as in esda; R's
    spdep leaves them out of n unless told otherwise.

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
    matrix, z = deviations(values, weights)
    if permutations < 0:
        message = f"permutations must be zero or more, not {permutations}"
        raise ValueError(message)
    if matrix.is_alone.all():
        message = "weights must give at least one place a neighbour"
        raise ValueError(message)
    sparse = matrix.to_sparse()
    scale = matrix.count / matrix.weights.sum() / (z @ z)
    statistic = float(scale * (z @ (sparse @ z)))
    rng = rng if rng is not None else np.random.default_rng()
    shuffled = scale * _shuffled_products(z, sparse, permutations, rng)
    expected = -1 / (matrix.count - 1)
    return MoranTest(
        statistic=statistic,
        expected=expected,
        p_value=_two_sided(shuffled >= statistic - _TIE, shuffled <= statistic + _TIE),
        p_normal=_normal_p(sparse, statistic, expected),
        permutations=permutations,
    )


def _shuffled_products(
    z: Floats, sparse: Sparse, permutations: int, rng: np.random.Generator
) -> Floats:
    """z'Wz of each shuffle of z."""
    products = np.empty(permutations)
    for start in range(0, permutations, _CHUNK):
        some = products[start : start + _CHUNK]
        orders = np.ascontiguousarray(np.array([rng.permutation(z) for _ in some]).T)
        some[:] = (orders * (sparse @ orders)).sum(axis=0)
    return products


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
    if variance < _TIE:
        # Where all are neighbours of all, no order of the values changes anything.
        return 1.0
    return float(2 * norm.sf(abs(statistic - expected) / np.sqrt(variance)))


def deviations(
    values: ArrayLike, weights: SpatialWeights | ArrayLike
) -> tuple[SpatialWeights, Floats]:
    """The weights, and the values less their mean, both checked."""
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
