"""Tables about places (population, gazetteer) out of CSV or XLSX, row by row."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.core.text import fold
from convive.places.boundaries import BoundaryError, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIZE_LIMIT_BYTES = 50 * 1024**2
ROWS_LIMIT = 500_000
_UNPACKED_LIMIT_BYTES = 400 * 1024**2
HEADINGS = {
    "place": ("place", "lugar", "municipio", "municipality", "path", "ruta"),
    "year": ("year", "ano", "anio"),
    "persons": ("persons", "personas", "population", "poblacion", "habitantes"),
    "sex": ("sex", "sexo"),
    "age_group": ("age group", "age", "edad", "grupo de edad", "grupo edad"),
    "source": ("source", "fuente"),
    "name": ("name", "nombre"),
    "kind": ("kind", "tipo", "clase"),
    "longitude": ("longitude", "longitud", "lon", "lng", "x"),
    "latitude": ("latitude", "latitud", "lat", "y"),
}
# 71.541 or 71,541, as spreadsheets show it; three digits make a thousand, no decimal.
_GROUPED = re.compile(r"\d{1,3}(?:[., \u00a0\u202f]\d{3})+")
# 71541, and 71541.0 as workbooks keep it.
_PLAIN = re.compile(r"\d+(?:[.,]0+)?")
_SEPARATORS = re.compile(r"[., \u00a0\u202f]")
_DECIMALS = re.compile(r"[.,]0+$")


class PlaceFileError(Exception):
    """A file about places cannot be used; the sentences name row and column."""


@dataclass(frozen=True)
class Row:
    number: int  # as a spreadsheet counts: the headings are row 1
    cells: dict[str, str]
    headings: dict[str, str]  # as the file writes them

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def heading(self, column: str) -> str:
        return self.headings.get(column, column)


class ValueProblem(Exception):
    """One cell that cannot be used."""


def read_rows(
    file: Path,
    wanted: tuple[str, ...],
    headings: Mapping[str, tuple[str, ...]] = HEADINGS,
) -> list[Row]:
    """Rows under their known headings, in Spanish or English; blank rows are left."""
    if file.stat().st_size > SIZE_LIMIT_BYTES:
        raise PlaceFileError(
            _("The file is larger than %(limit)s MB. Send it in parts.")
            % {"limit": SIZE_LIMIT_BYTES // 1024**2}
        )
    grid = _workbook(file) if zipfile.is_zipfile(file) else _text(file)
    if not grid:
        raise PlaceFileError(_("The file is empty."))
    known = {spelling: name for name, all_ in headings.items() for spelling in all_}
    columns = [known.get(fold(heading), "") for heading in grid[0]]
    if missing := [name for name in wanted if name not in columns]:
        raise PlaceFileError(
            _("The file lacks the columns: %(missing)s. Its headings are: %(present)s.")
            % {"missing": ", ".join(missing), "present": ", ".join(grid[0])[:300]}
        )
    if len(grid) > ROWS_LIMIT:
        raise PlaceFileError(
            _("The file has more than %(limit)s rows. Send it in parts.")
            % {"limit": ROWS_LIMIT}
        )
    written = dict(zip(columns, grid[0], strict=True))
    return [
        Row(number, dict(zip(columns, line, strict=False)), written)
        for number, line in enumerate(grid[1:], start=2)
        if any(cell.strip() for cell in line)
    ]


def _text(file: Path) -> list[list[str]]:
    try:
        content = unpacked(file)
    except BoundaryError as error:
        raise PlaceFileError(str(error)) from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    if "\x00" in text or not text.strip():
        raise PlaceFileError(_("This is not a table. Save it as CSV or XLSX."))
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise PlaceFileError(
            _("This is not a table. Save it as CSV or XLSX.")
        ) from error


def _workbook(file: Path) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    with zipfile.ZipFile(file) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > _UNPACKED_LIMIT_BYTES:
        raise PlaceFileError(_("The workbook unpacks to more than is safe."))
    try:
        book = CalamineWorkbook.from_path(file)
        rows = book.get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise PlaceFileError(
            _("The workbook cannot be opened. Save it as CSV or XLSX.")
        ) from error
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def whole(row: Row, column: str) -> int:
    text = row[column]
    if _GROUPED.fullmatch(text):
        return int(_SEPARATORS.sub("", text))
    if not (text.isascii() and _PLAIN.fullmatch(text)):
        raise ValueProblem(
            _("“%(value)s” is not a whole number of persons. Write it as 71541.")
            % {"value": text}
        )
    return int(_DECIMALS.sub("", text))


def year(row: Row, column: str) -> int:
    text = _DECIMALS.sub("", row[column])
    if not (text.isascii() and text.isdigit() and 1900 <= int(text) <= 2100):
        raise ValueProblem(
            _("“%(value)s” is not a year. Write it with four digits, as 2007.")
            % {"value": row[column]}
        )
    return int(text)


def degrees(row: Row, column: str) -> float:
    limit = 180 if column == "longitude" else 90
    try:
        value = float(row[column].replace(",", "."))
    except ValueError:
        value = float("nan")
    if not abs(value) <= limit:
        raise ValueProblem(
            _("“%(value)s” is not a number of degrees. Write it as -89.7256.")
            % {"value": row[column]}
        )
    return value
