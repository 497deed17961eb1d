"""The list of organisations, by kind."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from convive.accounts.permissions import places_where
from convive.accounts.roles import Permission
from convive.partners.models import Organisation, OrganisationKind
from convive.partners.permissions import organisations_visible_to
from convive.places.models import Place, PlaceKind

if TYPE_CHECKING:
    from convive.accounts.models import User


@dataclass(frozen=True)
class KindGroup:
    label: str
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True)
class OrganisationList:
    groups: tuple[KindGroup, ...]
    may_add_in: tuple[Place, ...]


def present_organisations(user: User) -> OrganisationList:
    order = {kind: position for position, kind in enumerate(OrganisationKind.values)}
    found = sorted(organisations_visible_to(user), key=lambda one: order[one.kind])
    return OrganisationList(
        groups=tuple(
            KindGroup(str(OrganisationKind(kind).label), tuple(those))
            for kind, those in groupby(found, key=lambda one: one.kind)
        ),
        may_add_in=_places_run_by(user),
    )


def _places_run_by(user: User) -> tuple[Place, ...]:
    """Named one by one; who runs everything adds from a municipality's page."""
    held = [path for path in places_where(user, Permission.RUN_UNIT) if path]
    places = Place.objects.filter(path__in=held, kind=PlaceKind.MUNICIPALITY)
    return tuple(places)
