"""The minutes of a meeting as a PDF file, set by Typst."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from convive.partners.meetings.presenters import review_lines
from convive.partners.workflow import MeetingStatus

if TYPE_CHECKING:
    from datetime import date

    from convive.partners.models import Meeting

# All texts arrive as data: nothing that was typed is read as markup.
_PAGE = b"""
#let facts = json(bytes(sys.inputs.facts))
#set document(title: facts.title)
#set text(font: "Libertinus Serif", lang: facts.language, size: 11pt)
#set page(paper: "a4", margin: 2.2cm, footer: context [
  #set text(size: 9pt)
  #facts.footer #h(1fr) #counter(page).display("1 / 1", both: true)])
#set par(justify: true)
= #facts.title
#facts.when
#if facts.draft != "" [ #block(stroke: 0.6pt, inset: 6pt)[#strong(facts.draft)] ]
#for part in facts.parts [
  == #part.title
  #if part.rows.len() == 0 [ #emph(part.empty) ]
  #if part.columns.len() > 0 and part.rows.len() > 0 {
    table(
      columns: part.columns.map(c => 1fr),
      stroke: 0.4pt,
      table.header(..part.columns.map(c => strong(c))),
      ..part.rows.flatten().map(c => [#c]),
    )
  } else {
    for row in part.rows [
      #strong(row.at(0)) \\
      #for line in row.at(1).split("\\n") [ #line \\ ]
      #v(0.3em)
    ]
  }
]
#v(2.5cm)
#line(length: 40%, stroke: 0.5pt)
#facts.signature
"""


def minutes_pdf(meeting: Meeting) -> bytes:
    import typst

    facts = json.dumps(_facts(meeting), ensure_ascii=False)
    made: bytes = typst.compile(_PAGE, sys_inputs={"facts": facts})
    return made


def _facts(meeting: Meeting) -> dict[str, Any]:
    at = timezone.localtime(meeting.starts_at)
    is_final = meeting.status == MeetingStatus.APPROVED
    where = f" · {meeting.venue}" if meeting.venue else ""
    return {
        "language": translation.get_language() or "es",
        "title": _("Minutes of %(unit)s") % {"unit": meeting.unit.name},
        "when": f"{formats.date_format(at, 'DATETIME_FORMAT')}{where}",
        "draft": "" if is_final else str(_("Draft: not approved yet")),
        "footer": meeting.unit.name,
        "signature": _("For the Coordination Unit"),
        "parts": [
            _attendance(meeting),
            _items(meeting),
            _decisions(meeting),
            _commitments(meeting),
            _reviews(meeting),
        ],
    }


def _part(
    title: str, rows: list[list[str]], empty: str, columns: list[str] | None = None
) -> dict[str, Any]:
    return {"title": title, "rows": rows, "empty": empty, "columns": columns or []}


def _attendance(meeting: Meeting) -> dict[str, Any]:
    rows = [
        [str(one.seat), str(one.get_presence_display()), one.name]
        for one in meeting.attendances.select_related("seat__organisation")
    ]
    columns = [_("Seat"), _("Presence"), _("Name")]
    return _part(_("Attendance"), rows, _("Not written down."), columns)


def _items(meeting: Meeting) -> dict[str, Any]:
    rows = [[str(item), item.minutes or "–"] for item in meeting.items.all()]
    return _part(_("Agenda"), rows, _("No matter was on the agenda."))


def _decisions(meeting: Meeting) -> dict[str, Any]:
    rows = [
        [f"{number}.", decision.text]
        for number, decision in enumerate(meeting.decisions.all(), 1)
    ]
    return _part(_("Decisions"), rows, _("None was taken."))


def _commitments(meeting: Meeting) -> dict[str, Any]:
    rows = [
        [one.text, str(one.seat), _day(one.due_on)]
        for one in meeting.commitments.select_related("seat__organisation")
    ]
    columns = [_("What"), _("Who"), _("By when")]
    return _part(_("Commitments"), rows, _("None was made."), columns)


def _reviews(meeting: Meeting) -> dict[str, Any]:
    rows = []
    for line in review_lines(meeting):
        review, made = line.review, line.review.commitment
        said = f"{line.outcome}. {review.note}".strip()
        if review.due_after != review.due_before:
            said += " " + _("New date: %(day)s.") % {"day": _day(review.due_after)}
        rows.append([made.text, str(made.seat), said])
    columns = [_("What"), _("Who"), _("What the meeting says")]
    return _part(_("Earlier commitments"), rows, _("None was reviewed."), columns)


def _day(day: date) -> str:
    return formats.date_format(day, "d/m/Y")
