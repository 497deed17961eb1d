"""Writes to quarantined rows that take no row in: dismiss, and open again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from convive.core import audit
from convive.incidents.models import QuarantinedRow
from convive.incidents.policies import check_row_moves
from convive.incidents.workflow import QuarantineStatus

if TYPE_CHECKING:
    from convive.core.actors import Actor


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
