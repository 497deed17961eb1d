"""Writes about organisations and their contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.core.text import fold
from convive.partners.models import Contact, Organisation, OrganisationKind
from convive.partners.policies import PartnersRefusedError

if TYPE_CHECKING:
    from convive.core.actors import Actor
    from convive.places.models import Place


@audit.action
def add_organisation(
    *,
    by: Actor,
    place: Place,
    name: str,
    kind: OrganisationKind,
    acronym: str = "",
    mandate: str = "",
) -> Organisation:
    _check_name(place, name)
    organisation = Organisation.objects.create(
        place=place,
        name=name,
        key=fold(name),
        kind=kind,
        acronym=acronym,
        mandate=mandate,
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s added the organisation %(name)s"),
        about=organisation,
        place_path=place.path,
        name=name,
    )
    return organisation


@audit.action
def change_organisation(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    kind: OrganisationKind,
    acronym: str,
    mandate: str,
) -> Organisation:
    wanted = {"name": name, "kind": kind, "acronym": acronym, "mandate": mandate}
    changes: dict[str, list[object]] = {
        field: [str(getattr(organisation, field)), str(value)]
        for field, value in wanted.items()
        if getattr(organisation, field) != value
    }
    if not changes:
        audit.unchanged()
        return organisation
    if fold(name) != organisation.key:
        _check_name(organisation.place, name)
    for field, value in wanted.items():
        setattr(organisation, field, value)
    organisation.key = fold(name)
    organisation.save()
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s changed the organisation %(name)s"),
        about=organisation,
        place_path=organisation.place.path,
        name=name,
        changes=changes,
    )
    return organisation


def _check_name(place: Place, name: str) -> None:
    if Organisation.objects.filter(place=place, key=fold(name)).exists():
        raise PartnersRefusedError(
            _("%(place)s already has an organisation named “%(name)s”.")
            % {"place": place.name, "name": name}
        )


@audit.action
def remove_organisation(*, by: Actor, organisation: Organisation) -> None:
    name, path = organisation.name, organisation.place.path
    try:
        organisation.delete()
    except ProtectedError as error:
        raise PartnersRefusedError(
            _("%(name)s holds seats or agreements, so it stays.") % {"name": name}
        ) from error
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s removed the organisation %(name)s"),
        place_path=path,
        name=name,
    )


@audit.action
def add_contact(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    post: str = "",
    phone: str = "",
    email: str = "",
) -> Contact:
    contact = Contact.objects.create(
        organisation=organisation, name=name, post=post, phone=phone, email=email
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s added the contact %(name)s of %(organisation)s"),
        about=organisation,
        place_path=organisation.place.path,
        name=name,
        organisation=organisation.name,
    )
    return contact


@audit.action
def remove_contact(*, by: Actor, contact: Contact) -> None:
    organisation, name = contact.organisation, contact.name
    contact.delete()
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s removed the contact %(name)s of %(organisation)s"
        ),
        about=organisation,
        place_path=organisation.place.path,
        name=name,
        organisation=organisation.name,
    )
