"""States of a meeting and of a commitment."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingStatus(models.TextChoices):
    CALLED = "called", _("called")
    HELD = "held", _("held, minutes being written")
    APPROVED = "approved", _("minutes approved")
    CANCELLED = "cancelled", _("cancelled")


class CommitmentStatus(models.TextChoices):
    OPEN = "open", _("open")
    REPORTED = "reported", _("reported done, to be reviewed")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class Outcome(models.TextChoices):
    """What a meeting says of a commitment that it reviews."""

    DONE = "done", _("It is done")
    GOES_ON = "goes_on", _("It goes on")
    DROPPED = "dropped", _("It is dropped")


MEETING_MOVES: dict[MeetingStatus, frozenset[MeetingStatus]] = {
    MeetingStatus.CALLED: frozenset({MeetingStatus.HELD, MeetingStatus.CANCELLED}),
    MeetingStatus.HELD: frozenset({MeetingStatus.APPROVED}),
    MeetingStatus.APPROVED: frozenset(),
    MeetingStatus.CANCELLED: frozenset(),
}
# Done for its seat is not done for the Unit until a meeting has reviewed it.
COMMITMENT_MOVES: dict[CommitmentStatus, frozenset[CommitmentStatus]] = {
    CommitmentStatus.OPEN: frozenset(
        {
            CommitmentStatus.OPEN,
            CommitmentStatus.REPORTED,
            CommitmentStatus.DONE,
            CommitmentStatus.DROPPED,
        }
    ),
    CommitmentStatus.REPORTED: frozenset(
        {CommitmentStatus.OPEN, CommitmentStatus.DONE, CommitmentStatus.DROPPED}
    ),
    CommitmentStatus.DONE: frozenset(),
    CommitmentStatus.DROPPED: frozenset(),
}
WAITING = (CommitmentStatus.OPEN, CommitmentStatus.REPORTED)
AFTER_REVIEW = {
    Outcome.DONE: CommitmentStatus.DONE,
    Outcome.GOES_ON: CommitmentStatus.OPEN,
    Outcome.DROPPED: CommitmentStatus.DROPPED,
}
