"""Days of the week by hours of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from convive.accounts.permissions import may_see_exact
from convive.observatory import compute
from convive.observatory.disclosure import WITHHELD, may_see_groups, shown_groups
from convive.observatory.presenters import About, Table, number, present_about
from convive.stats import rate_ratio

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from numpy.typing import NDArray

    from convive.accounts.models import User
    from convive.observatory.selection import Selection

HOURS = tuple(range(24))
BAND_HOURS = 6  # the week in 28 bands, for the sentence on its peak
SHADES = 5


@dataclass(frozen=True)
class HourCell:
    hour: int
    count: int | None
    text: str
    shade: str  # a class of the stylesheet: heat-0 ... heat-4, heat-withheld


@dataclass(frozen=True)
class DayRow:
    name: str
    cells: tuple[HourCell, ...]
    total: str


@dataclass(frozen=True)
class Calendar:
    about: About
    days: tuple[DayRow, ...]
    legend: tuple[tuple[str, str], ...]  # class, words
    without_hour: str
    sentence: str
    has_withheld: bool
    has_totals: bool
    years: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        return not self.days


def weekdays() -> tuple[str, ...]:
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )


def present_calendar(selection: Selection, user: User | AnonymousUser) -> Calendar:
    about = present_about(selection)
    if not may_see_groups(selection, user):
        years = tuple(selection.years())
        return Calendar(about, (), (), "", "", False, False, years)
    counts, unknown = count_hours(selection)
    shown = shown_groups([*counts.ravel().tolist(), unknown], selection, user)
    cells, known = shown[:-1], int(counts.sum())
    is_exact = may_see_exact(user, selection.where)
    limits = quantile_limits([cell for cell in cells if cell])
    days = _days(cells, limits, has_totals=is_exact) if known else ()
    return Calendar(
        about=about,
        days=days,
        legend=_legend(limits, has_withheld=None in cells),
        without_hour=_without_hour(shown[-1]),
        sentence=peak_sentence(counts) if is_exact or None not in shown else "",
        has_withheld=None in cells,
        has_totals=is_exact,
        years=(),
    )


def count_hours(selection: Selection) -> tuple[NDArray[np.int64], int]:
    """Counts of shape (7, 24) from Monday on, and those without a known hour."""
    counts, unknown = np.zeros((7, 24), dtype=np.int64), 0
    for row in compute.counted(selection, selection.where, ["weekday", "hour"]):
        number_ = int(str(row["incident_count"]))
        if row["hour"] is None:
            unknown += number_
        else:
            counts[int(str(row["weekday"])) - 1, int(str(row["hour"]))] = number_
    return counts, unknown


def quantile_limits(shown: list[int]) -> list[int]:
    """Lower limits of the shades, so that each takes about a fifth of the cells."""
    if not shown:
        return []
    steps = np.quantile(shown, np.arange(1, SHADES) / SHADES, method="higher")
    return sorted({1, *(int(step) for step in steps)})


def _days(
    cells: list[int | None], limits: list[int], *, has_totals: bool
) -> tuple[DayRow, ...]:
    return tuple(
        DayRow(
            name,
            tuple(_cell(hour, line[hour], limits) for hour in HOURS),
            number(sum(filter(None, line))) if has_totals else "",
        )
        for day, name in enumerate(weekdays())
        for line in [cells[24 * day : 24 * day + 24]]
    )


def _cell(hour: int, count: int | None, limits: list[int]) -> HourCell:
    if count is None:
        return HourCell(hour, None, str(WITHHELD), "heat-withheld")
    shade = sum(count >= limit for limit in limits)
    return HourCell(hour, count, number(count), f"heat-{shade}")


def _legend(limits: list[int], *, has_withheld: bool) -> tuple[tuple[str, str], ...]:
    tops = [*(limit - 1 for limit in limits[1:]), None]
    told = [("heat-0", "0")]
    for shade, (low, high) in enumerate(zip(limits, tops, strict=False), start=1):
        text = f"{number(low)}+" if high is None else f"{number(low)}–{number(high)}"
        told.append((f"heat-{shade}", number(low) if low == high else text))
    if has_withheld:
        told.append(("heat-withheld", _("withheld")))
    return tuple(told)


def _without_hour(unknown: int | None) -> str:
    if unknown is None:
        return _("Some incidents have no hour and are not in this table.")
    if not unknown:
        return _("Every incident has an hour.")
    words = _("%(count)s incidents have no hour and are not in this table.")
    return words % {"count": number(unknown)}


def peak_sentence(counts: NDArray[np.int64]) -> str:
    """The busiest of 28 bands of six hours, if it is one beyond chance."""
    bands = counts.reshape(7, 24 // BAND_HOURS, BAND_HOURS).sum(axis=2)
    whole = int(bands.sum())
    if not whole:
        return ""
    heaped = heaped_hour(counts.sum(axis=0))
    if heaped is not None:
        words = _("We cannot tell the busiest part of the week: far more incidents "
                  "stand at %(hour)s:00 than in the hours beside it, so that it may "
                  "stand for an hour that nobody knew.")  # fmt: skip
        return words % {"hour": heaped}
    day, band = np.unravel_index(int(np.argmax(bands)), bands.shape)
    top = int(bands[day, band])
    # The band was picked as the largest of all, so each is given its share of the 5 %.
    ratio = rate_ratio(top, 1, whole - top, bands.size - 1, level=1 - 0.05 / bands.size)
    if ratio.lower <= 1:
        return _("We cannot tell one part of the week from the others: the largest is "
                 "within what chance does.")  # fmt: skip
    facts = {
        "day": weekdays()[int(day)],
        "from": int(band) * BAND_HOURS,
        "until": int(band) * BAND_HOURS + BAND_HOURS,
        "count": number(top),
        "times": number(ratio.estimate, 1) if np.isfinite(ratio.estimate) else "∞",
    }
    return _("The busiest part of the week is %(day)s between %(from)s:00 and "
             "%(until)s:00: %(count)s incidents, %(times)s times the mean of the other "
             "parts. This says when, not why.") % facts  # fmt: skip


def heaped_hour(by_hour: NDArray[np.int64]) -> int | None:
    """Midnight or noon, when it holds more than twice what either neighbour does."""
    for hour in (12, 0):
        beside = max(by_hour[hour - 1], by_hour[(hour + 1) % 24], 1)
        if by_hour[hour] > 2 * beside:
            return hour
    return None


def calendar_table(selection: Selection, user: User | AnonymousUser) -> Table:
    shown = present_calendar(selection, user)
    columns = (_("day"), _("hour"), _("incidents"), _("state"))
    hidden = str(WITHHELD)
    return Table(
        columns,
        [
            [day.name, cell.hour, cell.count, hidden if cell.count is None else ""]
            for day in shown.days
            for cell in day.cells
        ],
    )
