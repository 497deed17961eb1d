"""Tables and pictures as files that say inside what they are."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from django.utils.translation import gettext as _

from convive.observatory import charts

if TYPE_CHECKING:
    from typing import Any

    from convive.observatory.presenters import About, Cell, Table
    from convive.observatory.selection import Selection

    # What a file says of itself: a word and its value.
    Told = list[tuple[str, str]]

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
# A spreadsheet runs a text that begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def name_of(table: str, file_format: str, selection: Selection) -> str:
    """convive-series-sv-sonsonate-2009-01-2009-12.csv"""
    place = selection.where.replace("/", "-")
    parts = ["convive", table, place, selection.what or "all"]
    parts += [f"{selection.since:%Y-%m}", f"{selection.until:%Y-%m}"]
    if selection.source:
        parts.append("".join(c for c in selection.source if c.isalnum()))
    if selection.known_on:
        parts.append(f"known-{selection.known_on}")
    return "-".join(parts) + f".{file_format}"


def provenance(about: About) -> Told:
    """What goes into every file beside the numbers."""
    provisional = about.provisional_from
    told = [
        (_("Figures"), about.title),
        (_("Period"), about.period),
        (_("Known on"), about.known_on.isoformat()),
        (_("Source"), about.source.upper() or "–"),
        (_("Nature"), about.nature),
        (_("Provisional from"), provisional.isoformat() if provisional else "–"),
        (_("Batches"), ", ".join(str(number) for number in about.batches) or "–"),
        (_("Terms of use"), _("name the source and keep this note with the figures")),
    ]
    return told + [(_("Note"), note) for note in about.notes]


def to_csv(table: Table, told: Told) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([[safe(cell) for cell in row] for row in table.rows])
    writer.writerow([])
    writer.writerows([f"# {key}", safe(value)] for key, value in told)
    # Excel takes a file for Windows-1252 unless it begins with a mark.
    return text.getvalue().encode("utf-8-sig")


def safe(cell: Cell) -> Cell:
    """A quote keeps a spreadsheet from running a text."""
    is_formula = isinstance(cell, str) and cell.startswith(_FORMULA)
    return f"'{cell}" if is_formula else cell


def to_xlsx(table: Table, told: Told) -> bytes:
    file = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {"in_memory": True, **plain}) as book:
        page, bold = book.add_worksheet(_("Data")), book.add_format({"bold": True})
        page.write_row(0, 0, table.columns, bold)
        page.freeze_panes(1, 0)
        for position, row in enumerate(table.rows, start=1):
            page.write_row(position, 0, row)
        notes = book.add_worksheet(_("About"))
        for position, line in enumerate(told):
            notes.write_row(position, 0, line)
        page.autofit()
        notes.set_column(0, 0, 20)
        notes.set_column(1, 1, 80)
    return file.getvalue()


def to_parquet(table: Table, told: Told) -> bytes:
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    arrays = [pa.array(column) for column in columns]
    return records_to_parquet(pa.table(arrays, names=list(table.columns)), told)


def records_to_parquet(records: pa.Table, told: Told) -> bytes:
    """The note lies in the file's own metadata."""
    metadata = {key.encode(): value.encode() for key, value in told}
    file = io.BytesIO()
    pq.write_table(records.replace_schema_metadata(metadata), file, compression="zstd")
    return file.getvalue()


def records_to_csv(records: pa.Table, told: Told) -> bytes:
    """Many rows, so that the texts are made safe column by column."""
    frame = pl.DataFrame(records)
    text = pl.col(pl.String)
    quoted = text.str.replace(r"^([=+\-@\t\r\n])", r"'${1}")
    body = frame.with_columns(quoted).write_csv(line_terminator="\r\n")
    notes = [f"# {key}: {safe(value)}" for key, value in told]
    end = "".join(f'\r\n"{note.replace(chr(34), chr(39))}"' for note in notes)
    return (body + end + "\r\n").encode("utf-8-sig")


def picture(spec: dict[str, Any], file_format: str, told: Told) -> bytes:
    """The picture carries period, source and vintage below its title."""
    if file_format == "png":
        return charts.to_png(spec)
    lines = [f"{key}: {value}" for key, value in told]
    return charts.described(charts.to_svg(spec), lines)
