"""States of an import draft, a batch and a quarantined row."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftStatus(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    CHECKED = "checked", _("checked, waiting for your decision")
    IMPORTED = "imported", _("imported")
    DISCARDED = "discarded", _("discarded")


class BatchStatus(models.TextChoices):
    WRITING = "writing", _("being written")
    RECORDED = "recorded", _("recorded")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ABANDONED = "abandoned", _("abandoned")


class QuarantineStatus(models.TextChoices):
    OPEN = "open", _("waiting for review")
    MENDED = "mended", _("mended")
    DISMISSED = "dismissed", _("dismissed")


DRAFT_MOVES: dict[DraftStatus, frozenset[DraftStatus]] = {
    DraftStatus.UPLOADED: frozenset(
        {DraftStatus.UPLOADED, DraftStatus.CHECKED, DraftStatus.DISCARDED}
    ),
    # Understood anew, a checked draft must be checked again.
    DraftStatus.CHECKED: frozenset(
        {
            DraftStatus.UPLOADED,
            DraftStatus.CHECKED,
            DraftStatus.IMPORTED,
            DraftStatus.DISCARDED,
        }
    ),
    DraftStatus.IMPORTED: frozenset(),
    DraftStatus.DISCARDED: frozenset(),
}
BATCH_MOVES: dict[BatchStatus, frozenset[BatchStatus]] = {
    BatchStatus.WRITING: frozenset({BatchStatus.RECORDED, BatchStatus.ABANDONED}),
    BatchStatus.RECORDED: frozenset({BatchStatus.WITHDRAWN}),
    BatchStatus.WITHDRAWN: frozenset(),
    BatchStatus.ABANDONED: frozenset(),
}
QUARANTINE_MOVES: dict[QuarantineStatus, frozenset[QuarantineStatus]] = {
    QuarantineStatus.OPEN: frozenset(
        {QuarantineStatus.MENDED, QuarantineStatus.DISMISSED}
    ),
    # Undoing the batch that took the mended row in opens it again.
    QuarantineStatus.MENDED: frozenset({QuarantineStatus.OPEN}),
    QuarantineStatus.DISMISSED: frozenset({QuarantineStatus.OPEN}),
}
