"""Sum of the field's posteriors over its precision and spatial share."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.expectation import FieldPosterior, propagate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from convive.stats.expectation import Counts
    from convive.stats.intrinsic_field import IntrinsicField

    Floats = NDArray[np.float64]
    Point = tuple[int, int]

# Combinations this much less likely than the best, in logarithms, are left out.
_DROP = 6.0
# Steps of the grid, in standard deviations, and their bounds in either direction.
_STEP, _NARROWEST, _WIDEST = 1.0, 0.05, 1.5
_FARTHEST = 12
# Spreads that the prior itself holds for less likely than e to this are not asked.
_IMPLAUSIBLE = 40.0


@dataclass
class Surface:
    """Log posterior of the log spread and of the logit of the share's prior rank.

    The spatial share is walked by its rank in the prior, since beyond some share
    nothing changes any more and the share itself would have an endless tail.
    """

    field: IntrinsicField
    counts: Counts
    spread_rate: float
    shares: tuple[Floats, Floats]  # logits, and the prior probability below
    sites: Floats
    found: dict[tuple[float, float], tuple[float, FieldPosterior]] = attribute(
        default_factory=dict
    )

    def share(self, rank: float | Floats) -> Floats:
        logits, below = self.shares
        logit = np.interp(1 / (1 + np.exp(-rank)), below, logits)
        return np.asarray(1 / (1 + np.exp(-logit)))

    def at(self, log_spread: float, rank: float) -> float:
        key = (log_spread, rank)
        spread = float(np.exp(log_spread))
        if self.spread_rate * spread > _IMPLAUSIBLE:
            return -np.inf
        if key not in self.found:
            posterior = propagate(
                self.field, self.counts, spread**-2, float(self.share(rank)), self.sites
            )
            # The next combination asked for lies near this one.
            self.sites = posterior.sites
            prior = log_spread - self.spread_rate * spread
            prior -= np.logaddexp(0, rank) + np.logaddexp(0, -rank)
            self.found[key] = (posterior.log_evidence + prior, posterior)
        return self.found[key][0]


@dataclass(frozen=True)
class Mixture:
    """The posteriors that count, and how much each does."""

    surface: Surface
    log_spreads: Floats
    ranks: Floats
    weights: Floats
    posteriors: list[FieldPosterior]

    def moments(self) -> tuple[Floats, Floats]:
        means = np.stack([each.mean for each in self.posteriors])
        variances = np.stack([each.variance for each in self.posteriors])
        centre = self.weights @ means
        return centre, np.sqrt(self.weights @ (variances + (means - centre) ** 2))

    def cavities(self) -> Iterator[tuple[float, Floats]]:
        for weight, posterior in zip(self.weights, self.posteriors, strict=True):
            yield float(weight), posterior.cavity

    def spread(self, level: float) -> tuple[float, float, float]:
        at, density = self._marginal(self.log_spreads)
        return _credible(np.exp(at), density, level)

    def spatial_share(self, level: float) -> tuple[float, float, float]:
        at, density = self._marginal(self.ranks)
        return _credible(self.surface.share(at), density, level)

    def _marginal(self, places: Floats) -> tuple[Floats, Floats]:
        """A smooth curve through the sums over the other direction."""
        from scipy.interpolate import make_interp_spline

        at, which = np.unique(places, return_inverse=True)
        log_sums = np.log(np.bincount(which, self.weights))
        fine = np.linspace(at[0], at[-1], 400)
        smooth = make_interp_spline(at, log_sums, k=min(3, len(at) - 1))(fine)
        density = np.exp(smooth - smooth.max())
        return fine, density / density.sum()


def mix(
    field: IntrinsicField,
    counts: Counts,
    spread_prior: tuple[float, float],
    share_prior: tuple[float, float],
) -> Mixture:
    """Climb to the likeliest combination, and gather all that are likely beside it."""
    surface = Surface(
        field,
        counts,
        spread_rate=-np.log(spread_prior[1]) / spread_prior[0],
        shares=field.share_prior(*share_prior),
        sites=counts.first_sites(),
    )
    top = _climb(surface)
    steps = np.array([_step(surface, top, axis) for axis in (0, 1)])
    points = _likely(surface, top, steps)
    places = top + np.array(points) * steps
    best = surface.at(*top)
    weights = np.exp([surface.at(*place) - best for place in places])
    posteriors = [surface.found[tuple(place)][1] for place in places]
    return Mixture(
        surface, places[:, 0], places[:, 1], weights / weights.sum(), posteriors
    )


def _climb(surface: Surface) -> Floats:
    from scipy.optimize import minimize

    start = np.array([np.log(0.3), 0.0])
    simplex = start + np.array([[0.0, 0.0], [0.7, 0.0], [0.0, 1.5]])
    options = {"initial_simplex": simplex, "xatol": 0.1, "fatol": 0.05, "maxfev": 60}
    climbed = minimize(  # type: ignore[call-overload]  # its types lack the simplex
        lambda place: -surface.at(*place), start, method="Nelder-Mead", options=options
    )
    return np.asarray(climbed.x, dtype=np.float64)


def _step(surface: Surface, top: Floats, axis: int) -> float:
    """A standard deviation along one direction, by the curvature at the top."""
    away = np.zeros(2)
    away[axis] = 0.4
    fall = 2 * surface.at(*top) - surface.at(*(top + away)) - surface.at(*(top - away))
    deviation = 0.4 / np.sqrt(max(fall, 1e-6))
    return float(np.clip(_STEP * deviation, _NARROWEST, _WIDEST))


def _likely(surface: Surface, top: Floats, steps: Floats) -> list[Point]:
    """Grid points reached from the top without falling too far."""
    best = surface.at(*top)
    waiting: list[Point] = [(0, 0)]
    seen, kept = {(0, 0)}, []
    while waiting:
        point = waiting.pop()
        if surface.at(*(top + np.array(point) * steps)) < best - _DROP:
            continue
        kept.append(point)
        i, j = point
        for near in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
            if near not in seen and max(map(abs, near)) <= _FARTHEST:
                seen.add(near)
                waiting.append(near)
    return kept


def _credible(
    values: Floats, density: Floats, level: float
) -> tuple[float, float, float]:
    below = np.cumsum(density) - density / 2
    tail = (1 - level) / 2
    lower, upper = np.interp([tail, 1 - tail], below, values)
    return float(density @ values), float(lower), float(upper)
