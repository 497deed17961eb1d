"""Who sees a Unit and who runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from convive.accounts.permissions import is_within, places_where
from convive.accounts.roles import Permission
from convive.partners.models import Organisation, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from convive.accounts.models import User


def units_visible_to(user: User | AnonymousUser) -> QuerySet[Unit]:
    held = places_where(user, Permission.SEE_UNIT)
    return Unit.objects.inside(held).select_related("place").order_by("name")


def units_run_by(user: User | AnonymousUser) -> QuerySet[Unit]:
    return Unit.objects.inside(places_where(user, Permission.RUN_UNIT))


def may_see_organisation(
    user: User | AnonymousUser, organisation: Organisation
) -> bool:
    """Those of one's municipality, and those of the country that it lies in."""
    own = organisation.place.path
    held = places_where(user, Permission.SEE_UNIT)
    return any(is_within(own, path) or is_within(path, own) for path in held)


def check_organisation(user: User | AnonymousUser, organisation: Organisation) -> None:
    if not may_see_organisation(user, organisation):
        raise PermissionDenied(
            _("Your role does not allow this here. Ask the coordinator of your Unit.")
        )


def organisations_visible_to(user: User | AnonymousUser) -> QuerySet[Organisation]:
    held = places_where(user, Permission.SEE_UNIT)
    found = Organisation.objects.select_related("place")
    if "" in held:
        return found
    wanted = Q(pk__in=[])
    for path in held:
        wanted |= Q(pk__in=Organisation.objects.within(path).values("pk"))
        wanted |= Q(pk__in=Organisation.objects.reaching(path).values("pk"))
    return found.filter(wanted)
