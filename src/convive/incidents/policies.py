"""What may be done with a draft or a batch, by whom and in which state.

`check_x` raises a sentence, `may_x` answers. Who: the permission in the record's
place. Whether: the moves of the workflow, and that no work on it is under way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.accounts import permissions
from convive.accounts.roles import Permission
from convive.core.models import Job
from convive.incidents.workflow import (
    BATCH_MOVES,
    DRAFT_MOVES,
    BatchStatus,
    DraftStatus,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.incidents.models import Batch, ImportDraft


class ImportRefusedError(Exception):
    """What was asked cannot be done; the sentence says why."""


def may_withdraw(user: User | AnonymousUser, batch: Batch) -> bool:
    """Whether the person holds the permission and the batch still counts."""
    is_live = BatchStatus.WITHDRAWN in BATCH_MOVES[BatchStatus(batch.status)]
    return is_live and permissions.may(
        user, Permission.WITHDRAW_BATCH, batch.place_path
    )


def check_withdraw(user: User | AnonymousUser, batch: Batch) -> None:
    permissions.check(user, Permission.WITHDRAW_BATCH, batch.place_path)
    if not may_withdraw(user, batch):
        raise ImportRefusedError(
            _("Batch %(number)s is %(status)s; that cannot be done now.")
            % {"number": batch.number, "status": batch.get_status_display()}
        )


def check_continue(user: User | AnonymousUser, draft: ImportDraft) -> None:
    """Anyone who may import into the place may go on with its drafts."""
    permissions.check(user, Permission.IMPORT_INCIDENTS, draft.place_path)


def is_busy(draft: ImportDraft) -> bool:
    """Whether the draft is being read, previewed or imported right now."""
    if draft.job_id is None:
        return False
    return Job.objects.filter(pk=draft.job_id).unfinished().exists()


def check_free(draft: ImportDraft) -> None:
    if is_busy(draft):
        raise ImportRefusedError(
            _("Work on this file is under way. Wait for it, or stop it first.")
        )


def may_move(draft: ImportDraft, status: DraftStatus) -> bool:
    return status in DRAFT_MOVES[DraftStatus(draft.status)]


def check_move(draft: ImportDraft, status: DraftStatus) -> None:
    if not may_move(draft, status):
        raise ImportRefusedError(
            _("The file is %(status)s; that cannot be done now.")
            % {"status": draft.get_status_display()}
        )
