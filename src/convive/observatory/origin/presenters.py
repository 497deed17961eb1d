"""Where a figure comes from: definition, batches, vintage, completeness."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.accounts.permissions import may_see_exact
from convive.incidents import iccs
from convive.incidents.compute import months_between
from convive.observatory import compute
from convive.observatory.disclosure import (
    SMALLEST_SHOWN,
    WITHHELD,
    may_see_groups,
    shown_groups,
    withheld_of,
)
from convive.observatory.people.presenters import DIMENSIONS, breakdown
from convive.observatory.presenters import About, number, percent, present_about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.incidents.compute import Coverage
    from convive.incidents.models import Batch
    from convive.observatory.selection import Selection

PRECISIONS = {
    "coordinates": gettext_noop("by coordinates"),
    "landmark": gettext_noop("by a landmark"),
    "neighbourhood": gettext_noop("by barrio, colonia or canton"),
    "municipality": gettext_noop("by municipality alone"),
}


@dataclass(frozen=True)
class CodeStep:
    code: str
    label: str
    is_verified: bool


@dataclass(frozen=True)
class Part:
    """One line of completeness: how many are known, or known so well."""

    label: str
    count: str
    share: str


@dataclass(frozen=True)
class YearCover:
    year: int
    months: tuple[tuple[str, str], ...]  # class, words: one a month


@dataclass(frozen=True)
class Office:
    name: str
    batches: int
    accepted: str
    quarantined: str
    is_counted: bool


@dataclass(frozen=True)
class BatchRow:
    batch: Batch
    accepted: str
    quarantined: str


@dataclass(frozen=True)
class Origin:
    about: About
    batches: tuple[BatchRow, ...]
    population: compute.PersonYears | None
    code_path: tuple[CodeStep, ...]
    crosswalks: tuple[str, ...]
    offices: tuple[Office, ...]
    covers: tuple[YearCover, ...]
    known: tuple[Part, ...]
    located: tuple[Part, ...]
    years: tuple[int, ...]  # to choose from, where groups need a whole year


def present_origin(selection: Selection, user: User | AnonymousUser) -> Origin:
    batches = compute.sources_behind(selection, selection.where)
    may_see = may_see_groups(selection, user)
    is_exact = may_see_exact(user, selection.where)
    return Origin(
        about=present_about(selection),
        batches=tuple(
            BatchRow(
                batch,
                _of_file(batch.accepted, is_exact=is_exact),
                _of_file(batch.quarantined, is_exact=is_exact),
            )
            for batch in batches
        ),
        population=compute.person_years(selection, selection.where),
        code_path=code_path(selection.what),
        crosswalks=tuple(
            dict.fromkeys(str(b.crosswalk) for b in batches if b.crosswalk is not None)
        ),
        offices=_offices(selection, is_exact=is_exact),
        covers=_covers(selection),
        known=_known(selection, user) if may_see else (),
        located=_located(selection, user) if may_see else (),
        years=() if may_see else tuple(selection.years()),
    )


def code_path(code: str) -> tuple[CodeStep, ...]:
    """'0101' stands below '01': the names from the top down."""
    steps = [entry for entry in iccs.codes().values() if code.startswith(entry.code)]
    steps.sort(key=lambda entry: entry.level)
    return tuple(CodeStep(s.code, iccs.label(s.code), s.is_verified) for s in steps)


def _offices(selection: Selection, *, is_exact: bool) -> tuple[Office, ...]:
    """All that report on the question, counted or not."""
    everyone = [
        batch
        for source in selection.sources or ("",)
        for batch in _batches_of(selection, source)
    ]
    by_name: dict[str, list[Batch]] = {}
    for batch in everyone:
        by_name.setdefault(batch.source, []).append(batch)
    return tuple(
        Office(
            name.upper(),
            len(mine),
            _of_file(sum(batch.accepted for batch in mine), is_exact=is_exact),
            _of_file(sum(batch.quarantined for batch in mine), is_exact=is_exact),
            is_counted=selection.source in {"", name},
        )
        for name, mine in by_name.items()
    )


def _of_file(count: int, *, is_exact: bool) -> str:
    """A correction of one row would tell of one person."""
    is_small = 0 < count < SMALLEST_SHOWN and not is_exact
    return str(WITHHELD) if is_small else number(count)


def _batches_of(selection: Selection, source: str) -> Sequence[Batch]:
    asked = dataclasses.replace(selection, source=source)
    return compute.sources_behind(asked, selection.where)


def _covers(selection: Selection) -> tuple[YearCover, ...]:
    whole = selection.between(
        selection.since.replace(month=1), selection.until.replace(month=12, day=31)
    )
    coverage = compute.coverage_of(whole, selection.where)
    months = months_between(whole.since, whole.until)
    return tuple(
        YearCover(year, tuple(_cover(coverage, m) for m in months if m.year == year))
        for year in selection.years()
    )


def _cover(coverage: Coverage, month: date) -> tuple[str, str]:
    if month in coverage.months_missing:
        return "cover-none", _("no data")
    since = coverage.provisional_from
    if since is not None and month >= since:
        return "cover-provisional", _("provisional")
    return "cover-final", _("final")


def _known(selection: Selection, user: User | AnonymousUser) -> tuple[Part, ...]:
    """Out of the very tables of the people page: two tables would betray each other."""
    hidden = withheld_of(selection, selection.where, user)
    is_hidden = hidden.hides(selection.since, selection.until)
    whole = compute.total(selection, selection.where)
    parts = []
    for name in DIMENSIONS:
        table = breakdown(selection, user, name)
        unknown = [row.number for row in table.rows if not row.is_known]
        if is_hidden or None in unknown:
            known = None
        else:
            known = whole - sum(count or 0 for count in unknown)
        parts.append(_part(table.title, known, whole))
    return tuple(parts)


def _located(selection: Selection, user: User | AnonymousUser) -> tuple[Part, ...]:
    counts = _counts(selection, "precision")
    values = [counts.get(name, 0) for name in PRECISIONS]
    shown = shown_groups(values, selection, user)
    return tuple(
        _part(_(title), count, sum(values))
        for title, count in zip(PRECISIONS.values(), shown, strict=True)
    )


def _counts(selection: Selection, column: str) -> dict[str, int]:
    rows = compute.counted(selection, selection.where, [column])
    return {str(row[column]): int(str(row["incident_count"])) for row in rows}


def _part(label: str, count: int | None, whole: int) -> Part:
    if count is None or not whole:
        return Part(label, _("withheld") if whole else "0", "–")
    return Part(label, number(count), percent(count, whole))


def month_names() -> tuple[str, ...]:
    days = [date(2001, month, 1) for month in range(1, 13)]
    return tuple(formats.date_format(day, "M") for day in days)
