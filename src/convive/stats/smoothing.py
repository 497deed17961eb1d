"""Rates of small places, drawn towards what is known of all or of their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.intervals import check_per
from convive.stats.weights import as_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.weights import SpatialWeights

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SmoothedRate:
    """A rate between the place's own and the one expected around it."""

    estimate: Floats
    crude: Floats
    expected: Floats
    weights: Floats  # of the place's own rate, 0 to 1

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(dict(vars(self)))


def empirical_bayes_rate(
    count: ArrayLike,
    population: ArrayLike,
    weights: SpatialWeights | ArrayLike | None = None,
    per: float = 100_000,
) -> SmoothedRate:
    """Empirical Bayes rate of Marshall (1991), global or local.

    Parameters
    ----------
    count : array_like of int, shape (places,)
        Events in a period.
    population : array_like of float, shape (places,)
        Person-years; a place without any is masked, and its events are left out.
    weights : SpatialWeights or matrix, shape (places, places), optional
        Neighbours towards whose rate a place is drawn, itself among them; all places
        where not given.
    per : float
        Size of the reference population.

    Returns
    -------
    SmoothedRate
        In events per `per` person-years; NaN where there are no people.

    Raises
    ------
    ValueError
        If a count or population is negative or unknown, the sizes differ, or `per` is
        not above 0.

    Notes
    -----
    :math:`m = \\sum d / \\sum n`, :math:`s^2 = \\sum n_i (r_i - m)^2 / \\sum n_i`,
    :math:`A = \\max(0, s^2 - m / \\bar n)`, :math:`w_i = A / (A + m / n_i)` and
    :math:`\\hat r_i = w_i r_i + (1 - w_i) m`, over all places or over each place's
    neighbourhood.

    References
    ----------
    Marshall R. J. (1991). Mapping disease and mortality rates using empirical Bayes
    estimators. Journal of the Royal Statistical Society C 40(2), 283-294.

    Examples
    --------
    >>> rate = empirical_bayes_rate([5, 50], [10_000, 100_000])  # no spread at all
    >>> rate.estimate.round(6).tolist(), rate.weights.tolist()
    ([50.0, 50.0], [0.0, 0.0])
    """
    check_per(per)
    events = np.asarray(count, dtype=np.float64)
    people = np.asarray(population, dtype=np.float64)
    if events.shape != people.shape or events.ndim != 1:
        message = "count and population must hold one number a place"
        raise ValueError(message)
    if not all((np.isfinite(x) & (x >= 0)).all() for x in (events, people)):
        message = "count and population must be known and zero or more"
        raise ValueError(message)
    # What happens where no one lives belongs to no one's rate.
    events = np.where(people > 0, events, 0.0)
    crude = np.divide(events, people, where=people > 0, out=np.zeros_like(people))
    around = _everywhere if weights is None else _nearby(weights, len(people))
    with np.errstate(divide="ignore", invalid="ignore"):
        m = around(events) / around(people)
        # sum n (r - m)^2 over a neighbourhood, by its moments.
        squares = around(people * crude**2) - m**2 * around(people)
        mean = around(people) / around((people > 0).astype(float))
        spread = np.maximum(0, squares / around(people) - m / mean)
        weight = np.where(spread > 0, spread / (spread + m / people), 0.0)
    estimate = weight * crude + (1 - weight) * m
    unknown = people == 0
    return SmoothedRate(
        estimate=np.where(unknown, np.nan, estimate) * per,
        crude=np.where(unknown, np.nan, crude) * per,
        expected=np.where(unknown, np.nan, m) * per,
        weights=np.where(unknown, np.nan, weight),
    )


def _everywhere(values: Floats) -> Floats:
    return np.full(len(values), values.sum())


def _nearby(
    weights: SpatialWeights | ArrayLike, count: int
) -> Callable[[Floats], Floats]:
    given = as_weights(weights)
    if given.count != count:
        message = f"weights must be of {count} places, not of {given.count}"
        raise ValueError(message)
    matrix = given.with_self().to_sparse()
    return lambda values: matrix @ values
