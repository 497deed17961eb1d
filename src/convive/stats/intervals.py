"""Exact limits for counts of events."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

# Counts of municipal tables are small: their limits are computed once and looked up.
_TABLE_SIZE = 4096


@dataclass(frozen=True)
class PoissonInterval:
    """A count with its exact limits; the arrays share one shape."""

    estimate: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {
            "estimate": self.estimate,
            "lower": self.lower,
            "upper": self.upper,
        }
        return pl.DataFrame({k: np.atleast_1d(v).ravel() for k, v in columns.items()})


def poisson_interval(count: ArrayLike, level: float = 0.95) -> PoissonInterval:
    """Exact interval of Garwood (1936) for the mean of a Poisson count.

    Parameters
    ----------
    count : array_like of int, any shape
        Events observed; NaN stands for a withheld or missing count.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    PoissonInterval
        `estimate`, `lower` and `upper`, in events, of the shape of `count`.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or the level is not in (0, 1).

    Notes
    -----
    With :math:`\\alpha = 1 - level` and :math:`k` events,
    :math:`\\tfrac12 \\chi^2_{\\alpha/2,\\,2k} \\le \\mu \\le
    \\tfrac12 \\chi^2_{1-\\alpha/2,\\,2k+2}`; the lower limit of 0 events is 0.

    References
    ----------
    Garwood F. (1936). Fiducial limits for the Poisson distribution.
    Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> interval = poisson_interval([0, 10])
    >>> interval.lower.round(4).tolist(), interval.upper.round(4).tolist()
    ([0.0, 4.7954], [3.6889, 18.3904])
    """
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    estimate = np.asarray(count, dtype=np.float64)
    known = ~np.isnan(estimate)
    if np.any(estimate[known] < 0) or np.any(estimate[known] % 1 != 0):
        message = "counts must be whole numbers, zero or more"
        raise ValueError(message)
    lower, upper = _limits(estimate, known, level)
    return PoissonInterval(estimate, lower, upper)


def _limits(
    estimate: NDArray[np.float64], known: NDArray[np.bool_], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    table_lower, table_upper = _table(level)
    if estimate.size and known.all() and estimate.max() < _TABLE_SIZE:
        index = estimate.astype(np.int32)
        return table_lower[index], table_upper[index]
    lower = np.full(estimate.shape, np.nan)
    upper = np.full(estimate.shape, np.nan)
    small = known & (estimate < _TABLE_SIZE)
    index = estimate[small].astype(np.int32)
    lower[small], upper[small] = table_lower[index], table_upper[index]
    large = known & ~small
    lower[large], upper[large] = _garwood(estimate[large], level)
    return lower, upper


@functools.lru_cache(maxsize=8)
def _table(level: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    limits = _garwood(np.arange(_TABLE_SIZE, dtype=np.float64), level)
    for limit in limits:
        limit.flags.writeable = False
    return limits


def _garwood(
    count: NDArray[np.float64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # gammaincinv is chi2.ppf without the machinery of a distribution object.
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    lower = np.zeros_like(count)
    some = count > 0
    lower[some] = gammaincinv(count[some], tail)
    upper = np.asarray(gammaincinv(count + 1, 1 - tail), dtype=np.float64)
    return lower, upper
