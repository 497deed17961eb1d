"""Shapes of the pages that lead a file in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.accounts.permissions import places_where
from convive.accounts.roles import Permission
from convive.core.models import Job
from convive.incidents import offices
from convive.incidents.forms.columns import GROUPS, MANDATORY
from convive.incidents.intake import Problem
from convive.incidents.models import ImportDraft, MappingProfile, Nature
from convive.incidents.presenters import words
from convive.places.models import Place, PlaceKind

if TYPE_CHECKING:
    from django.forms import BoundField

    from convive.accounts.models import User
    from convive.incidents.forms.columns import ColumnsForm

SKIPPED = {
    "title": gettext_noop("rows of titles above the headings"),
    "blank": gettext_noop("blank rows"),
    "summary": gettext_noop("rows of subtotals or notes"),
    "repeated header": gettext_noop("headings repeated further down"),
}
ENCODINGS = {
    "workbook": "XLSX, XLS, ODS",
    "cp1252": "Windows-1252",
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16",
}
# A list that is repeated for each row names its places once.
IMPORTABLE = (PlaceKind.COUNTRY, PlaceKind.DEPARTMENT, PlaceKind.MUNICIPALITY)


def import_places(user: User) -> list[tuple[str, str]]:
    """Where the person may import: municipalities and the places above them."""
    chosen: dict[str, str] = {}
    for path in places_where(user, Permission.IMPORT_INCIDENTS):
        inside = Place.objects.within(path).filter(kind__in=IMPORTABLE)
        for place in inside.select_related("parent"):
            around = f", {place.parent.name}" if place.parent else ""
            chosen[place.path] = f"{place.name}{around} ({place.get_kind_display()})"
    return sorted(chosen.items())


@dataclass(frozen=True)
class About:
    """What is said of a draft at the head of each of its pages."""

    file_name: str
    place: str
    office: str
    nature: str
    note: str
    by_name: str


def present_about(draft: ImportDraft) -> About:
    return About(
        file_name=draft.file_name,
        place=words.place_name(draft.place_path),
        office=offices.label(draft.source),
        nature=str(Nature(draft.claim.get("nature", Nature.REAL)).label),
        note=draft.claim.get("note", ""),
        by_name=draft.by_name,
    )


@dataclass(frozen=True)
class Head:
    """The file's first rows, and what of it was not taken for records."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    records: int
    skipped: list[tuple[int, str]]
    encoding: str
    sheet: str
    sheets: list[str]


def present_head(draft: ImportDraft) -> Head:
    reading = draft.reading
    encoding = reading["encoding"]
    return Head(
        headings=reading["headings"],
        rows=list(zip(reading["row_numbers"], reading["rows"], strict=True)),
        records=reading["records"],
        skipped=[(n, _(SKIPPED[why])) for why, n in reading["skipped"].items()],
        encoding=ENCODINGS.get(encoding, encoding.upper()),
        sheet=reading["sheet"],
        sheets=reading["sheets"],
    )


@dataclass(frozen=True)
class ColumnChoice:
    field: BoundField
    is_mandatory: bool
    examples: str


@dataclass(frozen=True)
class ColumnGroup:
    title: str
    choices: list[ColumnChoice]


def present_columns(form: ColumnsForm, head: Head) -> list[ColumnGroup]:
    return [
        ColumnGroup(
            str(title),
            [
                ColumnChoice(
                    form[name], name in MANDATORY, _examples(form[name].value(), head)
                )
                for name in names
            ],
        )
        for title, names in GROUPS.values()
    ]


def _examples(heading: str | None, head: Head) -> str:
    if heading not in head.headings:
        return ""
    at = head.headings.index(heading)
    cells = [cells[at] for _number, cells in head.rows if cells[at]]
    return " · ".join(list(dict.fromkeys(cells))[:3])


def fitting_profiles(draft: ImportDraft) -> list[MappingProfile]:
    """Profiles of the place whose columns are all in the file, the fullest first."""
    present = set(draft.reading["headings"])
    kept = MappingProfile.objects.filter(place_path=draft.place_path)
    fitting = [p for p in kept if set(p.mapping["columns"].values()) <= present]
    own = {p.pk: p.source == draft.source for p in fitting}
    return sorted(
        fitting, key=lambda p: (own[p.pk], len(p.mapping["columns"])), reverse=True
    )


@dataclass(frozen=True)
class SampleRow:
    row: int
    number: str
    day: str
    offence: str
    kind: str
    municipality: str
    sex: str
    age: str


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedRow:
    row: int
    number: str
    changes: list[FieldChange]


@dataclass(frozen=True)
class RejectedCell:
    row: int
    column: str
    value: str
    sentence: str


@dataclass(frozen=True)
class Preview:
    read: int
    new: int
    changed: int
    unchanged: int
    removed: int
    rejected: int
    first: str
    last: str
    new_rows: list[SampleRow]
    unchanged_rows: list[SampleRow]
    removed_rows: list[SampleRow]
    changed_rows: list[ChangedRow]
    rejected_cells: list[RejectedCell]
    reasons: list[tuple[str, int]]
    unclassified: list[tuple[str, int]]
    unclassified_terms: int
    unclassified_rows: int
    kinds: list[str]

    @property
    def is_without_news(self) -> bool:
        return not self.new and not self.changed


def present_preview(draft: ImportDraft) -> Preview:
    kept = draft.preview
    samples = kept["samples"]
    names = _municipalities(samples)
    counts = ("read", "new", "changed", "unchanged", "removed", "rejected")
    return Preview(
        **{name: kept[name] for name in counts},
        first=words.day_text(kept["first"]),
        last=words.day_text(kept["last"]),
        new_rows=[_sample(row, names) for row in samples["new"]],
        unchanged_rows=[_sample(row, names) for row in samples["unchanged"]],
        removed_rows=[_sample(row, names) for row in samples["removed"]],
        changed_rows=[_changed(row) for row in samples["changed"]],
        rejected_cells=_rejected(kept["rejected_rows"]),
        reasons=[(column or words.NOTHING, n) for column, n in kept["reasons"]],
        unclassified=[(text, n) for text, n in kept["unclassified"]],
        unclassified_terms=kept["unclassified_terms"],
        unclassified_rows=kept["unclassified_rows"],
        kinds=[words.value_text("iccs", code) for code in kept["iccs"]],
    )


def _municipalities(samples: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    rows = [*samples["new"], *samples["unchanged"], *samples["removed"]]
    return words.place_names([r["municipality"] for r in rows if r["municipality"]])


def _sample(row: dict[str, Any], municipalities: dict[str, str]) -> SampleRow:
    path = row["municipality"] or ""
    return SampleRow(
        row=row["row"],
        number=row["incident_id"],
        day=words.value_text("occurred_on", row["occurred_on"]),
        offence=row["offence_text"],
        kind=words.value_text("iccs", row["iccs"]),
        municipality=municipalities.get(path, path),
        sex=words.value_text("victim_sex", row["victim_sex"]),
        age=words.value_text("victim_age", row["victim_age"]),
    )


def _changed(row: dict[str, Any]) -> ChangedRow:
    changes = [
        FieldChange(
            words.field_label(name),
            words.value_text(name, before),
            words.value_text(name, after),
        )
        for name, before, after in row["fields"]
    ]
    return ChangedRow(row["row"], row["incident_id"], changes)


def _rejected(rows: list[dict[str, Any]]) -> list[RejectedCell]:
    return [
        RejectedCell(
            row["row"],
            problem["column"] or words.NOTHING,
            problem["value"] or words.NOTHING,
            Problem(**problem).text(),
        )
        for row in rows
        for problem in row["problems"]
    ]


@dataclass(frozen=True)
class WaitingDraft:
    draft: ImportDraft
    place: str
    office: str
    job: Job | None  # under way


def present_waiting(user: User) -> list[WaitingDraft]:
    """Files of the person's places that wait for a decision."""
    held = places_where(user, Permission.IMPORT_INCIDENTS)
    drafts = list(ImportDraft.objects.inside(held).unfinished()[:20])
    names = words.place_names([draft.place_path for draft in drafts])
    running = Job.objects.unfinished().in_bulk([d.job_id for d in drafts if d.job_id])
    return [
        WaitingDraft(
            draft,
            names.get(draft.place_path, draft.place_path),
            offices.label(draft.source),
            running.get(draft.job_id) if draft.job_id else None,
        )
        for draft in drafts
    ]
