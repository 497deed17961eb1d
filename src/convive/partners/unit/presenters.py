"""What the page of a Unit shows: its table, what is due, and its meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from convive.accounts.permissions import may, places_where
from convive.accounts.roles import Permission
from convive.partners.models import (
    Agreement,
    Commitment,
    Holder,
    Meeting,
    Organisation,
    Seat,
    Unit,
)
from convive.partners.permissions import units_visible_to
from convive.partners.workflow import MeetingStatus
from convive.places.models import Place, PlaceKind

if TYPE_CHECKING:
    from convive.accounts.models import User

MEETINGS_SHOWN = 12


@dataclass(frozen=True)
class TakenSeat:
    seat: Seat
    members: tuple[Holder, ...]
    alternates: tuple[Holder, ...]
    former: tuple[Holder, ...]


@dataclass(frozen=True)
class UnitPage:
    seats: tuple[TakenSeat, ...]
    next_meeting: Meeting | None
    meetings: tuple[Meeting, ...]
    commitments: tuple[Commitment, ...]
    agreements: tuple[Agreement, ...]
    may_run: bool
    has_organisations: bool


@dataclass(frozen=True)
class UnitList:
    units: tuple[Unit, ...]
    without: tuple[Place, ...]  # municipalities that the person may found one in


def present_units(user: User) -> UnitList:
    held = [path for path in places_where(user, Permission.RUN_UNIT) if path]
    towns = Place.objects.filter(path__in=held, kind=PlaceKind.MUNICIPALITY)
    without = towns.filter(unit=None)
    return UnitList(tuple(units_visible_to(user)), tuple(without))


def present_unit(unit: Unit, user: User) -> UnitPage:
    called = unit.meetings.filter(status=MeetingStatus.CALLED)
    waiting = Commitment.objects.waiting().filter(meeting__unit=unit)
    return UnitPage(
        seats=_seats(unit),
        next_meeting=called.order_by("starts_at").first(),
        meetings=tuple(unit.meetings.all()[:MEETINGS_SHOWN]),
        commitments=tuple(waiting.select_related("seat__organisation")),
        agreements=tuple(
            unit.agreements.current().select_related("organisation", "renews")
        ),
        may_run=may(user, Permission.RUN_UNIT, unit.place.path),
        has_organisations=Organisation.objects.reaching(unit.place.path).exists(),
    )


def _seats(unit: Unit) -> tuple[TakenSeat, ...]:
    today = timezone.localdate()
    seats = unit.seats.select_related("organisation").prefetch_related("holders")
    taken = []
    for seat in seats:
        everyone = list(seat.holders.all())
        now = [h for h in everyone if h.until is None or h.until >= today]
        taken.append(
            TakenSeat(
                seat=seat,
                members=tuple(h for h in now if not h.is_alternate),
                alternates=tuple(h for h in now if h.is_alternate),
                former=tuple(h for h in everyone if h not in now),
            )
        )
    return tuple(taken)
