"""Rates per population, and how two of them compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.intervals import check_level, check_per, poisson_interval

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Rate:
    """A rate with its exact limits; the arrays share one shape."""

    estimate: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    observed: NDArray[np.float64]
    population: NDArray[np.float64]

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(
            {name: np.atleast_1d(value).ravel() for name, value in vars(self).items()}
        )


@dataclass(frozen=True)
class RateRatio:
    """How many times one rate is another, with its exact limits and p-value."""

    estimate: float
    lower: float
    upper: float
    p_value: float

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


def crude_rate(
    count: ArrayLike,
    population: ArrayLike,
    per: float = 100_000,
    level: float = 0.95,
) -> Rate:
    """Events per population with the exact interval of Garwood (1936).

    Parameters
    ----------
    count : array_like of int, shape (...)
        Events in a period.
    population : array_like of float, shape (...)
        Person-years at risk in it; broadcast against `count`.
    per : float
        Size of the reference population.
    level : float
        Confidence level of the interval.

    Returns
    -------
    Rate
        `estimate`, `lower`, `upper` in events per `per` person-years, and the
        `observed` count and `population`. NaN where the population is 0 or either is
        unknown.

    Raises
    ------
    ValueError
        If a count is negative, infinite or not whole, a population is negative, `per`
        is not above 0 or the level is not in (0, 1).

    Notes
    -----
    :math:`r = per \\cdot k / n`, and the limits of :math:`k` scaled alike.

    References
    ----------
    Garwood F. (1936). Fiducial limits for the Poisson distribution.
    Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> rate = crude_rate(10, 50_000)
    >>> float(rate.estimate), float(rate.lower.round(2)), float(rate.upper.round(2))
    (20.0, 9.59, 36.78)
    """
    interval = poisson_interval(count, level)
    persons = np.asarray(population, dtype=np.float64)
    scale = _scale(persons, per)
    shape = np.broadcast_shapes(interval.estimate.shape, persons.shape)
    return Rate(
        estimate=np.asarray(interval.estimate * scale),
        lower=_scaled(interval.lower, scale),
        upper=_scaled(interval.upper, scale),
        observed=np.broadcast_to(interval.estimate, shape),
        population=np.broadcast_to(persons, shape),
    )


def _scale(persons: NDArray[np.float64], per: float) -> NDArray[np.float64]:
    """What turns events into rates; NaN where there is no one."""
    least = persons.min(initial=np.inf)
    if least < 0 or (np.isnan(least) and (persons < 0).any()):
        message = "population must be zero or more, or NaN where unknown"
        raise ValueError(message)
    check_per(per)
    if least > 0:
        return np.asarray(per / persons)
    with np.errstate(divide="ignore"):
        return np.where(persons > 0, per / persons, np.nan)


def _scaled(
    limit: NDArray[np.float64], scale: NDArray[np.float64]
) -> NDArray[np.float64]:
    # In its own memory where the shape allows: asking for more costs as much again.
    is_alike = np.broadcast_shapes(limit.shape, scale.shape) == limit.shape
    return np.multiply(limit, scale, out=limit if is_alike else None)


def rate_ratio(
    count: int,
    population: float,
    other_count: int,
    other_population: float,
    level: float = 0.95,
) -> RateRatio:
    """Ratio of two Poisson rates, exact given their sum (Przyborowski, Wilenski 1940).

    Parameters
    ----------
    count, other_count : int
        Events in the place and in the one it is compared with. The places must not
        contain each other, or the events of one are counted in both.
    population, other_population : float
        Person-years, above 0.
    level : float
        Confidence level of the interval.

    Returns
    -------
    RateRatio
        `estimate` is NaN when nothing happened in either place, and infinite when
        nothing happened in the other.

    Raises
    ------
    ValueError
        If a population is not above 0, a count is negative or not whole, or the level
        is not in (0, 1).

    Notes
    -----
    Given :math:`k_1 + k_2`, :math:`k_1` is binomial with
    :math:`\\pi = \\rho n_1 / (\\rho n_1 + n_2)`; Clopper-Pearson limits of
    :math:`\\pi` give those of :math:`\\rho`.

    References
    ----------
    Przyborowski J., Wilenski H. (1940). Homogeneity of results in testing samples
    from Poisson series. Biometrika 31(3/4), 313-323.

    Examples
    --------
    >>> ratio = rate_ratio(30, 100_000, 20, 100_000)
    >>> round(ratio.estimate, 3), round(ratio.lower, 3), round(ratio.upper, 3)
    (1.5, 0.824, 2.787)
    """
    check_level(level)
    for name, persons in (
        ("population", population),
        ("other_population", other_population),
    ):
        if not 0 < persons < np.inf:
            message = f"{name} must be above zero and finite, not {persons}"
            raise ValueError(message)
    for name, value in (("count", count), ("other_count", other_count)):
        if not (0 <= value < np.inf and value % 1 == 0):
            message = f"{name} must be a whole number, zero or more, not {value}"
            raise ValueError(message)
    if count + other_count == 0:
        return RateRatio(np.nan, 0.0, np.inf, 1.0)
    persons_ratio = population / other_population
    return _conditional_ratio(int(count), int(other_count), persons_ratio, level)


def _conditional_ratio(
    count: int, other_count: int, persons_ratio: float, level: float
) -> RateRatio:
    from scipy.stats import binomtest

    share = persons_ratio / (1 + persons_ratio)
    test = binomtest(count, count + other_count, share)
    limits = test.proportion_ci(level, method="exact")
    return RateRatio(
        estimate=_odds(count / (count + other_count)) / persons_ratio,
        lower=_odds(float(limits.low)) / persons_ratio,
        upper=_odds(float(limits.high)) / persons_ratio,
        p_value=float(test.pvalue),
    )


def _odds(share: float) -> float:
    return np.inf if share >= 1 else share / (1 - share)
