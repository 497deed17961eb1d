"""Log-linear fit of a series of counts, and how far its estimates may be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS = 100
# Change of the linear predictor at which the fit stops.
_CLOSE = 1e-10
# A logarithm this far from that of the mean is on its way to infinity.
_FARTHEST = 15
# Dependence beyond which a short series says nothing of its own.
_STRONGEST = 0.95


@dataclass(frozen=True)
class LogLinearFit:
    """A quasi-Poisson fit; the rows are in the order of time."""

    coefficients: Floats  # (terms,)
    bread: Floats  # (terms, terms): inverse information at a dispersion of one
    observed: Floats
    fitted: Floats
    design: Floats

    @property
    def residuals(self) -> Floats:
        """Pearson residuals."""
        off: Floats = (self.observed - self.fitted) / np.sqrt(self.fitted)
        return off

    @property
    def freedom(self) -> int:
        return len(self.observed) - len(self.coefficients)

    @property
    def dispersion(self) -> float:
        return float(self.residuals @ self.residuals) / self.freedom


def fit_loglinear(observed: Floats, design: Floats, offset: Floats) -> LogLinearFit:
    """Iteratively reweighted least squares from the counts themselves."""
    if np.linalg.matrix_rank(design) < design.shape[1]:
        message = "counts are too few for the season: fewer harmonics, or more periods"
        raise ValueError(message)
    typical = float(np.log(observed.mean()))
    predictor = np.log(observed + 0.1 * observed.mean())
    for _step in range(_STEPS):
        mean = np.exp(predictor)
        root = np.sqrt(mean)
        working = predictor - offset + (observed - mean) / mean
        scaled = design * root[:, None]
        solved, *_rest = np.linalg.lstsq(scaled, working * root)
        coefficients = np.asarray(solved, dtype=np.float64)
        before, predictor = predictor, design @ coefficients + offset
        if np.abs(predictor - typical).max() > _FARTHEST:
            break
        if np.abs(predictor - before).max() < _CLOSE:
            return _fitted(coefficients, observed, np.exp(predictor), design)
    message = "counts hold too few events to tell level, trend and season on each side"
    raise ValueError(message)


def _fitted(
    coefficients: Floats, observed: Floats, fitted: Floats, design: Floats
) -> LogLinearFit:
    information = design.T @ (design * fitted[:, None])
    bread = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return LogLinearFit(coefficients, bread, observed, fitted, design)


def quasi_poisson(fit: LogLinearFit) -> tuple[Floats, float]:
    """Covariance under independence, and its degrees of freedom."""
    return fit.dispersion * fit.bread, float(fit.freedom)


def newey_west(fit: LogLinearFit, lags: int | None) -> tuple[Floats, float]:
    """Bartlett-weighted products of the scores, times n / (n - k)."""
    count = len(fit.observed)
    reach = int(4 * (count / 100) ** (2 / 9)) if lags is None else lags
    scores = fit.design * (fit.observed - fit.fitted)[:, None]
    middle = scores.T @ scores
    for lag in range(1, reach + 1):
        product = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (reach + 1)) * (product + product.T)
    covariance = fit.bread @ middle @ fit.bread * (count / fit.freedom)
    return covariance, float(fit.freedom)


def autoregressive(fit: LogLinearFit) -> tuple[Floats, float]:
    """Covariance under residuals of first order, of the moments they leave behind."""
    apart = _apart(len(fit.observed))
    scaled = fit.design * np.sqrt(fit.fitted)[:, None]
    left = np.eye(len(apart)) - scaled @ fit.bread @ scaled.T
    related = _dependence(fit, left) ** apart
    seen = left @ related
    mass = float(np.trace(seen))
    spread = float(fit.residuals @ fit.residuals) / mass
    middle = scaled.T @ related @ scaled
    # As many squares as the residuals of so dependent a series are worth.
    freedom = mass**2 / float(np.sum(seen * seen.T))
    return spread * fit.bread @ middle @ fit.bread, freedom


def lag_correlation(fit: LogLinearFit) -> float:
    off = fit.residuals
    total = float(off @ off)
    return float(off[1:] @ off[:-1]) / total if total > 0 else 0.0


def _dependence(fit: LogLinearFit, left: Floats) -> float:
    """First-order correlation that leaves residuals as correlated as those seen.

    A fit takes the slow waves out, so that what is left looks less dependent than the
    errors are. A correlation below zero is taken for none: it is rarely real.
    """
    from scipy.optimize import brentq

    count = len(left)
    shifted = left[:, :-1] @ left[1:, :]
    neighbours, squares = _by_distance(shifted), _by_distance(left)
    seen = lag_correlation(fit)

    def excess(correlation: float) -> float:
        powers = correlation ** np.arange(count)
        return float(neighbours @ powers / (squares @ powers)) - seen

    if excess(0.0) >= 0:
        return 0.0
    if excess(_STRONGEST) <= 0:
        return _STRONGEST
    return float(brentq(excess, 0.0, _STRONGEST))


def _apart(count: int) -> NDArray[np.int64]:
    row = np.arange(count)
    apart: NDArray[np.int64] = np.abs(row[:, None] - row)
    return apart


def _by_distance(table: Floats) -> Floats:
    """Sum of the entries by how far they lie from the diagonal."""
    apart = _apart(len(table))
    return np.bincount(apart.ravel(), table.ravel()).astype(np.float64)
