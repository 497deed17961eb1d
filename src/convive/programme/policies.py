"""What may be done with a diagnosis in the state it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.core.refusals import RefusedError
from convive.programme.workflow import DIAGNOSIS_MOVES, DiagnosisStatus

if TYPE_CHECKING:
    from convive.programme.models import Diagnosis


class ProgrammeRefusedError(RefusedError):
    """A change of the programme that is not possible."""


def may_write(diagnosis: Diagnosis) -> bool:
    return diagnosis.status == DiagnosisStatus.DRAFT


def check_write(diagnosis: Diagnosis) -> None:
    if not may_write(diagnosis):
        raise ProgrammeRefusedError(
            _("Version %(version)s is %(now)s: it changes only by a new version.")
            % {"version": diagnosis.version, "now": diagnosis.get_status_display()}
        )


def check_move(diagnosis: Diagnosis, to: DiagnosisStatus) -> None:
    if to not in DIAGNOSIS_MOVES[DiagnosisStatus(diagnosis.status)]:
        raise ProgrammeRefusedError(
            _("Version %(version)s is %(now)s already.")
            % {"version": diagnosis.version, "now": diagnosis.get_status_display()}
        )
