"""Control limits of funnel plots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.intervals import check_level, check_per

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class FunnelLimits:
    """Where the rates of units of a population lie if all share one rate."""

    population: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(
            {name: np.atleast_1d(value).ravel() for name, value in vars(self).items()}
        )


def funnel_limits(
    rate: float, population: ArrayLike, level: float = 0.95, per: float = 100_000
) -> FunnelLimits:
    """Exact Poisson control limits of Spiegelhalter (2005) around a shared rate.

    Parameters
    ----------
    rate : float
        The target, in events per `per` person-years.
    population : array_like of float, any shape
        Person-years of each unit, above 0.
    level : float
        Share of units expected between the limits when only chance tells them apart.
    per : float
        Size of the reference population.

    Returns
    -------
    FunnelLimits
        `lower` and `upper` in events per `per`, of the shape of `population`.

    Raises
    ------
    ValueError
        If the rate is not above 0, a population is not above 0, or the level is not
        in (0, 1).

    Notes
    -----
    With :math:`\\mu = rate \\cdot n / per` and :math:`r` the least count with
    :math:`P(X \\le r) > p`, the limit is :math:`(r - \\alpha) \\cdot per / n` where
    :math:`\\alpha = (P(X \\le r) - p) / P(X = r)`: counts are whole, so the limit is
    interpolated between two of them. It is 0 where :math:`r - \\alpha` is below 0.

    References
    ----------
    Spiegelhalter D. J. (2005). Funnel plots for comparing institutional performance.
    Statistics in Medicine 24(8), 1185-1202, appendix A.1.1.

    Examples
    --------
    >>> limits = funnel_limits(20, [50_000, 500_000])
    >>> limits.lower.round(1).tolist(), limits.upper.round(1).tolist()
    ([7.6, 16.1], [32.3, 23.9])
    """
    persons = np.asarray(population, dtype=np.float64)
    is_finite = np.isfinite(rate) and np.isfinite(persons).all()
    if not rate > 0 or not np.all(persons > 0) or not is_finite:
        message = "the rate and every population must be above zero and finite"
        raise ValueError(message)
    check_level(level)
    check_per(per)
    mean = rate * persons / per
    tail = (1 - level) / 2
    lower, upper = (_interpolated(p, mean) * per / persons for p in (tail, 1 - tail))
    return FunnelLimits(persons, lower, upper)


def _interpolated(p: float, mean: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import pdtr, pdtrik

    # pdtrik inverts the distribution over real counts; the least whole one is above.
    least = np.maximum(np.ceil(np.nan_to_num(pdtrik(p, mean))), 0)
    at = pdtr(least, mean)
    below = np.where(least > 0, pdtr(np.maximum(least - 1, 0), mean), 0)
    share = (at - p) / np.maximum(at - below, np.finfo(float).tiny)
    limit: NDArray[np.float64] = np.maximum(least - share, 0)
    return limit
