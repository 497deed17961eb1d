"""Who may see and mend quarantined rows: whoever imports into the file's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from convive.accounts.permissions import check, places_where
from convive.accounts.roles import Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.incidents.models import Batch


def check_may_mend(user: User | AnonymousUser, batch: Batch) -> None:
    check(user, Permission.IMPORT_INCIDENTS, batch.place_path)


def places_to_mend(user: User | AnonymousUser) -> list[str]:
    """Places whose files the person may mend; refuses whoever has none."""
    places = places_where(user, Permission.IMPORT_INCIDENTS)
    if not places:
        raise PermissionDenied(
            _("Your role does not allow this here. Ask the coordinator of your Unit.")
        )
    return places
