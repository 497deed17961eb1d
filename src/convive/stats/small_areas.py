"""Rates of small areas that learn from their neighbours, with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.intervals import check_level, check_per

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.expectation import Counts
    from convive.stats.mixing import Mixture
    from convive.stats.weights import SpatialWeights

    Floats = NDArray[np.float64]

# Points and reach, in standard deviations, of the curve of each log risk.
_POINTS, _REACH = 201, 7.0


@dataclass(frozen=True)
class Credible:
    """What is believed of one number."""

    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class SmallAreaRate:
    """Rates of areas as their own events and those around them tell."""

    estimate: Floats  # posterior mean
    median: Floats
    lower: Floats
    upper: Floats
    ratio: Floats  # estimate over the overall rate
    probability_above: Floats  # that the rate is above the overall one
    crude: Floats
    overall: float
    spread: Credible  # standard deviation of the log risk between areas
    spatial_share: Credible  # of its variance that neighbours share

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {k: v for k, v in vars(self).items() if isinstance(v, np.ndarray)}
        return pl.DataFrame(columns)


def bym2_rate(
    count: ArrayLike,
    population: ArrayLike,
    weights: SpatialWeights | ArrayLike,
    per: float = 100_000,
    level: float = 0.95,
    *,
    spread_prior: tuple[float, float] = (1.0, 0.01),
    share_prior: tuple[float, float] = (0.5, 2 / 3),
) -> SmallAreaRate:
    """Rates of small areas by the BYM2 model of Riebler et al. (2016).

    Parameters
    ----------
    count : array_like of int, shape (areas,)
        Events in a period; NaN where withheld or missing, which is then foretold from
        around.
    population : array_like of float, shape (areas,)
        Person-years; an area without any is masked, and its events are left out.
    weights : SpatialWeights or matrix, shape (areas, areas)
        Who is whose neighbour; it must be mutual, as contiguity and distance are.
        Areas without a neighbour and maps of several parts are allowed.
    per : float
        Size of the reference population.
    level : float
        Probability that the interval holds.
    spread_prior : tuple of float
        (U, a): the prior probability that the standard deviation of the log risk
        exceeds U is a.
    share_prior : tuple of float
        (U, a): the prior probability that the spatial share is less than U is a.

    Returns
    -------
    SmallAreaRate
        In events per `per` person-years; NaN where there are no people. `overall` is
        all events over all people.

    Raises
    ------
    ValueError
        If sizes differ, a count is negative or not whole, a population is negative or
        unknown, nothing happened anywhere, no two areas are neighbours, weights are
        not mutual, a prior or the level is out of range, or counts are so wildly apart
        that the sweeps over them do not settle.

    Notes
    -----
    :math:`y_i \\sim Poisson(E_i e^{\\eta_i})`, :math:`\\eta = \\alpha +
    \\tau^{-1/2} (\\sqrt{\\phi}\\, u + \\sqrt{1 - \\phi}\\, v)`, with v standard normal
    and u an intrinsic autoregression, scaled in each connected part to a typical
    variance of one and summing to zero there (Freni-Sterrantino et al., 2018); an area
    without neighbours has a standard normal u. Priors are those that penalise
    complexity: exponential in :math:`\\sigma = \\tau^{-1/2}` and in the distance that
    :math:`\\phi` takes the field from independent areas; :math:`\\alpha` is flat.

    For each pair of :math:`\\tau` and :math:`\\phi` on a small grid around their mode
    the counts are replaced by Gaussians through expectation propagation (Minka, 2001),
    and each area's curve keeps its own Poisson likelihood; the grid is then summed, as
    in integrated nested Laplace approximations (Rue et al., 2009). The answer differs
    from that of long simulation by less than a tenth of a standard deviation.

    References
    ----------
    Riebler A., Sorbye S. H., Simpson D., Rue H. (2016). An intuitive Bayesian spatial
    model for disease mapping that accounts for scaling. Statistical Methods in Medical
    Research 25(4), 1145-1165.
    Freni-Sterrantino A., Ventrucci M., Rue H. (2018). A note on intrinsic conditional
    autoregressive models for disconnected graphs. Spatial and Spatio-temporal
    Epidemiology 26, 25-34.

    Examples
    --------
    >>> line = np.eye(4, k=1) + np.eye(4, k=-1)
    >>> rate = bym2_rate([2, 3, 9, 8], [10_000] * 4, line)
    >>> bool(rate.estimate[0] < rate.estimate[3]), bool(rate.estimate[0] > 20)
    (True, True)
    """
    from convive.stats.expectation import Counts
    from convive.stats.intrinsic_field import intrinsic_field
    from convive.stats.mixing import mix

    check_level(level)
    _check_priors(spread_prior, share_prior)
    check_per(per)
    events, people, known = _places(count, population)
    field = intrinsic_field(weights)
    if len(field.order) != len(events):
        message = f"weights must be of {len(events)} areas, not of {len(field.order)}"
        raise ValueError(message)
    overall = float(events[known].sum() / people[known].sum())
    counts = Counts(
        observed=np.where(known, events, 0.0)[field.order],
        expected=np.where(known, people * overall, 0.0)[field.order],
    )
    mixture = mix(field, counts, spread_prior, share_prior)
    found = np.full((5, len(events)), np.nan)
    found[:, field.order] = _summaries(counts, mixture, level)
    found[:, people == 0] = np.nan
    rates = found[:4] * overall * per
    crude = np.divide(
        events, people, where=people > 0, out=np.full(len(people), np.nan)
    )
    return SmallAreaRate(
        estimate=rates[0],
        median=rates[1],
        lower=rates[2],
        upper=rates[3],
        ratio=found[0],
        probability_above=found[4],
        crude=crude * per,
        overall=overall * per,
        spread=Credible(*mixture.spread(level)),
        spatial_share=Credible(*mixture.spatial_share(level)),
    )


def _places(
    count: ArrayLike, population: ArrayLike
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    events = np.asarray(count, dtype=np.float64)
    people = np.asarray(population, dtype=np.float64)
    if events.shape != people.shape or events.ndim != 1:
        message = "count and population must hold one number an area"
        raise ValueError(message)
    counted = events[~np.isnan(events)]
    if not (
        np.isfinite(counted) & (counted >= 0) & (counted == np.floor(counted))
    ).all():
        message = "count must hold whole numbers, zero or more, or NaN where unknown"
        raise ValueError(message)
    if not (np.isfinite(people) & (people >= 0)).all():
        message = "population must be known, finite and zero or more"
        raise ValueError(message)
    known = ~np.isnan(events) & (people > 0)
    if not events[known].sum() > 0:
        message = "count must hold at least one event where there are people"
        raise ValueError(message)
    return events, people, known


def _check_priors(
    spread_prior: tuple[float, float], share_prior: tuple[float, float]
) -> None:
    if not (spread_prior[0] > 0 and 0 < spread_prior[1] < 1):
        message = (
            "spread_prior must be a limit above 0 and a probability, "
            f"not {spread_prior}"
        )
        raise ValueError(message)
    if not (0 < share_prior[0] < 1 and 0 < share_prior[1] < 1):
        message = f"share_prior must be a share and a probability, not {share_prior}"
        raise ValueError(message)


def _summaries(counts: Counts, mixture: Mixture, level: float) -> Floats:
    """Mean, median, limits and probability above one, of each area's risk."""
    centre, deviation = mixture.moments()
    at = centre[:, None] + deviation[:, None] * np.linspace(-_REACH, _REACH, _POINTS)
    likelihood = counts.log_likelihood(at)
    density = np.zeros_like(at)
    for weight, (precision, shift) in mixture.cavities():
        curve = likelihood - precision[:, None] * at**2 / 2 + shift[:, None] * at
        curve = np.exp(curve - curve.max(axis=1, keepdims=True))
        density += weight * curve / curve.sum(axis=1, keepdims=True)
    mean = (density * np.exp(at)).sum(axis=1)
    # Half a step is before each point, so that the sum is the trapezoid's.
    reached = np.cumsum(density, axis=1) - density / 2
    tail = (1 - level) / 2
    limits = [
        [np.interp(p, curve, x) for curve, x in zip(reached, at, strict=True)]
        for p in (0.5, tail, 1 - tail)
    ]
    above = [1 - np.interp(0.0, x, curve) for curve, x in zip(reached, at, strict=True)]
    return np.vstack([mean, np.exp(limits), above])
