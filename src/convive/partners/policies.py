"""What may be done with a meeting, a commitment or a seat in the state it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from convive.core.refusals import RefusedError
from convive.partners.models import Holder
from convive.partners.workflow import (
    COMMITMENT_MOVES,
    MEETING_MOVES,
    CommitmentStatus,
    MeetingStatus,
)
from convive.places.models import PlaceKind

if TYPE_CHECKING:
    from convive.accounts.models import User
    from convive.partners.models import Commitment, Meeting
    from convive.places.models import Place


class PartnersRefusedError(RefusedError):
    """A change about partners that is not possible."""


def check_new_unit(place: Place) -> None:
    if place.kind != PlaceKind.MUNICIPALITY:
        raise PartnersRefusedError(
            _("A Coordination Unit belongs to a municipality; %(place)s is none.")
            % {"place": place.name}
        )


def may_move(meeting: Meeting, to: MeetingStatus) -> bool:
    return to in MEETING_MOVES[MeetingStatus(meeting.status)]


def check_move(meeting: Meeting, to: MeetingStatus) -> None:
    if not may_move(meeting, to):
        raise PartnersRefusedError(
            _("The meeting is %(now)s, so it cannot become “%(wanted)s”.")
            % {"now": meeting.get_status_display(), "wanted": to.label}
        )
    if to == MeetingStatus.HELD and meeting.starts_at > timezone.now():
        raise PartnersRefusedError(_("The meeting has not begun yet."))


def may_write(meeting: Meeting) -> bool:
    """Whether its agenda and minutes can still change."""
    return meeting.status in {MeetingStatus.CALLED, MeetingStatus.HELD}


def check_write(meeting: Meeting) -> None:
    if not may_write(meeting):
        raise PartnersRefusedError(
            _("The meeting is %(now)s: its minutes no longer change.")
            % {"now": meeting.get_status_display()}
        )


def may_record(meeting: Meeting) -> bool:
    """Decisions, commitments and attendance are of meetings that took place."""
    return meeting.status == MeetingStatus.HELD


def check_record(meeting: Meeting) -> None:
    if not may_record(meeting):
        raise PartnersRefusedError(
            _("Attendance, decisions and commitments are written once the meeting has "
              "been held and until its minutes are approved.")
        )  # fmt: skip


def may_settle(commitment: Commitment, to: CommitmentStatus) -> bool:
    return to in COMMITMENT_MOVES[CommitmentStatus(commitment.status)]


def check_settle(commitment: Commitment, to: CommitmentStatus) -> None:
    if not may_settle(commitment, to):
        raise PartnersRefusedError(
            _("The commitment is %(now)s already.")
            % {"now": commitment.get_status_display()}
        )


def sits_on(user: User, commitment: Commitment) -> bool:
    """Whether the person sits on the seat that made the commitment, today."""
    today = timezone.localdate()
    held = Holder.objects.on(today).filter(seat=commitment.seat_id, user=user)
    return held.exists()


def check_sits_on(user: User, commitment: Commitment) -> None:
    if not sits_on(user, commitment):
        raise PartnersRefusedError(
            _("Only who sits on the seat “%(seat)s” reports on its commitments.")
            % {"seat": commitment.seat.title}
        )
