"""States of a diagnosis."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DiagnosisStatus(models.TextChoices):
    DRAFT = "draft", _("being filled in")
    AGREED = "agreed", _("agreed")
    REPLACED = "replaced", _("replaced by a later version")


DIAGNOSIS_MOVES: dict[DiagnosisStatus, frozenset[DiagnosisStatus]] = {
    DiagnosisStatus.DRAFT: frozenset({DiagnosisStatus.AGREED}),
    # Agreed once, it changes only by a new version with its reason.
    DiagnosisStatus.AGREED: frozenset({DiagnosisStatus.REPLACED}),
    DiagnosisStatus.REPLACED: frozenset(),
}
