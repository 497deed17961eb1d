"""A panel: one row a unit, one column a period, and where something was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]

# Largest distance from the optimal sum of squares for outcomes of unit variance.
TOLERANCE = 1e-9


def checked_panel(outcomes: ArrayLike, treated: int, pre_periods: int) -> Floats:
    """Outcomes as a table, or the reason why they cannot be compared."""
    if np.ndim(treated):
        message = f"treated must be one row, not {treated!r}"
        raise ValueError(message)
    return checked_rows(outcomes, [treated], pre_periods)[0]


def checked_rows(
    outcomes: ArrayLike, treated: Sequence[int] | Longs, pre_periods: int
) -> tuple[Floats, Longs]:
    """The table and the rows where something was done."""
    table = np.asarray(outcomes, dtype=np.float64)
    if table.ndim != 2 or len(table) < 3:
        message = "outcomes must have a row a unit, at least three: one and two donors"
        raise ValueError(message)
    if not np.isfinite(table).all():
        message = "outcomes must be finite; leave out units or periods that are unknown"
        raise ValueError(message)
    if not 2 <= pre_periods < table.shape[1]:
        message = (
            f"pre_periods must lie between 2 and {table.shape[1] - 1}, so that a "
            f"period follows, not {pre_periods}"
        )
        raise ValueError(message)
    rows = np.asarray(treated)
    is_row = rows.ndim == 1 and rows.size and np.issubdtype(rows.dtype, np.integer)
    if not is_row or rows.min() < 0 or rows.max() >= len(table):
        named = treated[0] if len(treated) == 1 else treated
        message = f"treated must be a row from 0 to {len(table) - 1}, not {named}"
        raise ValueError(message)
    if len(np.unique(rows)) < len(rows):
        message = f"treated must name each row once, not {treated}"
        raise ValueError(message)
    return table, rows.astype(np.int64)


def checked_level(level: float) -> float:
    """A confidence level."""
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    return level


def scale_of(before: Floats) -> float:
    """Standard deviation of the outcomes around the mean of their period."""
    return float((before - before.mean(axis=0)).std()) or 1.0


def gram_of(before: Floats) -> Floats:
    """Products of the units' series, scaled and centred: neither moves the optimum.

    Weights sum to one, so a number taken from all units in a period cancels out.
    """
    centred = np.ascontiguousarray(before - before.mean(axis=0)) / scale_of(before)
    return np.asarray(centred @ centred.T)


def rmspe(gap: Floats, pre_periods: int) -> tuple[Floats, Floats]:
    """Root mean squared gaps before and after."""
    squares = gap**2
    before, after = squares[..., :pre_periods], squares[..., pre_periods:]
    return np.sqrt(before.mean(axis=-1)), np.sqrt(after.mean(axis=-1))


def ratio_of(pre: Floats, post: Floats, before: Floats) -> Floats:
    """After over before; a perfect fit before leaves only rounding to divide by."""
    return np.asarray(post / np.maximum(pre, scale_of(before) * 1e-9))
