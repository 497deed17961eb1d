"""Writes about meetings: agenda, attendance, decisions, commitments, minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.partners.models import (
    AgendaItem,
    Attendance,
    Commitment,
    Decision,
    Meeting,
    Presence,
    Review,
)
from convive.partners.policies import (
    PartnersRefusedError,
    check_move,
    check_record,
    check_settle,
    check_sits_on,
    check_write,
)
from convive.partners.workflow import (
    AFTER_REVIEW,
    CommitmentStatus,
    MeetingStatus,
    Outcome,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from convive.accounts.models import User
    from convive.core.actors import Actor
    from convive.partners.models import Seat, Unit


def _record(
    by: Actor, meeting: Meeting, sentence: str, *, seat: str = "", text: str = ""
) -> None:
    audit.record(
        by=by,
        sentence=sentence,
        about=meeting,
        place_path=meeting.unit.place.path,
        day=meeting.day.isoformat(),
        seat=seat,
        text=text,
    )


@audit.action
def call_meeting(
    *,
    by: Actor,
    unit: Unit,
    starts_at: datetime,
    venue: str = "",
    agenda: tuple[str, ...] = (),
) -> Meeting:
    meeting = Meeting.objects.create(unit=unit, starts_at=starts_at, venue=venue)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, title=title)
        for position, title in enumerate(agenda, 1)
    )
    _record(by, meeting, gettext_noop("%(by)s called the meeting of %(day)s"))
    return meeting


@audit.action
def move_meeting(*, by: Actor, meeting: Meeting, to: MeetingStatus) -> Meeting:
    check_move(meeting, to)
    meeting.status = to
    meeting.save(update_fields=["status"])
    sentences = {
        MeetingStatus.HELD: gettext_noop("%(by)s began the minutes of %(day)s"),
        MeetingStatus.APPROVED: gettext_noop("%(by)s approved the minutes of %(day)s"),
        MeetingStatus.CANCELLED: gettext_noop(
            "%(by)s cancelled the meeting of %(day)s"
        ),
    }
    _record(by, meeting, sentences[to])
    return meeting


@audit.action
def add_item(*, by: Actor, meeting: Meeting, title: str) -> AgendaItem:
    check_write(meeting)
    last = meeting.items.order_by("-position").first()
    item = AgendaItem.objects.create(
        meeting=meeting, title=title, position=last.position + 1 if last else 1
    )
    sentence = gettext_noop("%(by)s added “%(text)s” to the agenda of %(day)s")
    _record(by, meeting, sentence, text=title)
    return item


@audit.action
def write_minutes(
    *, by: Actor, item: AgendaItem, title: str, minutes: str
) -> AgendaItem:
    check_write(item.meeting)
    if (item.title, item.minutes) == (title, minutes):
        audit.unchanged()
        return item
    item.title, item.minutes = title, minutes
    item.save(update_fields=["title", "minutes"])
    sentence = gettext_noop("%(by)s wrote “%(text)s” in the minutes of %(day)s")
    _record(by, item.meeting, sentence, text=title)
    return item


@audit.action
def record_attendance(
    *, by: Actor, meeting: Meeting, came: Mapping[Seat, tuple[Presence, str]]
) -> None:
    """Write who came for each seat; a name stands in the minutes as it is given."""
    check_record(meeting)
    for seat, (presence, name) in came.items():
        if seat.unit_id != meeting.unit_id:
            raise PartnersRefusedError(_("The seat belongs to another Unit."))
        Attendance.objects.update_or_create(
            meeting=meeting, seat=seat, defaults={"presence": presence, "name": name}
        )
    _record(
        by, meeting, gettext_noop("%(by)s wrote who came to the meeting of %(day)s")
    )


@audit.action
def record_decision(*, by: Actor, meeting: Meeting, text: str) -> Decision:
    check_record(meeting)
    decision = Decision.objects.create(meeting=meeting, text=text)
    sentence = gettext_noop("%(by)s wrote a decision of %(day)s: %(text)s")
    _record(by, meeting, sentence, text=text)
    return decision


@audit.action
def record_commitment(
    *, by: Actor, meeting: Meeting, seat: Seat, text: str, due_on: date
) -> Commitment:
    check_record(meeting)
    if seat.unit_id != meeting.unit_id:
        raise PartnersRefusedError(_("The seat belongs to another Unit."))
    if due_on < meeting.day:
        raise PartnersRefusedError(
            _("A commitment falls due on the day of the meeting or later, not on "
              "%(day)s.")
            % {"day": due_on.isoformat()}
        )  # fmt: skip
    commitment = Commitment.objects.create(
        meeting=meeting, seat=seat, text=text, due_on=due_on
    )
    sentence = gettext_noop("%(by)s wrote a commitment of “%(seat)s”: %(text)s")
    _record(by, meeting, sentence, seat=seat.title, text=text)
    return commitment


@audit.action
def report_done(*, by: User, commitment: Commitment, report: str) -> Commitment:
    """Who sits on the seat says it is done; the next meeting reviews it."""
    check_sits_on(by, commitment)
    check_settle(commitment, CommitmentStatus.REPORTED)
    commitment.status = CommitmentStatus.REPORTED
    commitment.report, commitment.reported_on = report, timezone.localdate()
    commitment.save(update_fields=["status", "report", "reported_on"])
    sentence = gettext_noop("%(by)s reported as done: %(text)s")
    _record(by, commitment.meeting, sentence, text=commitment.text)
    return commitment


@audit.action
def review_commitment(
    *,
    by: Actor,
    commitment: Commitment,
    meeting: Meeting,
    outcome: Outcome,
    note: str = "",
    due_on: date | None = None,
) -> Review:
    """What the meeting says of a commitment of an earlier one."""
    check_record(meeting)
    _check_reviewed(commitment, meeting, outcome, due_on)
    before = commitment.due_on
    commitment.status = AFTER_REVIEW[outcome]
    commitment.due_on = due_on or before
    is_settled = outcome != Outcome.GOES_ON
    commitment.settled_on = meeting.day if is_settled else None
    commitment.save(update_fields=["status", "due_on", "settled_on"])
    review = Review.objects.create(
        commitment=commitment,
        meeting=meeting,
        outcome=outcome,
        note=note,
        due_before=before,
        due_after=commitment.due_on,
    )
    sentences = {
        Outcome.DONE: gettext_noop("%(by)s wrote that it is done: %(text)s"),
        Outcome.GOES_ON: gettext_noop("%(by)s wrote that it goes on: %(text)s"),
        Outcome.DROPPED: gettext_noop("%(by)s wrote that it is dropped: %(text)s"),
    }
    _record(by, meeting, sentences[outcome], text=commitment.text)
    return review


def _check_reviewed(
    commitment: Commitment, meeting: Meeting, outcome: Outcome, due_on: date | None
) -> None:
    check_settle(commitment, AFTER_REVIEW[outcome])
    made = commitment.meeting
    if made.unit_id != meeting.unit_id or made.starts_at >= meeting.starts_at:
        raise PartnersRefusedError(
            _("A meeting reviews the commitments of earlier meetings of its Unit.")
        )
    if commitment.reviews.filter(meeting=meeting).exists():
        raise PartnersRefusedError(_("This meeting has reviewed it already."))
    if due_on is not None and outcome != Outcome.GOES_ON:
        raise PartnersRefusedError(_("Only what goes on gets another date."))
    if due_on is not None and due_on < meeting.day:
        raise PartnersRefusedError(
            _("The new date is the day of the meeting or later.")
        )
