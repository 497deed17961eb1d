"""A Unit of Sonsonate with seats and meetings, for tests that need one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from convive.core.actors import System
from convive.partners.meetings import actions as meetings
from convive.partners.models import OrganisationKind
from convive.partners.organisations import actions as organisations
from convive.partners.unit import actions as unit_actions
from convive.partners.workflow import MeetingStatus
from convive.places.tests.sonsonate import make_sonsonate

if TYPE_CHECKING:
    from convive.partners.models import Meeting, Organisation, Seat, Unit

BY = System()


@dataclass(frozen=True)
class Table:
    unit: Unit
    police: Organisation
    seat: Seat


def days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def make_table() -> Table:
    place = make_sonsonate()
    unit = unit_actions.found_unit(by=BY, place=place, name="Unit of Sonsonate")
    police = organisations.add_organisation(
        by=BY,
        place=place,
        name="Policía Nacional Civil, delegación Sonsonate",
        kind=OrganisationKind.POLICE,
        acronym="PNC",
    )
    seat = unit_actions.add_seat(
        by=BY, unit=unit, organisation=police, title="Delegate for prevention"
    )
    unit_actions.seat_holder(
        by=BY, seat=seat, name="Inspector Peña", since=date(2009, 1, 1)
    )
    return Table(unit, police, seat)


def make_meeting(unit: Unit, days: int = 2, *, held: bool = True) -> Meeting:
    """A meeting of so many days ago; its minutes are being written unless not held."""
    meeting = meetings.call_meeting(
        by=BY, unit=unit, starts_at=days_ago(days), agenda=("Firearms ban",)
    )
    if held:
        meetings.move_meeting(by=BY, meeting=meeting, to=MeetingStatus.HELD)
    return meeting
