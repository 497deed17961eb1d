"""The states of meetings and commitments, and who moves them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from convive.core.models import AuditEntry
from convive.partners.meetings import actions
from convive.partners.models import Commitment
from convive.partners.policies import PartnersRefusedError
from convive.partners.tests.table import BY, days_ago, make_meeting, make_table
from convive.partners.unit import actions as unit_actions
from convive.partners.workflow import (
    AFTER_REVIEW,
    COMMITMENT_MOVES,
    MEETING_MOVES,
    CommitmentStatus,
    MeetingStatus,
    Outcome,
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def table(db):
    return make_table()


def promise(table, meeting, text="Patrol the park", days=3):
    day = timezone.localdate() + timedelta(days=days)
    return actions.record_commitment(
        by=BY, meeting=meeting, seat=table.seat, text=text, due_on=day
    )


def test_the_tables_cover_every_state():
    assert set(MEETING_MOVES) == set(MeetingStatus)
    assert set(COMMITMENT_MOVES) == set(CommitmentStatus)
    assert set(AFTER_REVIEW) == set(Outcome)


@pytest.mark.parametrize("to", list(MeetingStatus))
@pytest.mark.parametrize("now", list(MeetingStatus))
def test_a_meeting_moves_as_the_table_says(table, now, to):
    meeting = make_meeting(table.unit, held=False)
    meeting.status = now
    meeting.save()

    if to in MEETING_MOVES[now]:
        actions.move_meeting(by=BY, meeting=meeting, to=to)
    else:
        with pytest.raises(PartnersRefusedError):
            actions.move_meeting(by=BY, meeting=meeting, to=to)

    meeting.refresh_from_db()
    assert meeting.status == (to if to in MEETING_MOVES[now] else now)


def test_a_meeting_that_has_not_begun_was_not_held(table):
    meeting = make_meeting(table.unit, days=-1, held=False)

    with pytest.raises(PartnersRefusedError, match="not begun"):
        actions.move_meeting(by=BY, meeting=meeting, to=MeetingStatus.HELD)


def test_approved_minutes_no_longer_change(table):
    meeting = make_meeting(table.unit)
    item = meeting.items.get()
    actions.move_meeting(by=BY, meeting=meeting, to=MeetingStatus.APPROVED)
    item.refresh_from_db()

    with pytest.raises(PartnersRefusedError, match="no longer change"):
        actions.write_minutes(by=BY, item=item, title="Other", minutes="Other")
    with pytest.raises(PartnersRefusedError, match="until its minutes are approved"):
        actions.record_decision(by=BY, meeting=meeting, text="A late decision")

    assert not meeting.decisions.exists()


def test_a_commitment_passes_to_who_sits_on_the_seat_next(table, cast):
    commitment = promise(table, make_meeting(table.unit))
    today = timezone.localdate()
    bruno, delia = cast["bruno"], cast["delia"]

    for person, day in ((bruno, today - timedelta(days=1)), (delia, today)):
        unit_actions.seat_holder(
            by=BY, seat=table.seat, name=str(person), user=person, since=day
        )

    assert list(Commitment.objects.of_user(delia.pk, today)) == [commitment]
    assert not Commitment.objects.of_user(bruno.pk, today).exists()


def test_only_who_sits_there_reports_it_done(table, cast):
    commitment = promise(table, make_meeting(table.unit))

    with pytest.raises(PartnersRefusedError, match="Delegate for prevention"):
        actions.report_done(by=cast["emilio"], commitment=commitment, report="Done")

    commitment.refresh_from_db()
    assert commitment.status == CommitmentStatus.OPEN


def test_what_goes_on_gets_its_new_date_and_keeps_the_old_one(table):
    commitment = promise(table, make_meeting(table.unit, 30), days=-20)
    before, after = commitment.due_on, timezone.localdate() + timedelta(days=30)

    review = actions.review_commitment(
        by=BY,
        commitment=commitment,
        meeting=make_meeting(table.unit, 2),
        outcome=Outcome.GOES_ON,
        due_on=after,
    )

    commitment.refresh_from_db()
    assert (commitment.due_on, commitment.status) == (after, CommitmentStatus.OPEN)
    assert (review.due_before, review.due_after) == (before, after)


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.DROPPED])
def test_what_a_meeting_settles_is_settled_on_its_day(table, outcome):
    commitment = promise(table, make_meeting(table.unit, 30))
    meeting = make_meeting(table.unit, 2)

    actions.review_commitment(
        by=BY, commitment=commitment, meeting=meeting, outcome=outcome
    )

    commitment.refresh_from_db()
    assert commitment.settled_on == meeting.day
    assert commitment.status == AFTER_REVIEW[outcome]


def test_a_meeting_does_not_review_what_it_promises_itself(table):
    meeting = make_meeting(table.unit)
    commitment = promise(table, meeting)

    with pytest.raises(PartnersRefusedError, match="earlier meetings"):
        actions.review_commitment(
            by=BY, commitment=commitment, meeting=meeting, outcome=Outcome.DONE
        )


def test_a_meeting_reviews_a_commitment_once(table):
    commitment = promise(table, make_meeting(table.unit, 30))
    meeting = make_meeting(table.unit, 2)
    once = {"by": BY, "commitment": commitment, "meeting": meeting}
    actions.review_commitment(**once, outcome=Outcome.GOES_ON)

    with pytest.raises(PartnersRefusedError, match="reviewed it already"):
        actions.review_commitment(**once, outcome=Outcome.DONE)


def test_a_commitment_is_not_due_before_its_meeting(table):
    meeting = make_meeting(table.unit)

    with pytest.raises(PartnersRefusedError, match="on the day of the meeting or lat"):
        actions.record_commitment(
            by=BY,
            meeting=meeting,
            seat=table.seat,
            text="Too late",
            due_on=meeting.day - timedelta(days=1),
        )


def test_the_next_member_begins_after_the_one_before(table):
    sitting = table.seat.holders.get()

    with pytest.raises(PartnersRefusedError, match="Inspector Peña"):
        unit_actions.seat_holder(
            by=BY, seat=table.seat, name="Sergeant Ruiz", since=sitting.since
        )
    unit_actions.seat_holder(
        by=BY,
        seat=table.seat,
        name="Sergeant Ruiz",
        since=sitting.since + timedelta(days=10),
    )

    sitting.refresh_from_db()
    assert sitting.until == sitting.since + timedelta(days=9)


def test_a_renewal_ends_later_and_takes_the_place_of_the_term(table):
    signed = days_ago(400).date()
    term = unit_actions.sign_agreement(
        by=BY,
        unit=table.unit,
        organisation=table.police,
        title="Shared data",
        signed_on=signed,
        ends_on=signed + timedelta(days=365),
    )
    facts = {
        "by": BY,
        "unit": table.unit,
        "organisation": table.police,
        "title": "Shared data",
        "signed_on": term.ends_on,
        "renews": term,
    }

    with pytest.raises(PartnersRefusedError, match="ends after the day it is signed"):
        unit_actions.sign_agreement(**facts, ends_on=term.ends_on)
    renewal = unit_actions.sign_agreement(
        **facts, ends_on=term.ends_on + timedelta(days=365)
    )

    assert list(table.unit.agreements.current()) == [renewal]


def test_every_deed_stands_in_the_trail_of_the_place(table):
    meeting = make_meeting(table.unit)
    promise(table, meeting)

    entries = AuditEntry.objects.filter(place_path=table.unit.place.path)
    assert entries.filter(sentence__contains="wrote a commitment").count() == 1
    assert entries.filter(sentence__contains="called the meeting").count() == 1
