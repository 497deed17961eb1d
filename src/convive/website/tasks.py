"""What waits for a person because of the Unit, as lines of the home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convive.partners.due import due_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convive.accounts.models import User
    from convive.partners.due import DueWork
    from convive.partners.models import Agreement, Commitment, Meeting


@dataclass(frozen=True)
class Task:
    """Something that waits: how much, what, and where it is done."""

    number: str
    text: str
    kind: str  # of components/tag.html
    word: str
    url: str
    link: str


def tasks_of_unit(user: User) -> Iterator[Task]:
    due = due_for(user)
    yield from map(_promised, due.mine)
    yield from _counted(due)
    yield from (_meeting(one, _("to write")) for one in due.unwritten)
    yield from (_meeting(one, _("to approve")) for one in due.unapproved)
    yield from map(_ending, due.ending)


def _promised(commitment: Commitment) -> Task:
    day = formats.date_format(commitment.due_on, "d/m/Y")
    return Task(
        number="",
        text=_("You promised: %(text)s (%(day)s)")
        % {"text": commitment.text, "day": day},
        kind="bad" if commitment.is_late else "warning",
        word=_("late") if commitment.is_late else _("due soon"),
        url=reverse("partners:report", kwargs={"pk": commitment.pk}),
        link=_("It is done"),
    )


def _counted(due: DueWork) -> Iterator[Task]:
    url = reverse("partners:commitments")
    if due.late_count:
        text = ngettext(
            "commitment of the Unit is past its day.",
            "commitments of the Unit are past their day.",
            due.late_count,
        )
        number, word = str(due.late_count), _("late")
        yield Task(number, text, "bad", word, url, _("See the commitments"))
    if due.reported_count:
        text = ngettext(
            "commitment is reported done: the next meeting reviews it.",
            "commitments are reported done: the next meeting reviews them.",
            due.reported_count,
        )
        number, word = str(due.reported_count), _("to review")
        yield Task(number, text, "plain", word, url, _("See the commitments"))


def _meeting(meeting: Meeting, word: str) -> Task:
    day = formats.date_format(meeting.day, "d/m/Y")
    text = _("The minutes of the meeting of %(day)s wait.") % {"day": day}
    url = reverse("partners:meeting", kwargs={"pk": meeting.pk})
    return Task("", text, "warning", word, url, _("Open the meeting"))


def _ending(agreement: Agreement) -> Task:
    day = formats.date_format(agreement.ends_on, "d/m/Y")
    facts = {"title": agreement.title, "day": day}
    url = reverse("partners:unit", kwargs={"path": agreement.unit.place.path})
    if agreement.is_over:
        text = _("The agreement “%(title)s” ended on %(day)s.") % facts
        return Task("", text, "bad", _("over"), url, _("Renew it or let it end"))
    text = _("The agreement “%(title)s” ends on %(day)s.") % facts
    return Task("", text, "warning", _("ends soon"), url, _("Renew it or let it end"))
