"""Who may change a country's offence table, and read which incidents by it again.

The table belongs to a country, and the people who meet its gaps work in its
municipalities: whoever may edit it in one place of the country may write a version.
All are kept, with who and why, and none is applied to another place's incidents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from convive.accounts.permissions import is_within, places_where
from convive.accounts.roles import Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User


def places_to_classify(user: User | AnonymousUser, country_path: str) -> list[str]:
    """Places of the country whose incidents the person may classify."""
    held = places_where(user, Permission.EDIT_CROSSWALK)
    inside = {path or country_path for path in held if _touches(path, country_path)}
    return sorted(inside)


def _touches(path: str, country_path: str) -> bool:
    return not path or is_within(path, country_path)


def may_edit(user: User | AnonymousUser, country_path: str) -> bool:
    return bool(places_to_classify(user, country_path))


def check_may_edit(user: User | AnonymousUser, country_path: str) -> list[str]:
    """Places whose incidents the person may classify; refuses whoever has none."""
    places = places_to_classify(user, country_path)
    if not places:
        raise PermissionDenied(
            _("Your role does not allow this here. Ask the coordinator of your Unit.")
        )
    return places
