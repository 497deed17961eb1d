"""Rates of places as if their people were of the same ages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convive.stats.intervals import check_level, check_per
from convive.stats.rates import Rate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def directly_standardised_rate(
    count: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    per: float = 100_000,
    level: float = 0.95,
) -> Rate:
    """Directly standardised rate with the gamma interval of Fay and Feuer (1997).

    Parameters
    ----------
    count : array_like of int, shape (..., strata)
        Events by stratum, such as age group; the last axis holds the strata.
    population : array_like of float, shape (..., strata)
        Person-years of each stratum.
    standard : array_like of float, shape (strata,)
        The standard population; only its shares matter.
    per : float
        Size of the reference population.
    level : float
        Confidence level of the interval.

    Returns
    -------
    Rate
        One rate for each place, in events per `per` person-years.

    Raises
    ------
    ValueError
        If sizes differ, a count is not whole, a number is negative or unknown, a
        stratum of the standard has people where the place has none, or the level is not
        in (0, 1).

    Notes
    -----
    With :math:`w_i` the standard's share of stratum i over the place's population in
    it, :math:`y = \\sum w_i d_i`, :math:`v = \\sum w_i^2 d_i` and
    :math:`w_m = \\max w_i`: lower
    :math:`\\frac{v}{2y} \\chi^2_{\\alpha/2}(2y^2/v)`, upper
    :math:`\\frac{v + w_m^2}{2(y + w_m)} \\chi^2_{1-\\alpha/2}
    (2(y + w_m)^2 / (v + w_m^2))`.

    References
    ----------
    Fay M. P., Feuer E. J. (1997). Confidence intervals for directly standardized
    rates: a method based on the gamma distribution. Statistics in Medicine 16(7),
    791-801.

    Examples
    --------
    >>> rate = directly_standardised_rate([10], [1000], [1], per=1000)
    >>> float(rate.estimate), rate.lower.round(4).item(), rate.upper.round(4).item()
    (10.0, 4.7954, 18.3904)
    """
    from scipy.special import gammaincinv

    check_level(level)
    check_per(per)
    events, people, shares = _strata(count, population, standard)
    weights = np.divide(shares / shares.sum(), people, where=people > 0, out=0 * people)
    y = (weights * events).sum(axis=-1)
    v = (weights**2 * events).sum(axis=-1)
    largest = weights.max(axis=-1)
    tail = (1 - level) / 2
    some = np.where(y > 0, y, 1)
    spread = np.where(v > 0, v, 1)
    # A chi-square quantile at 2k degrees is twice the gamma quantile at k.
    low = spread / some * gammaincinv(some**2 / spread, tail)
    raised, wider = y + largest, v + largest**2
    high = wider / raised * gammaincinv(raised**2 / wider, 1 - tail)
    return Rate(
        estimate=y * per,
        lower=np.where(y > 0, low, 0.0) * per,
        upper=high * per,
        observed=events.sum(axis=-1),
        population=people.sum(axis=-1),
    )


def _strata(
    count: ArrayLike, population: ArrayLike, standard: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    shares = np.asarray(standard, dtype=np.float64)
    events = np.asarray(count, dtype=np.float64)
    people = np.asarray(population, dtype=np.float64)
    if shares.ndim != 1 or {events.shape[-1:], people.shape[-1:]} != {shares.shape}:
        message = "count and population must hold one number a stratum of the standard"
        raise ValueError(message)
    for name, values in (
        ("count", events),
        ("population", people),
        ("standard", shares),
    ):
        if not (np.isfinite(values) & (values >= 0)).all():
            message = f"{name} must be known, finite and zero or more"
            raise ValueError(message)
    if (events % 1).any():
        message = "count must hold whole numbers"
        raise ValueError(message)
    if not shares.sum() > 0 or ((people == 0) & (shares > 0)).any():
        message = "population must be above zero in every stratum of the standard"
        raise ValueError(message)
    events, people = np.broadcast_arrays(events, people)
    return events, people, shares
