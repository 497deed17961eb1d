"""How far from a common rate places of each size lie by chance alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FunnelLimits:
    """Limits of the rate for each population, of its shape."""

    population: Floats
    expected: Floats
    lower: Floats
    upper: Floats

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(
            {name: np.atleast_1d(value).ravel() for name, value in vars(self).items()}
        )


def funnel_limits(
    population: ArrayLike, rate: float, per: float = 100_000, level: float = 0.95
) -> FunnelLimits:
    """Exact Poisson control limits of a funnel plot, after Spiegelhalter (2005).

    Parameters
    ----------
    population : array_like of float, any shape
        Person-years, above zero.
    rate : float
        The common rate, in events per `per` person-years.
    per : float
        Size of the reference population.
    level : float
        Share of places that chance alone leaves within; 0.95 and 0.998 are usual.

    Returns
    -------
    FunnelLimits
        In events per `per` person-years.

    Raises
    ------
    ValueError
        If a population is not above zero, the rate is negative, or the level is not
        in (0, 1).

    Notes
    -----
    With :math:`r_p` the smallest count whose distribution function reaches p, the limit
    is :math:`(r_p - a) / n`, :math:`a = (P(R \\le r_p) - p) / P(R = r_p)`.

    References
    ----------
    Spiegelhalter D. J. (2005). Funnel plots for comparing institutional performance.
    Statistics in Medicine 24(8), 1185-1202.

    Examples
    --------
    >>> limits = funnel_limits([1_000_000], 50)  # 500 events, give or take 44
    >>> limits.lower.round().tolist(), limits.upper.round().tolist()
    ([46.0], [54.0])
    """
    people = np.asarray(population, dtype=np.float64)
    if not (people > 0).all() or not np.isfinite(people).all():
        message = "population must be finite and above zero"
        raise ValueError(message)
    if not rate >= 0:
        message = f"rate must be zero or more, not {rate}"
        raise ValueError(message)
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    mean = people * rate / per
    tail = (1 - level) / 2
    lower, upper = (_limit(mean, p) / people * per for p in (tail, 1 - tail))
    return FunnelLimits(people, np.full(people.shape, float(rate)), lower, upper)


def _limit(mean: Floats, p: float) -> Floats:
    from scipy.stats import poisson

    count = poisson.ppf(p, mean)
    here = poisson.pmf(count, mean)
    share = np.divide(poisson.cdf(count, mean) - p, here, where=here > 0, out=0 * mean)
    limit: Floats = np.maximum(count - share, 0)
    return limit
