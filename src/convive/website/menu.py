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
            Entry(_("Months"), "observatory:series", P.SEE_FIGURES),
            Entry(_("People"), "observatory:people", P.SEE_FIGURES),
            Entry(_("Where it comes from"), "observatory:origin", P.SEE_FIGURES),
        ),
    ),
    Group(_("Data"), ()),
    Group(_("Unit"), ()),
)

# The pages that the home page sends to; '' while there is none.
IMPORT_PAGE = ""
DRAFTS_PAGE = ""
QUARANTINE_PAGE = ""
JOBS_PAGE = ""
