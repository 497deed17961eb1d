"""How well areas marked before an event held what came after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class PredictionIndex:
    """Events held by the marked area, beside what its size alone would hold."""

    estimate: float
    observed: float  # share of events in the marked area
    expected: float  # share of the area that was marked

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


def prediction_accuracy_index(
    count: ArrayLike, area: ArrayLike, marked: ArrayLike
) -> PredictionIndex:
    """Prediction accuracy index of Chainey, Tompson and Uhlig (2008).

    Parameters
    ----------
    count : array_like of float, shape (cells,)
        Events that came after the cells were marked.
    area : array_like of float, shape (cells,)
        Size of each cell, in any unit.
    marked : array_like of bool, shape (cells,)
        Cells that were marked.

    Returns
    -------
    PredictionIndex
        1 where marking did no better than chance.

    Raises
    ------
    ValueError
        If sizes differ, a number is unknown or negative, `marked` is not true or false,
        or nothing is marked or happened.

    Notes
    -----
    :math:`PAI = (n / N) / (a / A)`. Where marked cells are patrolled, what is recorded
    in them rises by itself (Lum and Isaac, 2016): see `rolling_backtest`.

    References
    ----------
    Chainey S., Tompson L., Uhlig S. (2008). The utility of hotspot mapping for
    predicting spatial patterns of crime. Security Journal 21, 4-28.
    Lum K., Isaac W. (2016). To predict and serve? Significance 13(5), 14-19.

    Examples
    --------
    >>> prediction_accuracy_index([5, 15], [5, 95], [True, False]).estimate
    5.0
    """
    events, size, chosen = _cells(count, area, marked)
    held = float(events[chosen].sum() / events.sum())
    share = float(size[chosen].sum() / size.sum())
    return PredictionIndex(held / share, held, share)


def prediction_efficiency_index(
    count: ArrayLike, area: ArrayLike, marked: ArrayLike
) -> PredictionIndex:
    """Prediction efficiency index of Hunt (2016): the accuracy that was attainable.

    Parameters
    ----------
    count, area, marked
        As in `prediction_accuracy_index`.

    Returns
    -------
    PredictionIndex
        `estimate` is 1 where no choice of the same size holds more; `expected` is the
        share of events that the best choice holds.

    Raises
    ------
    ValueError
        As `prediction_accuracy_index` does.

    Notes
    -----
    :math:`PEI = n / n^*`, with :math:`n^*` the events in the densest cells that
    together are no larger than the marked ones; a cell is divided at the edge, so that
    :math:`n^*` is an upper bound where cells differ in size.

    References
    ----------
    Hunt J. M. (2016). Do crime hot spots move? Exploring the effects of the modifiable
    areal unit problem and modifiable temporal unit problem on crime hot spot
    stability. American University, Washington.

    Examples
    --------
    >>> prediction_efficiency_index([6, 3, 1], [1, 1, 1], [False, True, False]).estimate
    0.5
    """
    events, size, chosen = _cells(count, area, marked)
    order = np.argsort(-np.divide(events, size, where=size > 0, out=0 * size))
    reach = np.concatenate([[0.0], np.cumsum(size[order])])
    held = np.concatenate([[0.0], np.cumsum(events[order])])
    best = float(np.interp(size[chosen].sum(), reach, held))
    found = float(events[chosen].sum())
    return PredictionIndex(found / best, found / events.sum(), best / events.sum())


def _cells(
    count: ArrayLike, area: ArrayLike, marked: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    events = np.asarray(count, dtype=np.float64)
    size = np.asarray(area, dtype=np.float64)
    chosen = np.asarray(marked)
    if not events.shape == size.shape == chosen.shape or events.ndim != 1:
        message = "count, area and marked must hold one value a cell"
        raise ValueError(message)
    if not np.isin(chosen, (0, 1)).all():
        message = "marked must be true or false for each cell"
        raise ValueError(message)
    chosen = chosen.astype(np.bool_)
    for name, values in (("count", events), ("area", size)):
        if not (np.isfinite(values) & (values >= 0)).all():
            message = f"{name} must be known, finite and zero or more"
            raise ValueError(message)
    if not events.sum() > 0 or not size[chosen].sum() > 0:
        message = "count must hold an event, and marked an area above zero"
        raise ValueError(message)
    return events, size, chosen
