"""Writes to quarantined rows, and the batches that are derived from others."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from convive.core import audit
from convive.incidents.models import Batch, ImportMode, QuarantinedRow, RowProblem
from convive.incidents.quarantine.policies import check_row_moves
from convive.incidents.reference import latest_crosswalk
from convive.incidents.workflow import QuarantineStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Mapping as ByKey

    from convive.core.actors import Actor
    from convive.incidents.intake import Rejected


@audit.action
def begin_derived_batch(
    *, by: Actor, like: Batch, sources: Sequence[Batch], file_name: str, digest: str
) -> Batch:
    """Take a number for rows of earlier batches, mended or classified again.

    It claims no completeness: that stays with the batches it comes from.
    """
    batch = Batch.objects.create(
        place_path=like.place_path,
        source=like.source,
        nature=like.nature,
        note=like.note,
        file_name=file_name,
        file_sha256=digest,
        mode=ImportMode.ADD,
        crosswalk=latest_crosswalk(like.place_path),
        by_id=by.pk,
        by_name=by.get_username(),
        mapping=like.mapping,
        headings=like.headings,
    )
    batch.derived_from.set(sources)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s began to write %(file)s for %(place)s"),
        about=batch,
        place_path=batch.place_path,
        file=file_name,
        place=batch.place_path,
    )
    return batch


@audit.action
def settle_rows(*, by: Actor, batch: Batch, mended: ByKey[int, dict[str, str]]) -> None:
    """Close quarantined rows that, corrected so, count in a batch."""
    rows = QuarantinedRow.objects.select_for_update().filter(
        pk__in=mended, status=QuarantineStatus.OPEN
    )
    for row in rows:
        row.status, row.mended_in = QuarantineStatus.MENDED, batch
        row.corrected = _differences(row, mended[row.pk])
    _save(rows, "status", "mended_in", "corrected")
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s mended %(count)s quarantined rows; they count in batch %(number)s"
        ),
        about=batch,
        place_path=batch.place_path,
        count=len(rows),
        number=batch.number,
    )


@audit.action
def keep_corrections(
    *,
    by: Actor,
    batch: Batch,
    cells: ByKey[int, dict[str, str]],
    rejected: Sequence[Rejected],
) -> None:
    """Remember what was corrected of rows that wait on for another problem."""
    found = {row.row_number: row for row in rejected}
    rows = batch.quarantine.select_for_update().filter(
        row_number__in=found, status=QuarantineStatus.OPEN
    )
    for row in rows:
        row.corrected = _differences(row, cells[row.row_number])
        row.problems = [asdict(problem) for problem in found[row.row_number].problems]
    _save(rows, "corrected", "problems")
    RowProblem.objects.filter(row__in=rows).delete()
    again = [problem for row in rows for problem in row.as_found()]
    RowProblem.objects.bulk_create(again, batch_size=500)
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s corrected %(count)s rows of %(file)s that go on waiting"
        ),
        about=batch,
        place_path=batch.place_path,
        count=len(rows),
        file=batch.file_name,
    )


def _save(rows: Iterable[QuarantinedRow], *fields: str) -> None:
    QuarantinedRow.objects.bulk_update(rows, fields, batch_size=200)


def _differences(row: QuarantinedRow, cells: ByKey[str, str]) -> dict[str, str]:
    return {
        heading: text
        for heading, text in cells.items()
        if row.raw.get(heading, "") != text
    }


@audit.action
def dismiss_row(*, by: Actor, row: QuarantinedRow, reason: str) -> None:
    """Say that a row is no incident, and why. It is kept."""
    _move(row, QuarantineStatus.DISMISSED, reason)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s dismissed row %(row)s of %(file)s: %(reason)s"),
        about=row,
        place_path=row.batch.place_path,
        row=row.row_number,
        file=row.batch.file_name,
        reason=reason,
    )


@audit.action
def reopen_row(*, by: Actor, row: QuarantinedRow) -> None:
    """Let a dismissed row wait again."""
    _move(row, QuarantineStatus.OPEN, "")
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s opened row %(row)s of %(file)s again"),
        about=row,
        place_path=row.batch.place_path,
        row=row.row_number,
        file=row.batch.file_name,
    )


def _move(row: QuarantinedRow, status: QuarantineStatus, reason: str) -> None:
    now = QuarantinedRow.objects.select_for_update().get(pk=row.pk)
    check_row_moves(now, status)
    row.status, row.reason = status, reason
    row.save(update_fields=["status", "reason"])
