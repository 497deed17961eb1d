"""What each role may do. The one table of permissions: deny by default."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    ANALYST = "analyst", _("Analyst")
    CASE_WORKER = "case_worker", _("Case worker")
    AGENCY_OFFICER = "agency_officer", _("Agency officer")
    COMMUNITY_LEADER = "community_leader", _("Community leader")
    MINISTRY = "ministry", _("Ministry")
    ADMINISTRATOR = "administrator", _("Administrator")


class Permission(StrEnum):
    SEE_FIGURES = "see_figures"  # aggregates, small counts withheld
    SEE_EXACT_FIGURES = "see_exact_figures"  # aggregates, small counts shown
    SEE_INCIDENTS = "see_incidents"  # records and points
    IMPORT_INCIDENTS = "import_incidents"
    WITHDRAW_BATCH = "withdraw_batch"
    EDIT_CROSSWALK = "edit_crosswalk"
    EDIT_PLACES = "edit_places"
    SEE_UNIT = "see_unit"  # partners, meetings, commitments
    RUN_UNIT = "run_unit"
    SEE_AUDIT = "see_audit"
    MANAGE_MEMBERS = "manage_members"


P = Permission
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(P),
    Role.ANALYST: frozenset(
        {
            P.SEE_FIGURES,
            P.SEE_EXACT_FIGURES,
            P.SEE_INCIDENTS,
            P.IMPORT_INCIDENTS,
            P.WITHDRAW_BATCH,
            P.EDIT_CROSSWALK,
            P.SEE_UNIT,
        }
    ),
    Role.CASE_WORKER: frozenset({P.SEE_FIGURES, P.SEE_UNIT}),
    Role.AGENCY_OFFICER: frozenset({P.SEE_FIGURES, P.SEE_UNIT}),
    Role.COMMUNITY_LEADER: frozenset({P.SEE_FIGURES, P.SEE_UNIT}),
    Role.MINISTRY: frozenset({P.SEE_FIGURES, P.SEE_EXACT_FIGURES, P.SEE_UNIT}),
    Role.ADMINISTRATOR: frozenset({P.SEE_AUDIT, P.MANAGE_MEMBERS, P.EDIT_PLACES}),
}
