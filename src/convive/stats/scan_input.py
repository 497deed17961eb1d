"""What a scan is given, checked in plain words, and the windows it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from convive.stats._kernels.scan import Rules

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]

# Whole numbers up to this are exact in 32 bits.
_MOST_CASES = 2**24


def positions(xy_m: ArrayLike) -> Floats:
    xy = np.asarray(xy_m, dtype=np.float64)
    if xy.ndim != 2 or xy.shape[1] != 2 or len(xy) < 2:
        message = (
            "xy_m must hold two or more areas in two columns, x and y in metres, "
            f"not shape {xy.shape}"
        )
        raise ValueError(message)
    if not np.isfinite(xy).all():
        message = "xy_m must be finite; leave out areas whose position is unknown"
        raise ValueError(message)
    return xy


def single_cases(area: ArrayLike, day: ArrayLike, areas: int) -> tuple[Longs, Longs]:
    """Area and day of each case."""
    where, when = _whole_values(area, "area"), _whole_values(day, "day")
    if where.ndim != 1 or where.shape != when.shape or not len(where) >= 2:
        message = (
            "area and day must hold one value a case, for two or more cases, not "
            f"shapes {where.shape} and {when.shape}"
        )
        raise ValueError(message)
    if where.min() < 0 or where.max() >= areas:
        message = f"area must be rows of xy_m, from 0 to {areas - 1}"
        raise ValueError(message)
    if len(np.unique(where)) < 2 or len(np.unique(when)) < 2:
        message = "area and day must differ between cases; else there is no shuffle"
        raise ValueError(message)
    return where, when


def study_period(
    days: Longs, first_day: int | None, last_day: int | None
) -> tuple[int, int]:
    first = int(days.min()) if first_day is None else int(first_day)
    last = int(days.max()) if last_day is None else int(last_day)
    if days.min() < first or days.max() > last:
        message = f"day must be within first_day {first} and last_day {last}"
        raise ValueError(message)
    return first, last


def amounts(values: ArrayLike, name: str, areas: int) -> Floats:
    """Values by area and period, of one period if they have one dimension."""
    given = np.asarray(values, dtype=np.float64)
    table = given[:, None] if given.ndim == 1 else given
    if table.ndim != 2 or len(table) != areas or not table.size:
        message = (
            f"{name} must have a row for each of the {areas} areas of xy_m, and "
            f"a column for each period if any, not shape {given.shape}"
        )
        raise ValueError(message)
    if not np.isfinite(table).all() or (table < 0).any():
        message = f"{name} must be zero or more and finite"
        raise ValueError(message)
    return table


def whole_amounts(values: ArrayLike, name: str, areas: int) -> Floats:
    table = amounts(values, name, areas)
    if (table % 1 != 0).any() or table.sum() < 1:
        message = f"{name} must be whole numbers that are not all zero"
        raise ValueError(message)
    return table


@dataclass(frozen=True)
class Limits:
    """Which circles and windows are looked at, under the names of the arguments."""

    share: tuple[str, float]
    longest: tuple[str, int | None]
    prospective: bool
    min_cases: int

    def rules(self, cases: float, people: float, periods: int) -> Rules:
        from convive.stats._kernels.scan import Rules

        fewest = whole(self.min_cases, "min_cases", 1)
        if not max(2, fewest) <= cases < _MOST_CASES:
            message = (
                f"the cases must be {max(2, fewest)} or more and fewer than "
                f"{_MOST_CASES}, not {cases:.0f}"
            )
            raise ValueError(message)
        longest = self._longest(periods)
        lengths, widths = families(longest)
        # Only the last periods matter to windows that end with them.
        kept = longest if self.prospective else periods
        first_end = kept if self.prospective else 1
        return Rules(kept, longest, first_end, fewest, cases, people, lengths, widths)

    def largest_share(self) -> float:
        name, value = self.share
        if not 0 < value <= 0.5:
            message = f"{name} must be a share above 0 and up to 0.5, not {value!r}"
            raise ValueError(message)
        return float(value)

    def _longest(self, periods: int) -> int:
        name, value = self.longest
        longest = max(1, periods // 2) if value is None else whole(value, name, 1)
        if longest > periods:
            message = f"{name} must be at most the {periods} of the study period"
            raise ValueError(message)
        return longest


def families(longest: int) -> tuple[Longs, Longs]:
    """Windows screened together: two families an octave, by least length and width."""
    lengths, widths = [], []
    length, width = 1, 1
    while length <= longest:
        width = 2 * width if 4 * width <= length else width
        lengths.append(length)
        widths.append(width)
        length += width
    return np.array(lengths), np.array(widths)


def whole(value: int, name: str, least: int) -> int:
    if int(value) != value or value < least:
        message = f"{name} must be a whole number of {least} or more, not {value!r}"
        raise ValueError(message)
    return int(value)


def _whole_values(values: ArrayLike, name: str) -> Longs:
    given = np.asarray(values, dtype=np.float64)
    if not np.isfinite(given).all() or (given % 1 != 0).any():
        message = f"{name} must be whole numbers; leave out cases without it"
        raise ValueError(message)
    return given.astype(np.int64)
