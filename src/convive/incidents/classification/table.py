"""A whole offence table as a CSV file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.core.text import fold
from convive.incidents import iccs
from convive.incidents.classification.actions import TermRow
from convive.incidents.intake.files import as_utf8
from convive.incidents.quarantine.cells import guarded, unguarded
from convive.warehouse.schema import Mechanism, Relationship

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convive.incidents.models import CrosswalkTerm

FIELDS = ("term", "iccs", "mechanism", "relationship", "penal_code_article")
ROW_LIMIT = 20_000
BYTES_LIMIT = 5 * 1024**2
LENGTHS = {"term": 400, "penal_code_article": 60}
_HEADINGS = {
    "term": "term", "termino": "term", "delito": "term",
    "iccs": "iccs", "codigo iccs": "iccs",
    "mechanism": "mechanism", "mecanismo": "mechanism",
    "relationship": "relationship", "relacion": "relationship",
    "penal code article": "penal_code_article", "articulo": "penal_code_article",
    "articulo del codigo penal": "penal_code_article",
}  # fmt: skip
_SHOWN_ERRORS = 20


class TableError(Exception):
    """The file cannot become an offence table; each sentence names row and field."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences[:_SHOWN_ERRORS]
        if len(sentences) > _SHOWN_ERRORS:
            more = len(sentences) - _SHOWN_ERRORS
            self.sentences.append(_("And %(count)s more.") % {"count": more})
        super().__init__(" ".join(self.sentences))


def to_csv(terms: Iterable[CrosswalkTerm]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for term in terms:
        writer.writerow([guarded(getattr(term, name)) for name in FIELDS])
    return text.getvalue().encode("utf-8-sig")


def read_csv(content: bytes) -> list[TermRow]:
    """Read a whole table, or raise every reason why it is none."""
    if len(content) > BYTES_LIMIT:
        raise TableError([_("The file is larger than an offence table can be.")])
    text = as_utf8(content)[0].decode()
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise TableError([_("The file is not a CSV table.")]) from error
    names = _names(rows[0] if rows else [])
    body = [
        (number, row)
        for number, row in enumerate(rows[1:], 2)
        if any(map(str.strip, row))
    ]
    if len(body) > ROW_LIMIT:
        raise TableError([_("The file is larger than an offence table can be.")])
    read = [(number, _row(names, row)) for number, row in body]
    if errors := [*_errors(read), *_repeats(read)]:
        raise TableError(errors)
    return [TermRow(**row) for _number, row in read]


def _names(head: list[str]) -> list[str]:
    names = [_HEADINGS.get(fold(heading), "") for heading in head]
    if missing := {"term", "iccs"} - set(names):
        raise TableError(
            [
                _("Row 1 has no column “%(missing)s”. The columns are: %(expected)s.")
                % {"missing": ", ".join(sorted(missing)), "expected": ", ".join(FIELDS)}
            ]
        )
    return names


def _row(names: list[str], cells: list[str]) -> dict[str, str]:
    found = zip(names, cells, strict=False)
    return dict.fromkeys(FIELDS, "") | {
        name: unguarded(cell.strip()) for name, cell in found if name
    }


def _errors(rows: list[tuple[int, dict[str, str]]]) -> Iterable[str]:
    for number, row in rows:
        for name, sentence in row_errors(row):
            yield _("Row %(row)s, %(field)s: %(sentence)s") % {
                "row": number,
                "field": name,
                "sentence": sentence,
            }


def row_errors(row: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Field and sentence of each cell that is not as the table needs it."""
    if not fold(row["term"]):
        yield "term", _("the offence's name is missing.")
    for name, longest in LENGTHS.items():
        if len(row[name]) > longest:
            yield name, _("more than %(longest)s letters.") % {"longest": longest}
    if row["iccs"] not in iccs.codes():
        yield (
            "iccs",
            _("“%(value)s” is not a code of the ICCS, such as 0101. Mind the zero "
              "that a spreadsheet drops.") % {"value": row["iccs"]},
        )  # fmt: skip
    for name, known in (("mechanism", Mechanism), ("relationship", Relationship)):
        words = [str(word) for word in known]
        if row[name] and row[name] not in words:
            yield (
                name,
                _("“%(value)s” is not known. Leave it blank, or write one of: "
                  "%(words)s.") % {"value": row[name], "words": ", ".join(words)},
            )  # fmt: skip


def _repeats(rows: list[tuple[int, dict[str, str]]]) -> Iterable[str]:
    seen: dict[str, int] = {}
    for number, row in rows:
        first = seen.setdefault(fold(row["term"]), number)
        if first != number and fold(row["term"]):
            yield _(
                "Row %(row)s, term: “%(term)s” stands in row %(first)s already."
            ) % {"row": number, "term": row["term"], "first": first}
