"""What the page of a meeting and the list of commitments show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from convive.accounts.permissions import may
from convive.accounts.roles import Permission
from convive.partners import policies
from convive.partners.models import Commitment, Meeting
from convive.partners.permissions import units_visible_to
from convive.partners.workflow import CommitmentStatus, MeetingStatus, Outcome

if TYPE_CHECKING:
    from convive.accounts.models import User
    from convive.partners.models import (
        AgendaItem,
        Attendance,
        Decision,
        Review,
    )


@dataclass(frozen=True)
class ReviewLine:
    review: Review
    outcome: str


@dataclass(frozen=True)
class MeetingPage:
    items: tuple[AgendaItem, ...]
    attendances: tuple[Attendance, ...]
    decisions: tuple[Decision, ...]
    commitments: tuple[Commitment, ...]
    reviews: tuple[ReviewLine, ...]
    to_review: tuple[Commitment, ...]
    may_run: bool
    may_write: bool
    may_record: bool
    may_begin: bool
    may_approve: bool
    may_cancel: bool


@dataclass(frozen=True)
class CommitmentList:
    mine: tuple[Commitment, ...]
    waiting: tuple[Commitment, ...]
    settled: tuple[Commitment, ...]


def present_meeting(meeting: Meeting, user: User) -> MeetingPage:
    runs = may(user, Permission.RUN_UNIT, meeting.unit.place.path)
    begun = meeting.starts_at <= timezone.now()
    return MeetingPage(
        items=tuple(meeting.items.all()),
        attendances=tuple(meeting.attendances.select_related("seat__organisation")),
        decisions=tuple(meeting.decisions.all()),
        commitments=tuple(meeting.commitments.select_related("seat__organisation")),
        reviews=review_lines(meeting),
        to_review=_to_review(meeting),
        may_run=runs,
        may_write=runs and policies.may_write(meeting),
        may_record=runs and policies.may_record(meeting),
        may_begin=runs and begun and policies.may_move(meeting, MeetingStatus.HELD),
        may_approve=runs and policies.may_move(meeting, MeetingStatus.APPROVED),
        may_cancel=runs and policies.may_move(meeting, MeetingStatus.CANCELLED),
    )


def review_lines(meeting: Meeting) -> tuple[ReviewLine, ...]:
    reviews = meeting.reviews.select_related("commitment__seat__organisation")
    return tuple(ReviewLine(r, str(Outcome(r.outcome).label)) for r in reviews)


def _to_review(meeting: Meeting) -> tuple[Commitment, ...]:
    """Commitments of earlier meetings that this one has not spoken of."""
    if not policies.may_write(meeting):
        return ()
    earlier = Commitment.objects.waiting().filter(
        meeting__unit=meeting.unit, meeting__starts_at__lt=meeting.starts_at
    )
    unspoken = earlier.exclude(reviews__meeting=meeting)
    return tuple(unspoken.select_related("seat__organisation"))


def present_commitments(user: User) -> CommitmentList:
    units = units_visible_to(user)
    seen = Commitment.objects.filter(meeting__unit__in=units).select_related(
        "seat__organisation", "meeting__unit"
    )
    waiting = seen.waiting()
    mine = waiting.of_user(user.pk, timezone.localdate())
    settled = seen.filter(status__in=[CommitmentStatus.DONE, CommitmentStatus.DROPPED])
    return CommitmentList(
        mine=tuple(mine),
        waiting=tuple(waiting),
        settled=tuple(settled.order_by("-settled_on")[:50]),
    )
