"""How few places hold how much of the violence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LorenzCurve:
    """Shares of places, from the emptiest on, and of the events that they hold."""

    places: Floats  # (places + 1,), 0 to 1
    events: Floats  # (places + 1,), 0 to 1

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(dict(vars(self)))


@dataclass(frozen=True)
class Concentration:
    """The Gini coefficient beside what so few events can show at all."""

    estimate: float  # corrected for few events
    gini: float  # as it stands
    expected: float  # the smallest that these counts of events and places allow

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


def lorenz_curve(count: ArrayLike) -> LorenzCurve:
    """Curve of concentration of Lorenz (1905).

    Parameters
    ----------
    count : array_like of float, shape (places,)
        Events of each place.

    Returns
    -------
    LorenzCurve
        From (0, 0) to (1, 1).

    Raises
    ------
    ValueError
        If a count is negative or unknown, or there is no event at all.

    Notes
    -----
    :math:`L(k/n) = \\sum_{i \\le k} x_{(i)} / \\sum_i x_i` over the sorted counts.

    References
    ----------
    Lorenz M. O. (1905). Methods of measuring the concentration of wealth. Publications
    of the American Statistical Association 9(70), 209-219.

    Examples
    --------
    >>> lorenz_curve([3, 0, 1]).events.tolist()
    [0.0, 0.0, 0.25, 1.0]
    """
    ordered = np.sort(_counts(count))
    held = np.concatenate([[0.0], np.cumsum(ordered) / ordered.sum()])
    return LorenzCurve(np.linspace(0, 1, len(ordered) + 1), held)


def gini(count: ArrayLike) -> float:
    """Coefficient of concentration of Gini (1914).

    Parameters
    ----------
    count : array_like of float, shape (places,)
        Events of each place.

    Returns
    -------
    float
        0 where all places hold alike, near 1 where one holds all.

    Raises
    ------
    ValueError
        As `lorenz_curve` does.

    Notes
    -----
    :math:`G = \\frac{2 \\sum_i i\\, x_{(i)}}{n \\sum_i x_i} - \\frac{n + 1}{n}`: one
    less twice the area below the Lorenz curve.

    References
    ----------
    Gini C. (1914). Sulla misura della concentrazione e della variabilità dei
    caratteri. Atti del Reale Istituto Veneto 73, 1203-1248.

    Examples
    --------
    >>> gini([5, 5, 5]), gini([0, 0, 0, 8])
    (0.0, 0.75)
    """
    ordered = np.sort(_counts(count))
    size = len(ordered)
    ranked = np.arange(1, size + 1) @ ordered
    return float(2 * ranked / (size * ordered.sum()) - (size + 1) / size)


def crime_concentration(count: ArrayLike) -> Concentration:
    """Gini coefficient corrected for few events, of Bernasco and Steenbeek (2017).

    Parameters
    ----------
    count : array_like of int, shape (places,)
        Events of each place, those without any included.

    Returns
    -------
    Concentration
        `estimate` equals `gini` where events are at least as many as places.

    Raises
    ------
    ValueError
        As `lorenz_curve` does, or if a count is not whole.

    Notes
    -----
    With c events in n places, c < n, even the most equal spread leaves n - c places
    empty: :math:`G' = \\max(n/c, 1)\\,(G - 1) + 1`. `expected` is the plain coefficient
    of that most equal spread, :math:`1 - \\min(c/n, 1)`. Chance is not taken out:
    events that fall at random on places alike give about 0.52 where c = n.

    References
    ----------
    Bernasco W., Steenbeek W. (2017). More places than crimes: implications for
    evaluating the law of crime concentration at place. Journal of Quantitative
    Criminology 33(3), 451-467.

    Examples
    --------
    >>> once_each = crime_concentration([1, 1, 0, 0, 0, 0, 0, 0])
    >>> once_each.gini, once_each.estimate
    (0.75, 0.0)
    """
    counts = _counts(count)
    if (counts != np.rint(counts)).any():
        message = "count must hold whole numbers of events"
        raise ValueError(message)
    plain = gini(counts)
    share = min(float(counts.sum()) / len(counts), 1.0)
    return Concentration((plain - 1) / share + 1, plain, 1 - share)


def _counts(count: ArrayLike) -> Floats:
    counts = np.asarray(count, dtype=np.float64)
    if counts.ndim != 1 or not np.isfinite(counts).all() or (counts < 0).any():
        message = "count must hold one known number a place, zero or more"
        raise ValueError(message)
    if not counts.sum() > 0:
        message = "count must hold at least one event"
        raise ValueError(message)
    return counts
