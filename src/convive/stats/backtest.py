"""How well a rule of marking areas would have done, window after window of the past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.prediction import (
    prediction_accuracy_index,
    prediction_efficiency_index,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]
    # Events before a day, and that day, to one number a cell: the higher the riskier.
    Score = Callable[[Longs, float], ArrayLike]


@dataclass(frozen=True)
class StepMean:
    """Mean of a measure over the steps of a back-test, with its interval."""

    estimate: float
    lower: float
    upper: float
    observed: int  # steps with an event

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


@dataclass(frozen=True)
class RollingBacktest:
    """Each step of a back-test; NaN where its window held no event."""

    start_day: Floats  # (steps,): first day of the window that was foretold
    observed: Longs  # (steps,): events in it
    marked_share: Floats  # (steps,): of the area
    hit_rate: Floats  # (steps,): share of the events in the marked cells
    accuracy: Floats  # (steps,): prediction accuracy index
    efficiency: Floats  # (steps,): prediction efficiency index

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(dict(vars(self)))

    def mean(self, measure: str = "accuracy", level: float = 0.95) -> StepMean:
        """Mean of 'accuracy', 'efficiency' or 'hit_rate', with Student's interval.

        It takes the steps as independent: where neighbouring steps are alike, the
        interval is too narrow. With one step it is not known.
        """
        from scipy.stats import t

        if measure not in {"accuracy", "efficiency", "hit_rate"}:
            message = f"measure must be accuracy, efficiency or hit_rate, not {measure}"
            raise ValueError(message)
        if not 0 < level < 1:
            message = f"level must lie between 0 and 1, not {level}"
            raise ValueError(message)
        values = getattr(self, measure)
        values = values[~np.isnan(values)]
        estimate = float(values.mean()) if len(values) else np.nan
        reach = np.nan
        if len(values) > 1:
            error = values.std(ddof=1) / np.sqrt(len(values))
            reach = float(t.ppf((1 + level) / 2, len(values) - 1) * error)
        return StepMean(estimate, estimate - reach, estimate + reach, len(values))


def rolling_backtest(
    cell: ArrayLike,
    day: ArrayLike,
    area: ArrayLike,
    *,
    history_days: float = 365,
    window_days: float = 28,
    marked_share: float = 0.05,
    score: Score | None = None,
    period_days: tuple[float, float] | None = None,
    rng: np.random.Generator | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RollingBacktest:
    """Rolling test of marked areas, as by Adepeju, Rosser and Cheng (2016).

    Parameters
    ----------
    cell : array_like of int, shape (events,)
        Cell of each event, counted from 0.
    day : array_like of float, shape (events,)
        Time of each event, in days from any day; they need not be sorted.
    area : array_like of float, shape (cells,)
        Size of each cell, in any unit.
    history_days : float
        How far back events are known to the score.
    window_days : float
        Length of the window that is foretold; the next one begins where it ends.
    marked_share : float
        Share of the area to mark: the cells of the highest scores that fit within it,
        and the first of them in any case.
    score : callable, optional
        Called with the positions, in `cell` and `day`, of the events of the history and
        with the first day of the window; gives one number a cell, higher where more is
        expected. The count of past events by area if not given.
    period_days : tuple of float, optional
        First day of the record and the one after its last; those of the events if not
        given.
    rng : numpy.random.Generator, optional
        Order of cells whose scores are equal; a new one if not given.
    progress : callable, optional
        Called with steps done and in all.

    Returns
    -------
    RollingBacktest
        One row a window, and `mean` of a measure over all windows.

    Raises
    ------
    ValueError
        If sizes differ, a cell is not one of those of `area`, a number is not finite or
        a size not above zero, the period holds no whole window after the history, or
        the score does not give one known number a cell.

    Notes
    -----
    At step k the window is :math:`[t_0 + h + k w, t_0 + h + (k + 1) w)` and its history
    the h days before. Nothing of the window is seen by the score, unless the callable
    itself looks ahead.

    What is foretold is what will be recorded. Where marked cells are patrolled, more of
    what happens there comes to be recorded, the next history marks them again, and the
    indices rise though no more was foreseen (Lum and Isaac, 2016). Use it on places and
    on what victims report, such as homicides or burglaries, not on arrests, and never
    on persons.

    References
    ----------
    Adepeju M., Rosser G., Cheng T. (2016). Novel evaluation metrics for sparse
    spatio-temporal point process hotspot predictions. International Journal of
    Geographical Information Science 30(11), 2133-2154.
    Lum K., Isaac W. (2016). To predict and serve? Significance 13(5), 14-19.

    Examples
    --------
    >>> cell, day = [0, 0, 1, 0, 0, 2], [0, 3, 6, 8, 12, 13]
    >>> test = rolling_backtest(
    ...     cell, day, [1, 1, 1, 1], history_days=7, window_days=7, marked_share=0.25
    ... )
    >>> test.hit_rate.round(3).tolist(), test.accuracy.round(3).tolist()
    ([0.667], [2.667])
    """
    where, when, size = _record(cell, day, area)
    for name, length in (("history_days", history_days), ("window_days", window_days)):
        if not 0 < length < np.inf:
            message = f"{name} must be above zero, not {length}"
            raise ValueError(message)
    if not 0 < marked_share < 1:
        message = f"marked_share must lie between 0 and 1, not {marked_share}"
        raise ValueError(message)
    rng = rng if rng is not None else np.random.default_rng()
    score = score if score is not None else _count_by_area(where, size)
    starts = _starts(when, period_days, history_days, window_days)
    rows = np.empty((len(starts), 5))
    for step, start in enumerate(starts):
        past = np.flatnonzero((when >= start - history_days) & (when < start))
        scores = _scores(score, past, float(start), len(size))
        marked = _highest(scores, size, marked_share, rng)
        after = where[(when >= start) & (when < start + window_days)]
        rows[step] = _row(np.bincount(after, minlength=len(size)), size, marked)
        if progress is not None:
            progress(step + 1, len(starts))
    observed, *measures = rows.T
    return RollingBacktest(starts, observed.astype(np.int64), *measures)


def _record(
    cell: ArrayLike, day: ArrayLike, area: ArrayLike
) -> tuple[Longs, Floats, Floats]:
    where, when = np.asarray(cell), np.asarray(day, dtype=np.float64)
    size = np.asarray(area, dtype=np.float64)
    if size.ndim != 1 or not ((size > 0) & np.isfinite(size)).all() or len(size) < 2:
        message = "area must hold two cells or more, each with a size above zero"
        raise ValueError(message)
    if where.ndim != 1 or where.shape != when.shape or not len(where):
        message = "cell and day must hold one value an event, and one event or more"
        raise ValueError(message)
    if not np.isfinite(when).all():
        message = "day must be finite; leave out events whose day is unknown"
        raise ValueError(message)
    if where.dtype.kind not in "iu" or where.min() < 0 or where.max() >= len(size):
        message = f"cell must be whole numbers from 0 to {len(size) - 1}"
        raise ValueError(message)
    return where.astype(np.int64), when, size


def _starts(
    when: Floats,
    period_days: tuple[float, float] | None,
    history_days: float,
    window_days: float,
) -> Floats:
    """First day of each whole window after the first history."""
    first, end = period_days or (np.floor(when.min()), np.floor(when.max()) + 1)
    windows = int(np.floor((end - first - history_days) / window_days + 1e-9))
    if windows < 1:
        message = (
            f"period_days must hold history_days and window_days: {end - first:g} days "
            f"are fewer than {history_days + window_days:g}"
        )
        raise ValueError(message)
    steps = np.arange(windows, dtype=np.float64)
    return np.asarray(first + history_days + window_days * steps)


def _scores(score: Score, past: Longs, start: float, cells: int) -> Floats:
    scores = np.asarray(score(past, start), dtype=np.float64)
    if scores.shape != (cells,) or np.isnan(scores).any():
        message = f"score must give one known number a cell: {cells}"
        raise ValueError(message)
    return scores


def _count_by_area(where: Longs, size: Floats) -> Score:
    return lambda past, _: np.bincount(where[past], minlength=len(size)) / size


def _highest(
    scores: Floats, size: Floats, share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    order = np.lexsort((rng.random(len(scores)), -scores))
    fits = np.cumsum(size[order]) <= share * size.sum() * (1 + 1e-9)
    fits[0] = True
    marked = np.zeros(len(scores), dtype=np.bool_)
    marked[order[fits]] = True
    return marked


def _row(
    count: Longs, size: Floats, marked: NDArray[np.bool_]
) -> tuple[float, float, float, float, float]:
    share = float(size[marked].sum() / size.sum())
    if not count.any():
        return 0.0, share, np.nan, np.nan, np.nan
    found = prediction_accuracy_index(count, size, marked)
    efficiency = prediction_efficiency_index(count, size, marked).estimate
    return float(count.sum()), share, found.observed, found.estimate, efficiency
