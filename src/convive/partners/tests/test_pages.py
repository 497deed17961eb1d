"""The Unit's pages, as the coordinator and who sits at the table use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from convive.partners.due import due_for
from convive.partners.meetings import actions
from convive.partners.meetings.minutes import minutes_pdf
from convive.partners.models import (
    Attendance,
    Commitment,
    Meeting,
    Organisation,
    Unit,
)
from convive.partners.tests.table import BY, days_ago, make_meeting, make_table
from convive.partners.unit import actions as unit_actions
from convive.partners.workflow import CommitmentStatus, MeetingStatus
from convive.places.tests.sonsonate import SONSONATE, make_sonsonate

HERE = {"path": SONSONATE}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def table(db):
    return make_table()


def client_in_english(client_of, name):
    client = client_of(name)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def alicia(client_of, table):
    return client_in_english(client_of, "alicia")


def post(client, name, data, **kwargs):
    return client.post(reverse(f"partners:{name}", kwargs=kwargs), data)


def test_a_unit_is_founded_and_its_table_set_from_an_empty_page(client_of, db):
    make_sonsonate()
    alicia = client_in_english(client_of, "alicia")

    assert b"no Coordination Unit yet" in alicia.get(reverse("partners:units")).content
    post(alicia, "unit_found", {"name": "Unit"}, **HERE)
    post(alicia, "organisation_add", {"name": "PNC", "kind": "police"}, **HERE)
    police = Organisation.objects.get()
    post(alicia, "seat_add", {"title": "Delegate", "organisation": police.pk}, **HERE)
    seat = Unit.objects.get().seats.get()
    post(alicia, "holder_add", {"name": "Peña", "since": "2009-01-01"}, pk=seat.pk)

    shown = alicia.get(reverse("partners:unit", kwargs=HERE)).content.decode()
    assert "Delegate" in shown
    assert "Peña" in shown


def test_a_second_unit_is_refused_with_a_sentence_and_what_was_typed(alicia):
    answer = post(alicia, "unit_found", {"name": "Another"}, **HERE)

    assert answer.status_code == 422
    assert "has its Coordination Unit already" in answer.content.decode()
    assert "Another" in answer.content.decode()


def test_the_agenda_is_typed_as_lines(alicia, table):
    moment = timezone.localtime() + timedelta(days=5)
    data = {
        "starts_at": moment.strftime("%Y-%m-%dT%H:%M"),
        "venue": "Town hall",
        "agenda": "Firearms ban\n\n  The park \n",
    }

    post(alicia, "meeting_call", data, **HERE)

    meeting = Meeting.objects.get()
    assert [str(item) for item in meeting.items.all()] == [
        "1. Firearms ban",
        "2. The park",
    ]


def test_who_came_stands_in_the_minutes_as_of_that_day(alicia, table):
    meeting = make_meeting(table.unit)
    fields = {
        f"presence_{table.seat.pk}": "present",
        f"name_{table.seat.pk}": "Inspector Peña",
    }

    post(alicia, "attendance", fields, pk=meeting.pk)
    unit_actions.seat_holder(
        by=BY, seat=table.seat, name="Sergeant Ruiz", since=timezone.localdate()
    )

    assert Attendance.objects.get().name == "Inspector Peña"
    shown = alicia.get(reverse("partners:meeting", kwargs={"pk": meeting.pk}))
    assert "Inspector Peña" in shown.content.decode()


def test_a_meeting_shows_what_earlier_ones_promised(alicia, table):
    before = make_meeting(table.unit, 30)
    actions.record_commitment(
        by=BY,
        meeting=before,
        seat=table.seat,
        text="Patrol the park",
        due_on=days_ago(10).date(),
    )
    now = make_meeting(table.unit)
    address = reverse("partners:meeting", kwargs={"pk": now.pk})

    assert "Patrol the park" in alicia.get(address).content.decode()
    commitment = Commitment.objects.get()
    post(alicia, "review", {"outcome": "done"}, pk=now.pk, commitment=commitment.pk)

    commitment.refresh_from_db()
    assert commitment.status == CommitmentStatus.DONE
    assert "It is done" in alicia.get(address).content.decode()


def test_who_promised_is_reminded_until_it_is_reported(client_of, table, cast):
    bruno, alicia = cast["bruno"], cast["alicia"]
    unit_actions.seat_holder(
        by=BY, seat=table.seat, name="Bruno", user=bruno, since=days_ago(5).date()
    )
    commitment = actions.record_commitment(
        by=BY,
        meeting=make_meeting(table.unit),
        seat=table.seat,
        text="Patrol the park",
        due_on=timezone.localdate() + timedelta(days=2),
    )

    assert due_for(bruno).mine == (commitment,)
    client = client_in_english(client_of, "bruno")
    post(client, "report", {"report": "Each evening"}, pk=commitment.pk)

    commitment.refresh_from_db()
    assert commitment.status == CommitmentStatus.REPORTED
    assert due_for(bruno).mine == ()
    assert due_for(alicia).reported_count == 1
    assert due_for(cast["carla"]).reported_count == 0


def test_minutes_are_a_pdf_file_whatever_was_typed(alicia, table):
    meeting = make_meeting(table.unit)
    odd = '#eval("1+1") *bold* $x$ <b> \\ "quoted" ]'
    actions.write_minutes(
        by=BY, item=meeting.items.get(), title=odd[:60], minutes=f"{odd}\nline two"
    )
    actions.record_decision(by=BY, meeting=meeting, text=odd)

    answer = alicia.get(reverse("partners:minutes", kwargs={"pk": meeting.pk}))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert f"acta-sonsonate-{meeting.day}.pdf" in answer["Content-Disposition"]


def test_minutes_say_draft_until_they_are_approved(table):
    meeting = make_meeting(table.unit)
    before = len(minutes_pdf(meeting))

    actions.move_meeting(by=BY, meeting=meeting, to=MeetingStatus.APPROVED)

    assert len(minutes_pdf(meeting)) < before


def test_an_organisation_that_holds_a_seat_stays(alicia, table):
    post(alicia, "organisation_remove", {}, pk=table.police.pk)

    assert Organisation.objects.filter(pk=table.police.pk).exists()


def test_two_organisations_of_a_place_have_different_names(alicia, table):
    name = "POLICIA nacional civil, delegación Sonsonate"

    answer = post(alicia, "organisation_add", {"name": name, "kind": "police"}, **HERE)

    assert "already has an organisation named" in answer.content.decode()
    assert Organisation.objects.count() == 1
