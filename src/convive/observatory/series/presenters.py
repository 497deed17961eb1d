"""Incidents by month beside the year before, and rates by year beside the country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from convive.incidents.compute import months_between
from convive.observatory import compute
from convive.observatory.disclosure import WITHHELD, Withheld, withheld_of
from convive.observatory.presenters import (
    About,
    PlaceRate,
    Table,
    around,
    number,
    present_about,
    rate_line,
    state_word,
)
from convive.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.selection import Selection


@dataclass(frozen=True)
class MonthRow:
    month: date
    count: int | None  # None: withheld or not known
    text: str
    state: str  # final, provisional, withheld, no_data
    before: int | None  # the same month of the year before
    before_text: str

    @property
    def is_provisional(self) -> bool:
        return self.state == "provisional"


@dataclass(frozen=True)
class YearRow:
    year: int
    span: str  # the months of it, when they are not all twelve
    places: tuple[PlaceRate, ...]  # the place, its department, its country


@dataclass(frozen=True)
class Series:
    about: About
    months: tuple[MonthRow, ...]
    years: tuple[YearRow, ...]
    sentence: str
    has_withheld: bool


def present_series(selection: Selection, user: User | AnonymousUser) -> Series:
    hidden = withheld_of(selection, selection.where, user)
    rows = _months(selection, hidden)
    return Series(
        about=present_about(selection),
        months=rows,
        years=_years(selection, user),
        sentence=_year_to_date(selection, hidden),
        has_withheld=any(row.state == "withheld" for row in rows),
    )


def _months(selection: Selection, hidden: Withheld) -> tuple[MonthRow, ...]:
    counts = compute.every_month(selection, selection.where)
    wider = selection.between(_year_before(selection.since), selection.until)
    coverage = compute.coverage_of(wider, selection.where)
    missing, since = set(coverage.months_missing), coverage.provisional_from

    def state_of(month: date) -> str:
        if month in missing:
            return "no_data"
        if month in hidden.months:
            return "withheld"
        return "provisional" if since and month >= since else "final"

    return tuple(
        _month(month, counts, state_of)
        for month in months_between(selection.since, selection.until)
    )


def _month(
    month: date, counts: dict[date, int], state_of: Callable[[date], str]
) -> MonthRow:
    state, before = state_of(month), _year_before(month)
    count, text = _shown(counts.get(month, 0), state)
    earlier, earlier_text = _shown(counts.get(before, 0), state_of(before))
    return MonthRow(month, count, text, state, earlier, earlier_text)


def _shown(count: int, state: str) -> tuple[int | None, str]:
    if state == "no_data":
        return None, _("no data")
    if state == "withheld":
        return None, str(WITHHELD)
    return count, number(count)


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, 1)


def _years(selection: Selection, user: User | AnonymousUser) -> tuple[YearRow, ...]:
    paths = around(selection.where)
    places = Place.objects.in_bulk(paths, field_name="path")
    hidden = {path: withheld_of(selection, path, user) for path in paths}
    rows = []
    for year in selection.years():
        part = selection.between(*_part(selection, year))
        lines = tuple(rate_line(part, places[path], hidden[path]) for path in paths)
        is_whole = part.is_one_year
        span = "" if is_whole else f"{part.since:%m}–{part.until:%m}"
        rows.append(YearRow(year, span, lines))
    return tuple(rows)


def _part(selection: Selection, year: int) -> tuple[date, date]:
    since = max(selection.since, date(year, 1, 1))
    return since, min(selection.until, date(year, 12, 31))


def _year_to_date(selection: Selection, hidden: Withheld) -> str:
    """The last year's months against the same months of the year before."""
    end = selection.until
    later = selection.between(date(end.year, 1, 1), end)
    until = compute.last_day(end.year - 1, end.month)
    earlier = selection.between(date(end.year - 1, 1, 1), until)
    both = (earlier, later)
    where = selection.where
    if any(not compute.coverage_of(part, where).is_complete for part in both):
        return _("The year before is not covered by a file: there is nothing to "
                 "compare with.")  # fmt: skip
    if any(hidden.hides(part.since, part.until) for part in both):
        return _("Small counts are withheld: the two years cannot be compared here.")
    return _compared(later, earlier)


def _compared(later: Selection, earlier: Selection) -> str:
    counts = [compute.total(part, part.where) for part in (later, earlier)]
    people = [compute.person_years(part, part.where) for part in (later, earlier)]
    years = [person.value for person in people if person is not None]
    if len(years) < 2:
        # Without a population the two spans of the same months weigh alike.
        years = [1.0, 1.0]
    ratio = compute.later_against_earlier((counts[0], years[0]), (counts[1], years[1]))
    facts = {
        "later": _span(later),
        "earlier": _span(earlier),
        "count": number(counts[0]),
        "before": number(counts[1]),
        "times": number(ratio.estimate, 2) if np.isfinite(ratio.estimate) else "–",
        "lower": number(ratio.lower, 2),
        "upper": number(ratio.upper, 2) if np.isfinite(ratio.upper) else "∞",
    }
    if ratio.lower > 1:
        words = _("The rate rose: %(count)s incidents in %(later)s against %(before)s "
                  "in %(earlier)s, %(times)s times the rate (95 %% interval %(lower)s "
                  "– %(upper)s).")  # fmt: skip
    elif ratio.upper < 1:
        words = _("The rate fell: %(count)s incidents in %(later)s against %(before)s "
                  "in %(earlier)s, %(times)s times the rate (95 %% interval %(lower)s "
                  "– %(upper)s).")  # fmt: skip
    else:
        words = _("We cannot tell whether the rate rose or fell: %(count)s incidents "
                  "in %(later)s against %(before)s in %(earlier)s, %(times)s times the "
                  "rate (95 %% interval %(lower)s – %(upper)s).")  # fmt: skip
    return " ".join((words % facts, *_cautions(later, is_guess=None in people)))


def _cautions(later: Selection, *, is_guess: bool) -> list[str]:
    said = []
    if is_guess:
        said.append(
            _("No population is loaded: both years are taken to have the same.")
        )
    since = compute.coverage_of(later, later.where).provisional_from
    if since is not None and since <= later.until:
        said.append(_("The last months are provisional and may still grow."))
    return said


def _span(selection: Selection) -> str:
    if selection.is_one_year:
        return str(selection.since.year)
    return f"{selection.since:%m/%Y} – {selection.until:%m/%Y}"


def series_table(selection: Selection, user: User | AnonymousUser) -> Table:
    columns = (
        _("month"),
        _("incidents"),
        _("state"),
        _("same month of the year before"),
    )
    rows = present_series(selection, user).months
    return Table(
        columns,
        [[f"{r.month:%Y-%m}", r.count, state_word(r.state), r.before] for r in rows],
    )


def years_table(selection: Selection, user: User | AnonymousUser) -> Table:
    columns = (
        _("year"),
        _("months"),
        _("place"),
        _("incidents"),
        _("rate per 100,000"),
        _("lower limit (95 %)"),
        _("upper limit (95 %)"),
        _("state"),
    )
    return Table(
        columns,
        [
            [row.year, row.span or "01–12", line.name, *_numbers(line)]
            for row in present_series(selection, user).years
            for line in row.places
        ],
    )


def _numbers(line: PlaceRate) -> list[str | int | float | None]:
    it, state = line.figures, state_word(line.state)
    if it is None:
        return [None, None, None, None, state]
    return [it.count, it.rate, it.lower, it.upper, state]
