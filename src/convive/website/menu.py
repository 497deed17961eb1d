"""The menu: one line a page. A new page is one new `Entry`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from convive.accounts.roles import Permission


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    permission: Permission | None = None  # None: whoever has signed in


@dataclass(frozen=True)
class Group:
    label: str  # '' stands above the groups
    entries: tuple[Entry, ...]


P = Permission
MENU: tuple[Group, ...] = (
    Group("", (Entry(_("My work"), "home"),)),
    Group(
        _("Figures"),
        (
            Entry(_("Overview"), "observatory:overview", P.SEE_FIGURES),
            Entry(_("Map"), "observatory:map", P.SEE_FIGURES),
            Entry(_("Months"), "observatory:series", P.SEE_FIGURES),
            Entry(_("Week"), "observatory:calendar", P.SEE_FIGURES),
            Entry(_("People"), "observatory:people", P.SEE_FIGURES),
            Entry(_("Beside other municipalities"), "observatory:panel", P.SEE_FIGURES),
            Entry(_("Where it comes from"), "observatory:origin", P.SEE_FIGURES),
        ),
    ),
    Group(
        _("Data"),
        (
            Entry(_("Imports"), "incidents:batches", P.SEE_INCIDENTS),
            Entry(_("In quarantine"), "incidents:quarantine", P.IMPORT_INCIDENTS),
            Entry(_("Offence table"), "incidents:crosswalk", P.EDIT_CROSSWALK),
            Entry(_("Places"), "places:list"),
        ),
    ),
    Group(
        _("Programme"),
        (Entry(_("Diagnosis"), "programme:diagnoses", P.SEE_UNIT),),
    ),
    Group(
        _("Unit"),
        (
            Entry(_("Coordination Unit"), "partners:units", P.SEE_UNIT),
            Entry(_("Commitments"), "partners:commitments", P.SEE_UNIT),
            Entry(_("Organisations"), "partners:organisations", P.SEE_UNIT),
            Entry(_("Members"), "accounts:members", P.MANAGE_MEMBERS),
            Entry(_("Audit trail"), "accounts:audit", P.SEE_AUDIT),
        ),
    ),
)

# The pages that the home page sends to.
IMPORT_PAGE = "incidents:import_upload"
DRAFTS_PAGE = "incidents:batches"
QUARANTINE_PAGE = "incidents:quarantine"
JOBS_PAGE = "core:jobs"
