"""How many alarms a year chance alone raises, by simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# Counts drawn at a time: 32 MB.
_CHUNK = 4_000_000


class HasAlarms(Protocol):
    """What any of the alarm functions gives back."""

    @property
    def alarm(self) -> NDArray[np.bool_]: ...


@dataclass(frozen=True)
class FalseAlarms:
    """Alarms a year of each series without an outbreak, and Monte Carlo limits."""

    estimate: Floats
    lower: Floats
    upper: Floats

    @property
    def total(self) -> float:
        """Alarms a year over all series."""
        return float(self.estimate.sum())

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({"series": np.arange(len(self.estimate)), **vars(self)})


def expected_false_alarms(
    method: Callable[[Floats], HasAlarms],
    mean: ArrayLike,
    dispersion: ArrayLike = 1.0,
    *,
    history: int,
    frequency: int = 52,
    replicates: int = 400,
    rng: np.random.Generator | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FalseAlarms:
    """False alarms a year of any alarm method, by simulation of Fricker et al. (2008).

    Parameters
    ----------
    method : callable
        Takes counts of shape (series, periods) and gives back what has `alarm` of that
        shape, as `farrington_flexible`, `ears` or `cusum_poisson` do.
    mean : array_like of float, shape (series,) or (series, periods)
        Expected events of a period without an outbreak; periods are the history and
        one year.
    dispersion : array_like of float
        Variance over mean of the counts, one number or one a series: 1 for Poisson,
        above it for negative binomial.
    history : int
        Periods before the year that is judged: 263 for the whole baseline of a weekly
        Farrington, 11 for EARS, 0 for a CUSUM that starts.
    frequency : int
        Periods in a year.
    replicates : int
        Years simulated of each series.
    rng : numpy.random.Generator, optional
        Source of the counts; a new one if not given.
    progress : callable, optional
        Called with years done and in all.

    Returns
    -------
    FalseAlarms
        Means over the years simulated, with 95 % limits of what more years would give.

    Raises
    ------
    ValueError
        If a mean is negative or unknown, a dispersion below 1, shapes do not match, or
        there are fewer than two replicates or one period.

    Notes
    -----
    Counts of different periods are independent. The limits are
    :math:`\\bar a \\pm 1.96\\, s / \\sqrt R` over :math:`R` years.

    References
    ----------
    Fricker R. D., Hegler B. L., Dunfee D. A. (2008). Comparing syndromic surveillance
    detection methods: EARS' versus a CUSUM-based methodology. Statistics in Medicine
    27(17), 3407-3429.

    Examples
    --------
    >>> from convive.stats import ears
    >>> rng = np.random.default_rng(1)
    >>> found = expected_false_alarms(ears, [3.0], history=11, frequency=365, rng=rng)
    >>> bool(found.estimate[0] > 365 * 0.00135)  # more than a normal score would
    True
    """
    means, spread = _series(mean, dispersion, history + frequency)
    if replicates < 2 or frequency < 1 or history < 0:
        message = "replicates must be two or more, frequency one or more, history zero"
        raise ValueError(message)
    rng = rng if rng is not None else np.random.default_rng()
    raised = np.empty((replicates, len(means)))
    together = max(1, _CHUNK // means.size)
    for first in range(0, replicates, together):
        years = min(together, replicates - first)
        counts = _draw(np.tile(means, (years, 1)), np.tile(spread, (years, 1)), rng)
        alarm = method(counts).alarm[:, history:]
        raised[first : first + years] = alarm.sum(axis=1).reshape(years, -1)
        if progress is not None:
            progress(first + years, replicates)
    estimate = raised.mean(axis=0)
    apart = 1.96 * raised.std(axis=0, ddof=1) / np.sqrt(replicates)
    return FalseAlarms(estimate, np.maximum(estimate - apart, 0), estimate + apart)


def _series(
    mean: ArrayLike, dispersion: ArrayLike, periods: int
) -> tuple[Floats, Floats]:
    means = np.atleast_1d(np.asarray(mean, dtype=np.float64))
    if means.ndim == 1:
        means = np.repeat(means[:, None], max(periods, 0), axis=1)
    if means.ndim != 2 or means.shape[1] != periods:
        message = f"mean must have one value a series, or {periods} a series"
        raise ValueError(message)
    if not ((means >= 0) & np.isfinite(means)).all():
        message = "mean must be known and zero or more"
        raise ValueError(message)
    spread = np.asarray(dispersion, dtype=np.float64)
    if (
        spread.shape not in ((), (len(means),))
        or not ((spread >= 1) & np.isfinite(spread)).all()
    ):
        message = "dispersion must be 1 or more, one number or one a series"
        raise ValueError(message)
    return means, np.broadcast_to(spread, (len(means),))[:, None]


def _draw(mean: Floats, spread: Floats, rng: np.random.Generator) -> Floats:
    """Counts of that mean, and variance `spread` times the mean."""
    mean, spread = np.broadcast_arrays(mean, spread)
    rate = mean.copy()
    wide = (spread > 1) & (mean > 0)
    rate[wide] = rng.gamma(mean[wide] / (spread[wide] - 1), spread[wide] - 1)
    return rng.poisson(rate).astype(np.float64)
