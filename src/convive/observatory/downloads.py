"""Files of what a page shows, with their source and period inside."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter
from django.utils.translation import gettext as _

from convive.observatory import charts, presenters
from convive.observatory.actions import Download

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.presenters import About
    from convive.observatory.selection import Selection

    Table = list[list[str | int]]

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "png": "image/png",
}


def overview_table(selection: Selection, user: User | AnonymousUser) -> Table:
    overview = presenters.present_overview(selection, user)
    head = [_("place"), _("incidents"), _("rate per 100,000"), _("interval (0.95)")]
    table: Table = [[*head, _("note")]]
    table += [[p.name, p.count, p.rate, p.interval, p.note] for p in overview.places]
    return table


def series_table(selection: Selection, user: User | AnonymousUser) -> Table:
    series = presenters.present_series(selection, user)
    body: Table = [
        [
            f"{row.month:%Y-%m}",
            row.text if row.count is None else row.count,
            _("provisional") if row.is_provisional else "",
        ]
        for row in series.months
    ]
    return [[_("month"), _("incidents"), _("state")], *body]


def people_table(selection: Selection, user: User | AnonymousUser) -> Table:
    head: Table = [[_("table"), _("group"), _("incidents")]]
    for breakdown in presenters.present_people(selection, user):
        head += [[breakdown.title, row.label, row.count] for row in breakdown.rows]
    return head


TABLES: dict[str, Callable[[Selection, User | AnonymousUser], Table]] = {
    "overview": overview_table,
    "series": series_table,
    "people": people_table,
}


def make(
    table: str, file_format: str, selection: Selection, user: User | AnonymousUser
) -> Download:
    rows = TABLES[table](selection, user)
    origin = presenters.present_origin(selection)
    if file_format == "csv":
        content = to_csv(rows, origin.about)
    elif file_format == "xlsx":
        content = to_xlsx(rows, origin.about)
    else:
        spec = charts.series_spec(presenters.present_series(selection, user))
        draw = charts.to_svg if file_format == "svg" else charts.to_png
        content = draw(spec)
    numbers = tuple(batch.number for batch in origin.batches)
    return Download(table, file_format, content, len(rows) - 1, numbers)


def _about_rows(about: About) -> Table:
    nature = _("simulated") if about.is_simulated else _("as recorded by the office")
    notes: Table = [[note] for note in about.notes]
    return [[f"{about.title} · {about.period}"], [nature], *notes]


def to_csv(rows: Table, about: About) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    writer.writerow([])
    writer.writerows(
        [[f"# {_safe(cell)}" for cell in row] for row in _about_rows(about)]
    )
    # Excel takes a file for Windows-1252 unless it begins with a mark.
    return text.getvalue().encode("utf-8-sig")


def _safe(cell: str | int) -> str | int:
    """A spreadsheet runs a text that begins like a formula; a quote stops that."""
    is_formula = isinstance(cell, str) and cell[:1] in {"=", "+", "@", "\t"}
    return f"'{cell}" if is_formula else cell


def to_xlsx(rows: Table, about: About) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        page, bold = book.add_worksheet(_("Data")), book.add_format({"bold": True})
        page.write_row(0, 0, rows[0], bold)
        for position, row in enumerate(rows[1:], start=1):
            page.write_row(position, 0, row)
        notes = book.add_worksheet(_("About"))
        for position, row in enumerate(_about_rows(about)):
            notes.write_row(position, 0, row)
        page.autofit()
    return file.getvalue()
