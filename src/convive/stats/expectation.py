"""Counts under a Gaussian field, by expectation propagation (Minka, 2001).

Each Poisson count is stood in for by a Gaussian of precision `w` and shift `r`, chosen
such that it moves the field as the count itself does. The field is that of Riebler et
al. (2016): log risk = intercept + (sqrt(phi) u + sqrt(1 - phi) v) / sqrt(tau), where u
is an intrinsic field and v independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.stats.intrinsic_field import IntrinsicField

    Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
_LOG_WEIGHTS = np.log(_WEIGHTS / np.sqrt(2 * np.pi)) + _NODES**2 / 2
_SWEEPS = 100
# After so many sweeps steps are halved: all at once may swing about the answer.
_PATIENCE = 8
# Means settled to this part of their standard deviation.
_SETTLED = 1e-3
# A log risk beyond this cannot be meant, and its exponential would overflow.
_LARGEST = 300.0


@dataclass(frozen=True)
class Counts:
    """Events in the order of the field, and how many there would be at no risk more."""

    observed: Floats  # zero where unknown
    expected: Floats  # zero where unknown: such a place tells nothing

    def log_likelihood(self, log_risk: Floats) -> Floats:
        """Up to a constant; places lie along the first axis."""
        shape = (-1,) + (1,) * (log_risk.ndim - 1)
        observed = self.observed.reshape(shape)
        expected = self.expected.reshape(shape)
        return observed * log_risk - expected * np.exp(np.minimum(log_risk, _LARGEST))

    def first_sites(self) -> Floats:
        """Stand-ins by each count alone."""
        known = self.expected > 0
        w = np.where(known, self.observed + 0.5, 0.0)
        risk = np.divide(w, self.expected, where=known, out=np.ones(len(w)))
        return np.stack([w, w * np.log(risk)])


@dataclass(frozen=True)
class FieldPosterior:
    """What the counts say of the log risks, given the precision and spatial share."""

    log_evidence: float
    mean: Floats
    variance: Floats
    sites: Floats  # (2, places): w and r
    cavity: Floats  # (2, places): precision and shift of all but the own count


def propagate(
    field: IntrinsicField, counts: Counts, tau: float, phi: float, sites: Floats
) -> FieldPosterior:
    """Sweep over all counts at once until no mean moves."""
    known = counts.expected > 0
    before = np.full(len(known), np.inf)
    for sweep in range(_SWEEPS):
        mean, variance, log_integral = _gaussian(field, tau, phi, sites)
        # A count's own stand-in may not take all of the precision.
        precision = np.maximum(1 / variance - sites[0], 1e-12)
        cavity = np.stack([precision, mean / variance - sites[1]])
        moved = float(np.max(np.abs(mean - before) / np.sqrt(variance)))
        log_mass, centre, spread = _tilted(counts, cavity, mean, variance)
        if moved < _SETTLED:
            break
        before = mean
        found = np.stack([1 / spread - cavity[0], centre / spread - cavity[1]])
        found = np.where(known, np.maximum(found, [[1e-12], [-np.inf]]), 0.0)
        sites = found if sweep < _PATIENCE else (sites + found) / 2
    else:
        message = "count differs too wildly between areas for the rates to settle"
        raise ValueError(message)
    evidence = log_integral + (log_mass - _log_site_mass(cavity, sites))[known].sum()
    return FieldPosterior(float(evidence), mean, variance, sites, cavity)


def _gaussian(
    field: IntrinsicField, tau: float, phi: float, sites: Floats
) -> tuple[Floats, Floats, float]:
    """Means and variances of the log risks, and the log integral, up to a constant."""
    from scipy.linalg import cho_solve_banded

    from convive.stats._kernels.banded import factorise, inverse_diagonal

    w, r = sites
    own = tau / (1 - phi)  # precision of what is the place's alone
    c = np.sqrt(phi / tau)
    kept = own / (own + w)
    g = w * kept
    columns = field.precision.copy()
    columns[:, 0] += c**2 * g
    factor = factorise(columns)
    # The intercept and the sums to zero border the matrix.
    border = np.column_stack([c * g, field.parts])
    solved = cho_solve_banded((factor.T, True), np.column_stack([border, c * r * kept]))
    reach, shift = solved[:, :-1], solved[:, -1]
    schur = -border.T @ reach
    schur[0, 0] += g.sum()
    right = -border.T @ shift
    right[0] += (r * kept).sum()
    inverse = np.linalg.inv(schur)
    solution = inverse @ right
    u, intercept = shift - reach @ solution, solution[0]
    mean = kept * (intercept + c * u) + r / (own + w)
    field_variance = inverse_diagonal(factor) + ((reach @ inverse) * reach).sum(axis=1)
    line_variance = (
        inverse[0, 0] - 2 * c * (reach @ inverse[:, 0]) + c**2 * field_variance
    )
    variance = 1 / (own + w) + kept**2 * line_variance
    apart = mean - intercept - c * u
    exponent = r @ mean - w @ mean**2 / 2 - own * (apart @ apart) / 2
    exponent -= u @ field.product(u) / 2
    log_determinant = 2 * np.log(factor[:, 0]).sum() + np.linalg.slogdet(schur)[1]
    log_determinant += np.log1p(w / own).sum()
    return mean, variance, float(exponent - log_determinant / 2)


def _tilted(
    counts: Counts, cavity: Floats, mean: Floats, variance: Floats
) -> tuple[Floats, Floats, Floats]:
    """Log mass, mean and variance of each cavity times its own count's likelihood."""
    precision, shift = cavity
    # Nodes lie where the product is, since the cavity may be far wider.
    at = mean[:, None] + np.sqrt(variance)[:, None] * _NODES
    centre = (shift / precision)[:, None]
    log_density = (
        counts.log_likelihood(at) - precision[:, None] * (at - centre) ** 2 / 2
    )
    log_density += _LOG_WEIGHTS
    highest = log_density.max(axis=1)
    density = np.exp(log_density - highest[:, None])
    total = density.sum(axis=1)
    tilted_mean = (density * at).sum(axis=1) / total
    tilted = (density * (at - tilted_mean[:, None]) ** 2).sum(axis=1) / total
    log_mass = highest + np.log(total * np.sqrt(precision * variance))
    return log_mass, tilted_mean, tilted


def _log_site_mass(cavity: Floats, sites: Floats) -> Floats:
    """Log of the integral of each cavity times its stand-in."""
    (precision, shift), (w, r) = cavity, sites
    log_mass: Floats = (
        (shift + r) ** 2 / (precision + w) - shift**2 / precision
    ) / 2 - np.log1p(w / precision) / 2
    return log_mass
