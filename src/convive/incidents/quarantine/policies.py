"""Whether a move is allowed in this state; permissions say who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convive.incidents.workflow import (
    QUARANTINE_MOVES,
    BatchStatus,
    QuarantineStatus,
)

if TYPE_CHECKING:
    from convive.incidents.models import QuarantinedRow


def check_row_moves(row: QuarantinedRow, status: QuarantineStatus) -> None:
    """Raise a sentence unless a person may move the row there."""
    if row.batch.status != BatchStatus.RECORDED:
        raise ValidationError(
            _("The import of %(file)s was undone: its rows wait for nothing.")
            % {"file": row.batch.file_name}
        )
    if row.status == QuarantineStatus.MENDED:
        raise ValidationError(
            _("Row %(row)s counts in batch %(number)s. Undo that batch to mend the "
              "row again.")
            % {"row": row.row_number, "number": row.mended_in_id}
        )  # fmt: skip
    if status not in QUARANTINE_MOVES[QuarantineStatus(row.status)]:
        raise ValidationError(
            _("Row %(row)s is %(status)s; that cannot be done now.")
            % {"row": row.row_number, "status": row.get_status_display()}
        )


def may_move_row(row: QuarantinedRow, status: QuarantineStatus) -> bool:
    try:
        check_row_moves(row, status)
    except ValidationError:
        return False
    return True
