"""What every page's frame needs: the menu of rooms this person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

import convive
from convive.accounts.permissions import may_somewhere
from convive.accounts.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class MenuItem:
    label: str
    url: str
    is_current: bool


def page_frame(request: HttpRequest) -> dict[str, Any]:
    return {"menu": _menu(request), "version": convive.__version__}


def _menu(request: HttpRequest) -> list[MenuItem]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    rooms = [(_("My work"), "home")]
    if may_somewhere(user, Permission.SEE_FIGURES):
        rooms += [
            (_("Figures"), "observatory:overview"),
            (_("Map"), "observatory:map"),
            (_("Months"), "observatory:series"),
            (_("Week"), "observatory:calendar"),
            (_("People"), "observatory:people"),
            (_("Where it comes from"), "observatory:origin"),
            (_("Beside other municipalities"), "observatory:panel"),
        ]
    if may_somewhere(user, Permission.MANAGE_MEMBERS):
        rooms.append((_("Members"), "accounts:members"))
    if may_somewhere(user, Permission.SEE_AUDIT):
        rooms.append((_("Audit trail"), "accounts:audit"))
    rooms += [(_("Places"), "places:list")]
    if may_somewhere(user, Permission.SEE_INCIDENTS):
        rooms.append((_("Imports"), "incidents:batches"))
    if may_somewhere(user, Permission.IMPORT_INCIDENTS):
        rooms.append((_("In quarantine"), "incidents:quarantine"))
    if may_somewhere(user, Permission.EDIT_CROSSWALK):
        rooms.append((_("Offence table"), "incidents:crosswalk"))
    return [
        MenuItem(label, reverse(name), request.path == reverse(name))
        for label, name in rooms
    ]
