"""What the presenters show, in the shapes of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.incidents import iccs
from convive.observatory.calendar.presenters import present_calendar
from convive.observatory.origin.presenters import present_origin
from convive.observatory.overview.presenters import present_overview
from convive.observatory.people.presenters import present_people
from convive.observatory.presenters import Figures, PlaceRate, present_about
from convive.observatory.schemas import (
    AboutOut,
    BatchOut,
    CalendarOut,
    GroupOut,
    HourOut,
    MonthOut,
    OffenceOut,
    OfficeOut,
    OriginOut,
    PeopleOut,
    RateOut,
    RatesOut,
    SeriesOut,
)
from convive.observatory.series.presenters import present_series

if TYPE_CHECKING:
    from convive.accounts.models import User
    from convive.incidents.iccs import Code
    from convive.observatory.selection import Selection


def about_of(selection: Selection) -> AboutOut:
    about = present_about(selection)
    return AboutOut(
        title=about.title,
        what=selection.what,
        where=selection.where,
        since=selection.since,
        until=selection.until,
        known_on=about.known_on,
        source=about.source,
        nature=about.nature,
        is_simulated=about.is_simulated,
        is_complete=about.is_complete,
        provisional_from=about.provisional_from,
        batches=list(about.batches),
        notes=list(about.notes),
    )


def offence_of(code: Code) -> OffenceOut:
    return OffenceOut(
        code=code.code,
        level=code.level,
        name_es=code.name_es,
        name_en=code.name_en,
        is_verified=code.is_verified,
    )


def rates(selection: Selection, user: User) -> tuple[RatesOut, int]:
    shown = present_overview(selection, user)
    lines = [_rate(line) for line in shown.places]
    about, sentences = about_of(selection), list(shown.sentences)
    return RatesOut(about=about, places=lines, sentences=sentences), len(lines)


def _rate(line: PlaceRate) -> RateOut:
    it = line.figures
    return RateOut(
        place=line.path,
        name=line.name,
        count=it.count if it else None,
        state=line.state,
        note=line.note,
        **_limits(it),
    )


def _limits(it: Figures | None) -> dict[str, float | None]:
    return {
        "person_years": it.person_years if it else None,
        "rate_per_100k": it.rate if it else None,
        "lower_95": it.lower if it else None,
        "upper_95": it.upper if it else None,
    }


def series(selection: Selection, user: User) -> tuple[SeriesOut, int]:
    shown = present_series(selection, user)
    months = [
        MonthOut(
            month=f"{row.month:%Y-%m}",
            count=row.count,
            year_before=row.before,
            state=row.state,
        )
        for row in shown.months
    ]
    about = about_of(selection)
    answer = SeriesOut(about=about, months=months, sentence=shown.sentence)
    return answer, len(months)


def calendar(selection: Selection, user: User) -> tuple[CalendarOut, int]:
    shown = present_calendar(selection, user)
    hours = [
        HourOut(weekday=weekday, hour=cell.hour, count=cell.count)
        for weekday, day in enumerate(shown.days, start=1)
        for cell in day.cells
    ]
    answer = CalendarOut(
        about=about_of(selection),
        hours=hours,
        without_hour=shown.without_hour,
        note=_one_year() if shown.years else "",
    )
    return answer, len(hours)


def people(selection: Selection, user: User) -> tuple[PeopleOut, int]:
    shown = present_people(selection, user)
    groups = [
        GroupOut(
            table=part.name, group=row.value, count=row.number, is_known=row.is_known
        )
        for part in shown.breakdowns
        for row in part.rows
    ]
    note = _one_year() if shown.years else ""
    answer = PeopleOut(about=about_of(selection), groups=groups, note=note)
    return answer, len(groups)


def _one_year() -> str:
    return _("To protect persons, groups and hours are given for one whole calendar "
             "year at a time: ask from January to December of one year.")  # fmt: skip


def origin(selection: Selection, user: User) -> tuple[OriginOut, int]:
    shown = present_origin(selection, user)
    codes = iccs.codes()
    batches = [
        BatchOut(
            number=batch.number,
            source=batch.source,
            nature=batch.nature,
            file_name=batch.file_name,
            covers_from=batch.covers_from,
            covers_until=batch.covers_until,
        )
        for batch in (row.batch for row in shown.batches)
    ]
    people_ = shown.population
    answer = OriginOut(
        about=about_of(selection),
        offence=[offence_of(codes[step.code]) for step in shown.code_path],
        crosswalks=list(shown.crosswalks),
        offices=[
            OfficeOut(name=o.name, batches=o.batches, is_counted=o.is_counted)
            for o in shown.offices
        ],
        batches=batches,
        population_sources=list(people_.sources) if people_ else [],
    )
    return answer, len(batches)
