"""Quarantined rows as a file that can be corrected and imported again."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter
from django.utils.translation import gettext as _

from convive.incidents.intake import Problem
from convive.incidents.intake.headings import ROW_REFERENCE
from convive.incidents.quarantine.cells import guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from convive.incidents.models import Batch, QuarantinedRow

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WIDEST_COLUMN = 60


def problems_of(row: QuarantinedRow) -> list[Problem]:
    return [
        Problem(p["column"], p["value"], p["sentence"], p["facts"])
        for p in row.problems
    ]


def rows_table(batch: Batch, rows: Iterable[QuarantinedRow]) -> list[list[str]]:
    """The file's own columns, then which row it is and what is wrong with it."""
    kept = list(rows)
    headings = batch.headings or sorted({h for row in kept for h in row.raw})
    table = [[*headings, ROW_REFERENCE, _("What is wrong")]]
    for row in kept:
        cells = row.cells
        said = (f"{p.column}: {p.text()}" if p.column else p.text()
                for p in problems_of(row))  # fmt: skip
        shown = [cells.get(heading, "") for heading in headings]
        table.append([*shown, str(row), " · ".join(said)])
    return table


def to_csv(table: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([[guarded(cell) for cell in row] for row in table])
    # Excel takes a file for Windows-1252 unless it begins with a mark.
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(table: list[list[str]]) -> bytes:
    """A sheet of texts: Excel neither runs a cell nor turns it into a date."""
    file = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        page = book.add_worksheet(_("In quarantine")[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        plain = book.add_format({"num_format": "@"})
        warm = book.add_format({"num_format": "@", "bg_color": "#FBEEE2"})
        last = len(table[0]) - 1
        for position, heading in enumerate(table[0]):
            width = max(len(row[position]) for row in table)
            page.set_column(position, position, min(width + 2, _WIDEST_COLUMN), plain)
            page.write_string(0, position, heading, bold)
        for number, row in enumerate(table[1:], start=1):
            for position, cell in enumerate(row):
                look = warm if position == last else plain
                page.write_string(number, position, guarded(cell), look)
        page.freeze_panes(1, 0)
    return file.getvalue()


MAKERS: dict[str, Callable[[list[list[str]]], bytes]] = {
    "csv": to_csv,
    "xlsx": to_xlsx,
}


def make(batch: Batch, rows: Iterable[QuarantinedRow], file_format: str) -> bytes:
    return MAKERS[file_format](rows_table(batch, rows))
