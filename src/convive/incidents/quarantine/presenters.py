"""Page shapes of the quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from convive.incidents.models import Batch, RowProblem
from convive.incidents.quarantine import context, downloads
from convive.incidents.quarantine.policies import may_move_row
from convive.incidents.quarantine.selection import (
    Chosen,
    reason_key,
    rows_in,
    with_reason,
)
from convive.incidents.workflow import BatchStatus, QuarantineStatus
from convive.places.models import Place

if TYPE_CHECKING:
    from convive.incidents.intake import Problem
    from convive.incidents.models import QuarantinedRow, QuarantineQuerySet

PAGE_ROWS = 50
_SHOWN_VALUES = 20


@dataclass(frozen=True)
class Reason:
    """A problem that several rows have in one column."""

    text: str
    column: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Alike:
    """Waiting rows of one batch with one value in the chosen column."""

    batch: int
    column: str
    value: str
    count: int
    is_kept: bool


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """A row in the list: each problem as column and value, its sentence is above."""

    row: QuarantinedRow
    place: str
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class QuarantinePage:
    chosen: Chosen
    is_filtered: bool
    total: int
    reasons: tuple[Reason, ...]
    alike: tuple[Alike, ...]
    lines: tuple[Line, ...]
    page: Page[QuarantinedRow]
    batches: tuple[Option, ...]
    places: tuple[Option, ...]
    statuses: tuple[Option, ...]

    @property
    def earlier(self) -> str:
        return self._turned(self.page.number - 1)

    @property
    def later(self) -> str:
        return self._turned(self.page.number + 1)

    def _turned(self, page: int) -> str:
        return f"?{self.chosen.query(page=page)}"


def present_list(places: list[str], chosen: Chosen, page: str) -> QuarantinePage:
    rows = rows_in(places, chosen)
    found = with_reason(rows, chosen)
    page_of = Paginator(found.select_related("batch"), PAGE_ROWS).get_page(page)
    names = dict(Place.objects.values_list("path", "name"))
    everything = rows_in(places, Chosen(status=chosen.status))
    return QuarantinePage(
        chosen=chosen,
        is_filtered=chosen != Chosen(),
        total=page_of.paginator.count,
        reasons=_reasons(rows, chosen),
        alike=_alike(found, chosen),
        lines=tuple(_line(row, names) for row in page_of),
        page=page_of,
        batches=_batches(everything, chosen),
        places=_places(everything, chosen, names),
        statuses=tuple(
            Option(value, str(label), value == chosen.status)
            for value, label in QuarantineStatus.choices
        ),
    )


def _reasons(rows: QuarantineQuerySet, chosen: Chosen) -> tuple[Reason, ...]:
    found = RowProblem.objects.filter(row__in=rows.values("pk"))
    counted = found.values("sentence", "column").annotate(n=Count("row", distinct=True))
    return tuple(
        Reason(
            text=general_text(entry["sentence"]),
            column=entry["column"],
            count=entry["n"],
            url="?" + chosen.query(reason=key, column=entry["column"]),
            is_chosen=key == chosen.reason and entry["column"] == chosen.column,
        )
        for entry in counted.order_by("-n", "column")
        for key in [reason_key(entry["sentence"])]
    )


class _Dots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def general_text(sentence: str) -> str:
    """The sentence of a problem without the values of one row."""
    return (_(sentence) % _Dots()).replace("….", "…")


def _alike(rows: QuarantineQuerySet, chosen: Chosen) -> tuple[Alike, ...]:
    if not chosen.reason or not chosen.column:
        return ()
    if chosen.status != QuarantineStatus.OPEN:
        return ()
    found = RowProblem.objects.filter(row__in=rows.values("pk"), column=chosen.column)
    groups = found.values("row__batch", "value").annotate(n=Count("row", distinct=True))
    shown = list(groups.order_by("-n", "value")[:_SHOWN_VALUES])
    batches = Batch.objects.in_bulk([entry["row__batch"] for entry in shown])
    return tuple(
        Alike(
            batch=entry["row__batch"],
            column=chosen.column,
            value=entry["value"],
            count=entry["n"],
            is_kept=context.is_kept(batches[entry["row__batch"]]),
        )
        for entry in shown
    )


def _line(row: QuarantinedRow, names: dict[str, str]) -> Line:
    path = row.batch.place_path
    problems = tuple(
        (p.column, p.value) if p.column else ("", p.text())
        for p in downloads.problems_of(row)
    )
    return Line(row, names.get(path, path), problems)


def _batches(rows: QuarantineQuerySet, chosen: Chosen) -> tuple[Option, ...]:
    counted = rows.order_by().values("batch", "batch__file_name")
    return tuple(
        Option(
            str(entry["batch"]),
            f"{entry['batch']} · {entry['batch__file_name']} ({entry['n']})",
            entry["batch"] == chosen.batch,
        )
        for entry in counted.annotate(n=Count("pk")).order_by("-batch")
    )


def _places(
    rows: QuarantineQuerySet, chosen: Chosen, names: dict[str, str]
) -> tuple[Option, ...]:
    paths = rows.order_by().values_list("batch__place_path", flat=True).distinct()
    return tuple(
        Option(path, names.get(path, path), path == chosen.place)
        for path in sorted(paths)
    )


@dataclass(frozen=True)
class RowPage:
    row: QuarantinedRow
    batch: Batch
    place: str
    # Problems of no single column of the file.
    general: tuple[Problem, ...]
    unread: tuple[tuple[str, str], ...]  # heading, text: columns nobody mapped
    # Heading, then the text in the file and the corrected one ('' where it is right).
    cells: tuple[tuple[str, tuple[str, str]], ...]
    sentences: tuple[str, ...]
    is_kept: bool
    may_mend: bool
    may_dismiss: bool
    may_reopen: bool
    is_undone: bool
    again_in: Batch | None
    next_url: str
    list_url: str


def present_row(row: QuarantinedRow) -> RowPage:
    batch = row.batch
    read = set(batch.mapping.get("columns", {}).values())
    again = row.again_in
    waits_elsewhere = again is not None and again.status == BatchStatus.RECORDED
    following = (
        batch.quarantine.open().filter(row_number__gt=row.row_number).first()
        or batch.quarantine.open().exclude(pk=row.pk).first()
    )
    place = Place.objects.filter(path=batch.place_path).first()
    headings = batch.headings or list(row.raw)
    may_close = may_move_row(row, QuarantineStatus.DISMISSED) and not waits_elsewhere
    return RowPage(
        row=row,
        batch=batch,
        place=place.name if place else batch.place_path,
        general=tuple(
            problem
            for problem in downloads.problems_of(row)
            if problem.column not in row.raw
        ),
        unread=tuple(
            (heading, row.raw.get(heading, ""))
            for heading in headings
            if heading not in read
        ),
        cells=tuple(
            (heading, (row.raw.get(heading, ""), row.corrected.get(heading, "")))
            for heading in headings
        ),
        sentences=tuple(problem.text() for problem in downloads.problems_of(row)),
        is_kept=context.is_kept(batch),
        may_mend=may_close and context.is_kept(batch),
        may_dismiss=may_close,
        may_reopen=may_move_row(row, QuarantineStatus.OPEN),
        is_undone=batch.status != BatchStatus.RECORDED,
        again_in=again if waits_elsewhere else None,
        next_url=reverse("incidents:quarantine_row", args=[following.pk])
        if following
        else "",
        list_url=f"{reverse('incidents:quarantine')}?{Chosen(batch=batch.pk).query()}",
    )
