"""What each of the cast gets from the addresses of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convive.accounts.models import User
from convive.accounts.tests.expectations import FORBIDDEN, SIGN_IN, Expected, only
from convive.partners.meetings import actions as meetings
from convive.partners.models import Contact
from convive.partners.organisations import actions as organisations
from convive.partners.tests.table import BY, days_ago, make_meeting, make_table
from convive.partners.unit import actions as unit_actions
from convive.places.tests.sonsonate import SONSONATE, make_sonsonate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convive.partners.models import Commitment

HERE = {"path": SONSONATE}


def places() -> Mapping[str, Any]:
    make_sonsonate()
    return HERE


def unit() -> Mapping[str, Any]:
    make_table()
    return HERE


def seat() -> Mapping[str, Any]:
    return {"pk": make_table().seat.pk}


def holder() -> Mapping[str, Any]:
    return {"pk": make_table().seat.holders.get().pk}


def agreement() -> Mapping[str, Any]:
    table = make_table()
    made = unit_actions.sign_agreement(
        by=BY,
        unit=table.unit,
        organisation=table.police,
        title="Shared data",
        signed_on=days_ago(400).date(),
        ends_on=days_ago(1).date(),
    )
    return {"pk": made.pk}


def organisation() -> Mapping[str, Any]:
    return {"pk": make_table().police.pk}


def unseated() -> Mapping[str, Any]:
    made = organisations.add_organisation(
        by=BY, place=make_sonsonate(), name="Fundación Sol", kind="ngo"
    )
    return {"pk": made.pk}


def contact() -> Mapping[str, Any]:
    made: Contact = organisations.add_contact(
        by=BY, organisation=make_table().police, name="Inspector Peña"
    )
    return {"pk": made.pk}


def called() -> Mapping[str, Any]:
    return {"pk": make_meeting(make_table().unit, held=False).pk}


def held() -> Mapping[str, Any]:
    return {"pk": make_meeting(make_table().unit).pk}


def to_approve() -> Mapping[str, Any]:
    return held() | {"to": "approved"}


def matter() -> Mapping[str, Any]:
    return {"pk": make_meeting(make_table().unit).items.get().pk}


def _promised() -> Commitment:
    table = make_table()
    before = make_meeting(table.unit, 30)
    return meetings.record_commitment(
        by=BY,
        meeting=before,
        seat=table.seat,
        text="Patrol the park",
        due_on=days_ago(5).date(),
    )


def reviewed() -> Mapping[str, Any]:
    commitment = _promised()
    meeting = make_meeting(commitment.seat.unit)
    return {"pk": meeting.pk, "commitment": commitment.pk}


def of_bruno() -> Mapping[str, Any]:
    """A commitment of the seat on which Bruno sits."""
    commitment = _promised()
    bruno = User.objects.get(username="bruno")
    unit_actions.seat_holder(
        by=BY, seat=commitment.seat, name="Bruno", user=bruno, since=days_ago(3).date()
    )
    return {"pk": commitment.pk}


def seen(prepare: Any = dict) -> Expected:
    """By those of Sonsonate and by the ministry."""
    return Expected(200, {"carla": FORBIDDEN, "citizen": SIGN_IN}, prepare=prepare)


def anyone() -> Expected:
    """Each sees what there is in the places where they hold a role."""
    return Expected(200, {"citizen": SIGN_IN})


def run(prepare: Any) -> Expected:
    return only("alicia", prepare=prepare)


def posted(prepare: Any, **data: Any) -> Expected:
    return only("alicia", status=302, method="post", prepare=prepare, data=data)


URLS: dict[str, list[Expected]] = {
    "partners:units": [anyone()],
    "partners:unit": [seen(unit)],
    "partners:unit_found": [run(places), posted(places, name="Unit of Sonsonate")],
    "partners:seat_add": [run(unit)],
    "partners:holder_add": [
        run(seat),
        posted(seat, name="Sergeant Ruiz", since="2009-02-01"),
    ],
    "partners:holder_end": [run(holder), posted(holder, until="2009-02-01")],
    "partners:agreement_add": [run(unit)],
    "partners:agreement_renew": [
        run(agreement),
        posted(agreement, signed_on="2026-01-01", ends_on="2036-01-01"),
    ],
    "partners:agreement_end": [posted(agreement)],
    "partners:organisations": [anyone()],
    "partners:organisation_add": [
        run(places),
        posted(places, name="Fundación Sol", kind="ngo"),
    ],
    "partners:organisation": [seen(organisation)],
    "partners:organisation_change": [
        run(organisation),
        posted(organisation, name="PNC", kind="police"),
    ],
    "partners:organisation_remove": [posted(unseated), posted(organisation)],
    "partners:contact_add": [run(organisation), posted(organisation, name="Ruiz")],
    "partners:contact_remove": [posted(contact)],
    "partners:meeting_call": [run(unit), posted(unit, starts_at="2026-12-01T09:00")],
    "partners:meeting": [seen(called), seen(held)],
    "partners:minutes": [seen(held)],
    "partners:meeting_move": [posted(to_approve)],
    "partners:item_add": [run(called), posted(called, title="The park")],
    "partners:item_write": [run(matter), posted(matter, title="T", minutes="Said.")],
    "partners:attendance": [run(held)],
    "partners:decision": [run(held), posted(held, text="The ban is proposed.")],
    "partners:commitment": [run(held)],
    "partners:review": [run(reviewed), posted(reviewed, outcome="done")],
    "partners:commitments": [anyone()],
    "partners:report": [
        seen(of_bruno),
        # What the action refuses to those who sit elsewhere stands on the form.
        Expected(
            422,
            {"bruno": 302, "carla": FORBIDDEN, "citizen": SIGN_IN},
            method="post",
            prepare=of_bruno,
            data={"report": "Done every evening."},
        ),
    ],
}
