"""What waits for a person because of the Unit: promises, meetings, agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from convive.partners.models import RENEWAL_NOTICE, Agreement, Commitment, Meeting
from convive.partners.permissions import units_run_by
from convive.partners.workflow import CommitmentStatus, MeetingStatus

if TYPE_CHECKING:
    from convive.accounts.models import User

# Who promised something is reminded so long before.
REMINDER = timedelta(days=7)


@dataclass(frozen=True)
class DueWork:
    """For who sits on a seat: `mine`; for who runs the Unit, the rest."""

    mine: tuple[Commitment, ...]  # due within a week, or late
    late_count: int
    reported_count: int
    unwritten: tuple[Meeting, ...]  # their day has passed, their minutes have not begun
    unapproved: tuple[Meeting, ...]
    ending: tuple[Agreement, ...]


def due_for(user: User) -> DueWork:
    today = timezone.localdate()
    mine = Commitment.objects.due_by(today + REMINDER).of_user(user.pk, today)
    units = units_run_by(user)
    theirs = Commitment.objects.filter(meeting__unit__in=units)
    meetings = Meeting.objects.filter(unit__in=units)
    past = meetings.filter(status=MeetingStatus.CALLED, starts_at__lt=timezone.now())
    ending = Agreement.objects.ending_by(today + RENEWAL_NOTICE)
    return DueWork(
        mine=tuple(mine),
        late_count=theirs.due_by(today - timedelta(days=1)).count(),
        reported_count=theirs.filter(status=CommitmentStatus.REPORTED).count(),
        unwritten=tuple(past.order_by("starts_at")),
        unapproved=tuple(meetings.filter(status=MeetingStatus.HELD)),
        ending=tuple(ending.filter(unit__in=units).select_related("unit__place")),
    )
