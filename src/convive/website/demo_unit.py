"""The Coordination Unit of the demonstration, from demo/unit.toml."""

from __future__ import annotations

import tomllib
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from convive.accounts.models import User
from convive.core.actors import System
from convive.partners.meetings import actions as meetings
from convive.partners.models import Commitment, Presence, Unit
from convive.partners.organisations import actions as organisations
from convive.partners.unit import actions as unit_actions
from convive.partners.workflow import MeetingStatus, Outcome
from convive.places.models import Place

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from convive.partners.models import Meeting, Organisation, Seat

BY = System("Demostración")
NINE = time(9)


def load_unit(file: Path) -> None:
    """Found it once; the accounts of the cast stand before, to sit at the table."""
    facts = tomllib.loads(file.read_text(encoding="utf-8"))
    place = Place.objects.get(path=facts["place"])
    if Unit.objects.filter(place=place).exists():
        return
    unit = unit_actions.found_unit(
        by=BY,
        place=place,
        name=facts["name"],
        founded_on=facts["founded_on"],
        note=facts["note"],
    )
    partners = {row["key"]: _organisation(row, place) for row in facts["organisation"]}
    seats = [_seat(row, unit, partners) for row in facts["seat"]]
    for row in facts["agreement"]:
        _agreement(row, unit, partners)
    for row in facts["meeting"]:
        _meeting(row, unit, seats)


def _organisation(row: dict[str, Any], place: Place) -> Organisation:
    home = Place.objects.get(path=row["place"]) if "place" in row else place
    return organisations.add_organisation(
        by=BY,
        place=home,
        name=row["name"],
        kind=row["kind"],
        acronym=row.get("acronym", ""),
        mandate=row["mandate"],
    )


def _seat(row: dict[str, Any], unit: Unit, partners: dict[str, Organisation]) -> Seat:
    seat = unit_actions.add_seat(
        by=BY,
        unit=unit,
        organisation=partners[row["organisation"]],
        title=row["title"],
    )
    for holder in row["holders"]:
        user = User.objects.filter(username=holder.get("user", "")).first()
        unit_actions.seat_holder(by=BY, seat=seat, **(holder | {"user": user}))
    return seat


def _agreement(
    row: dict[str, Any], unit: Unit, partners: dict[str, Organisation]
) -> None:
    agreement = unit_actions.sign_agreement(
        by=BY,
        unit=unit,
        organisation=partners[row["organisation"]],
        title=row["title"],
        signed_on=_day(row, "signed"),
        ends_on=_day(row, "ends"),
    )
    if row.get("is_ended"):
        unit_actions.end_agreement(by=BY, agreement=agreement)


def _meeting(row: dict[str, Any], unit: Unit, seats: list[Seat]) -> None:
    day = _day(row, "starts")
    starts_at = timezone.make_aware(datetime.combine(day, NINE))
    meeting = meetings.call_meeting(
        by=BY,
        unit=unit,
        starts_at=starts_at,
        venue=row["venue"],
        agenda=tuple(item["title"] for item in row["item"]),
    )
    if "came" in row:
        _minutes(row, meeting, seats)


def _minutes(row: dict[str, Any], meeting: Meeting, seats: list[Seat]) -> None:
    meetings.move_meeting(by=BY, meeting=meeting, to=MeetingStatus.HELD)
    for written, item in zip(row["item"], meeting.items.all(), strict=True):
        minutes = written.get("minutes", "")
        meetings.write_minutes(by=BY, item=item, title=item.title, minutes=minutes)
    came = {
        seat: (Presence.PRESENT, _sitting(seat))
        if place in row["came"]
        else (Presence.EXCUSED, "")
        for place, seat in enumerate(seats)
    }
    meetings.record_attendance(by=BY, meeting=meeting, came=came)
    for decision in row.get("decision", []):
        meetings.record_decision(by=BY, meeting=meeting, text=decision["text"])
    for review in row.get("review", []):
        _review(review, meeting)
    for made in row.get("commitment", []):
        meetings.record_commitment(
            by=BY,
            meeting=meeting,
            seat=seats[made["seat"]],
            text=made["text"],
            due_on=_day(made, "due"),
        )
    if row.get("approved"):
        meetings.move_meeting(by=BY, meeting=meeting, to=MeetingStatus.APPROVED)


def _review(row: dict[str, Any], meeting: Meeting) -> None:
    meetings.review_commitment(
        by=BY,
        commitment=Commitment.objects.get(text=row["commitment"]),
        meeting=meeting,
        outcome=Outcome(row["outcome"]),
        note=row["note"],
    )


def _sitting(seat: Seat) -> str:
    today = timezone.localdate()
    return seat.holders.on(today).filter(is_alternate=False).get().name


def _day(row: dict[str, Any], what: str) -> date:
    """A day as written, or as a number of days from today."""
    if f"{what}_days" in row:
        return timezone.localdate() + timedelta(days=row[f"{what}_days"])
    written: date = row[f"{what}_on"]
    return written
