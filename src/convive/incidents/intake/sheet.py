"""A table out of whatever an office sends: titles, merged headers, subtotals."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext_noop as _

from convive.core.text import fold
from convive.incidents.intake.files import Kind, decode, open_file
from convive.incidents.intake.headings import is_heading
from convive.incidents.intake.outcome import IntakeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROW_LIMIT = 5_000_000
CELL_LIMIT = 100_000
_SEARCHED_ROWS = 40
_DELIMITERS = ",;\t|"
_SUMMARY = re.compile(r"(sub ?total|total|gran total|suma|fuente|nota|elaborad)\b")

Cells = list[str]


@dataclass(frozen=True)
class Sheet:
    """`frame` holds one text column a heading, named by its position."""

    headings: list[str]
    frame: pl.DataFrame
    row_numbers: pl.Series  # as the spreadsheet shows them, from 1
    skipped: dict[str, int]  # reason -> rows that are no records
    encoding: str
    name: str


def read_sheet(path: Path, *, sheet: str | None = None) -> Sheet:
    """Read the table of records in a CSV, XLSX, XLS or ODS file."""
    kind, content = open_file(path)
    if kind is Kind.WORKBOOK:
        name, rows = _workbook_rows(content, sheet)
        return _assemble(rows, "workbook", name)
    text, encoding = decode(content)
    if fast := _read_regular(text, encoding):
        return fast
    return _assemble(_text_rows(text), encoding, "")


def _read_regular(text: str, encoding: str) -> Sheet | None:
    """The quick way for a file without quotes, titles or ragged rows."""
    if '"' in text or "\r" in text.replace("\r\n", "\n"):
        return None
    head = text[: text.find("\n")].rstrip("\r") if "\n" in text else text
    delimiter = max(_DELIMITERS, key=head.count)
    headings = [cell.strip() for cell in head.split(delimiter)]
    lines = text.count("\n") + (not text.endswith("\n"))
    regular = text.count(delimiter) == lines * (len(headings) - 1)
    if not regular or len(headings) < 2 or not all(headings) or "\n\n" in text:
        return None
    if sum(map(is_heading, headings)) < 2 or len(set(headings)) < len(headings):
        return None
    frame = pl.read_csv(
        text.encode(),
        separator=delimiter,
        has_header=False,
        skip_rows=1,
        new_columns=[str(i) for i in range(len(headings))],
        infer_schema=False,
        quote_char=None,
    )
    if frame.height != lines - 1:
        return None
    numbers = pl.Series(range(2, frame.height + 2), dtype=pl.Int32)
    return _without_summaries(headings, frame, numbers, ({}, encoding, ""))


def _text_rows(text: str) -> list[Cells]:
    delimiter = _delimiter(text)
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Cells] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise IntakeError(
            _("Row %(row)s cannot be read: a quotation mark is not closed or a cell "
              "is too long."),
            row=len(rows) + 1,
        ) from error  # fmt: skip
    return rows


def _delimiter(text: str) -> str:
    sample = text[:20_000]
    scores = {}
    for delimiter in _DELIMITERS:
        try:
            rows = list(
                csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            )
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows[:-1] or rows)
        width, times = max(widths.items(), key=lambda item: (item[0] > 1) * item[1])
        scores[delimiter] = (width > 1) * times * 100 + width
    return max(scores, key=lambda delimiter: scores[delimiter]) if scores else ","


def _workbook_rows(content: bytes, wanted: str | None) -> tuple[str, list[Cells]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [wanted] if wanted else workbook.sheet_names
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in names
        }
    except CalamineError as error:
        raise IntakeError(
            _("The workbook cannot be opened: it is damaged, protected by a password, "
              "or has no such sheet."),
        ) from error  # fmt: skip
    if not sheets:
        raise IntakeError(_("The workbook has no sheet."))
    best = max(sheets, key=lambda name: _promise(sheets[name]))
    return best, [[_as_text(cell) for cell in row] for row in sheets[best]]


def _promise(rows: Sequence[Sequence[object]]) -> tuple[int, int]:
    """How likely a sheet is the one with the records."""
    heads = (sum(is_heading(str(c)) for c in row) for row in rows[:_SEARCHED_ROWS])
    return max(heads, default=0), len(rows)


def _as_text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60) % (24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(cell).strip()


def _assemble(rows: list[Cells], encoding: str, name: str) -> Sheet:
    if len(rows) > ROW_LIMIT:
        raise IntakeError(
            _("The file has more than %(limit)s rows. Split it."), limit=ROW_LIMIT
        )
    top, depth = _find_header(rows)
    width = max(len(row) for row in rows)
    headings = _headings([_padded(row, width) for row in rows[top : top + depth]])
    body = [
        (number, _padded(row, width))
        for number, row in enumerate(rows[top + depth :], start=top + depth + 1)
    ]
    kept = [(n, cells) for n, cells in body if any(cell.strip() for cell in cells)]
    skipped = {"title": top, "blank": len(body) - len(kept)}
    used = [
        i for i in range(width) if headings[i] or any(c[i].strip() for _n, c in kept)
    ]
    named = [headings[i] or f"({i + 1})" for i in used]
    frame = pl.DataFrame(
        {str(k): [cells[i] or None for _n, cells in kept] for k, i in enumerate(used)},
        schema={str(k): pl.String for k in range(len(used))},
    )
    numbers = pl.Series([n for n, _cells in kept], dtype=pl.Int32)
    return _without_summaries(
        _distinct(named), frame, numbers, (skipped, encoding, name)
    )


def _padded(row: Cells, width: int) -> Cells:
    return [*row, *[""] * (width - len(row))]


def _find_header(rows: list[Cells]) -> tuple[int, int]:
    """First row of the header and how many rows it takes, one or two."""
    searched = rows[:_SEARCHED_ROWS]
    scores = [sum(is_heading(cell) for cell in row) for row in searched]
    best = max(scores, default=0)
    if best == 0:
        raise IntakeError(
            _("No row of headings was found. The first row of the table must name "
              "its columns, for example: fecha, delito, municipio."),
        )  # fmt: skip
    top = scores.index(best)
    if top and scores[top - 1] and _is_parent(rows[top - 1], rows[top]):
        return top - 1, 2
    if top + 1 < len(searched) and _is_child(rows[top], rows[top + 1]):
        return top, 2
    return top, 1


def _is_parent(row: Cells, below: Cells) -> bool:
    """A merged row above: text only, and it names columns that the row below leaves."""
    is_text = not any(re.search(r"\d", cell) for cell in row)
    fills = any(
        cell.strip() and not (below[i].strip() if i < len(below) else "")
        for i, cell in enumerate(row)
    )
    return is_text and fills


def _is_child(row: Cells, below: Cells) -> bool:
    is_text = not any(re.search(r"\d", cell) for cell in below)
    return is_text and any(map(is_heading, below)) and _is_parent(below, row)


def _headings(header: list[Cells]) -> Cells:
    if len(header) == 1:
        return [" ".join(cell.split()) for cell in header[0]]
    named, parent = [], ""
    for above, below in zip(*header, strict=True):
        # A merged cell leaves its name to the columns on its right.
        parent = above.strip() or (parent if below.strip() else "")
        named.append(" ".join(f"{parent} {below}".split()))
    return named


def _distinct(headings: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    distinct = []
    for heading in headings:
        seen[heading] += 1
        again = f" ({seen[heading]})" if seen[heading] > 1 else ""
        distinct.append(heading + again)
    return distinct


def _without_summaries(
    headings: list[str],
    frame: pl.DataFrame,
    numbers: pl.Series,
    about: tuple[dict[str, int], str, str],
) -> Sheet:
    """Take out subtotal rows, notes and repeated headers: they are no records."""
    skipped, encoding, name = about
    if frame.height:
        filled = pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32))
        sparse = frame.select(filled <= max(2, frame.width // 2)).to_series()
        same = pl.all_horizontal(
            pl.col(str(i)).str.strip_chars().fill_null("") == heading
            for i, heading in enumerate(headings)
        )
        repeated = frame.select(same).to_series()
        summary = pl.Series([False] * frame.height) if not sparse.any() else sparse
        if sparse.any():
            summary = _are_summaries(frame, sparse)
        keep = ~(repeated | summary)
        skipped = skipped | {
            "summary": int(summary.sum()),
            "repeated header": int(repeated.sum()),
        }
        frame, numbers = frame.filter(keep), numbers.filter(keep)
    reasons = {reason: count for reason, count in skipped.items() if count}
    return Sheet(headings, frame, numbers, reasons, encoding, name)


def _are_summaries(frame: pl.DataFrame, sparse: pl.Series) -> pl.Series:
    answer = [False] * frame.height
    for position in sparse.arg_true():
        cells = [fold(cell) for cell in frame.row(position) if cell]
        answer[position] = bool(cells and _SUMMARY.match(cells[0]))
    return pl.Series(answer)
