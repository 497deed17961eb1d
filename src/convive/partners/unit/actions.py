"""Writes about a Unit, who sits at its table, and its agreements."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.partners.models import Agreement, Holder, Seat, Unit
from convive.partners.policies import PartnersRefusedError, check_new_unit

if TYPE_CHECKING:
    from datetime import date

    from convive.accounts.models import User
    from convive.core.actors import Actor
    from convive.partners.models import Organisation
    from convive.places.models import Place


@audit.action
def found_unit(
    *,
    by: Actor,
    place: Place,
    name: str,
    founded_on: date | None = None,
    note: str = "",
) -> Unit:
    check_new_unit(place)
    if Unit.objects.filter(place=place).exists():
        raise PartnersRefusedError(
            _("%(place)s has its Coordination Unit already.") % {"place": place.name}
        )
    unit = Unit.objects.create(place=place, name=name, founded_on=founded_on, note=note)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s founded %(name)s"),
        about=unit,
        place_path=place.path,
        name=name,
    )
    return unit


@audit.action
def add_seat(*, by: Actor, unit: Unit, organisation: Organisation, title: str) -> Seat:
    seat, is_new = Seat.objects.get_or_create(
        unit=unit, organisation=organisation, title=title
    )
    if not is_new:
        raise PartnersRefusedError(
            _("%(organisation)s has the seat “%(title)s” already.")
            % {"organisation": organisation.name, "title": title}
        )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s gave %(organisation)s the seat “%(title)s”"),
        about=seat,
        place_path=unit.place.path,
        organisation=organisation.name,
        title=title,
    )
    return seat


@audit.action
def seat_holder(
    *,
    by: Actor,
    seat: Seat,
    name: str,
    since: date,
    user: User | None = None,
    is_alternate: bool = False,
) -> Holder:
    """Sit a person down; whoever sat there as member rises the day before."""
    before = None
    if not is_alternate:
        before = seat.holders.filter(is_alternate=False, until=None).first()
    if before is not None:
        if since <= before.since:
            raise PartnersRefusedError(
                _("%(name)s sits there since %(since)s: the next begins later.")
                % {"name": before.name, "since": before.since.isoformat()}
            )
        before.until = since - timedelta(days=1)
        before.save(update_fields=["until"])
    holder = Holder.objects.create(
        seat=seat, name=name, user=user, is_alternate=is_alternate, since=since
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s sat %(name)s on the seat “%(title)s”"),
        about=seat,
        place_path=seat.unit.place.path,
        name=name,
        title=seat.title,
        changes={"holder": [before.name if before else None, name]},
    )
    return holder


@audit.action
def end_holder(*, by: Actor, holder: Holder, until: date) -> Holder:
    if until < holder.since:
        raise PartnersRefusedError(
            _("%(name)s sits there since %(since)s, so cannot leave before.")
            % {"name": holder.name, "since": holder.since.isoformat()}
        )
    holder.until = until
    holder.save(update_fields=["until"])
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s ended the time of %(name)s on “%(title)s”"),
        about=holder.seat,
        place_path=holder.seat.unit.place.path,
        name=holder.name,
        title=holder.seat.title,
    )
    return holder


@audit.action
def sign_agreement(
    *,
    by: Actor,
    unit: Unit,
    organisation: Organisation,
    title: str,
    signed_on: date,
    ends_on: date,
    renews: Agreement | None = None,
) -> Agreement:
    """Enter an agreement, or the next term of one."""
    _check_term(signed_on, ends_on, renews)
    agreement = Agreement.objects.create(
        unit=unit,
        organisation=organisation,
        title=title,
        signed_on=signed_on,
        ends_on=ends_on,
        renews=renews,
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s entered the agreement “%(title)s” with %(name)s"),
        about=agreement,
        place_path=unit.place.path,
        title=title,
        name=organisation.name,
        changes={"ends_on": [renews and str(renews.ends_on), str(ends_on)]},
    )
    return agreement


def _check_term(signed_on: date, ends_on: date, renews: Agreement | None) -> None:
    if ends_on <= signed_on:
        raise PartnersRefusedError(_("An agreement ends after the day it is signed."))
    if renews is None:
        return
    if Agreement.objects.filter(renews=renews).exists():
        raise PartnersRefusedError(_("This term has been renewed already."))
    if ends_on <= renews.ends_on:
        raise PartnersRefusedError(
            _("A renewal ends after the term it renews: %(day)s.")
            % {"day": renews.ends_on.isoformat()}
        )


@audit.action
def end_agreement(*, by: Actor, agreement: Agreement) -> Agreement:
    """Say that nobody means to renew it, so that it reminds no more."""
    agreement.is_ended = True
    agreement.save(update_fields=["is_ended"])
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s let the agreement “%(title)s” end"),
        about=agreement,
        place_path=agreement.unit.place.path,
        title=agreement.title,
    )
    return agreement
