"""Rows of cells become one frame of records: titles, blanks and subtotals go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext_noop as _

from convive.core.text import fold
from convive.incidents.intake.coded import BLANKS
from convive.incidents.intake.header import (
    SEARCHED_ROWS,
    Cells,
    distinct,
    find_header,
    headings_of,
)
from convive.incidents.intake.outcome import IntakeError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SEARCHED_ROWS", "Cells", "Sheet", "assemble", "finish"]

ROW_LIMIT = 5_000_000
COLUMN_LIMIT = 2_000
CELL_LIMIT = 100_000
_SUMMARY = re.compile(r"(sub ?total|total|gran total|suma|fuente|nota|elaborad)\b")


@dataclass(frozen=True)
class Sheet:
    """`frame` holds one text column a heading, named by its position."""

    headings: list[str]
    frame: pl.DataFrame
    row_numbers: pl.Series  # as the spreadsheet shows them, from 1
    skipped: dict[str, int]  # reason -> rows that are no records
    encoding: str
    name: str


@dataclass(frozen=True)
class Origin:
    """Where a frame came from: rows above it, encoding, name of its sheet."""

    titles: int
    encoding: str
    name: str = ""


def assemble(rows: list[Cells], encoding: str, name: str) -> Sheet:
    """The table of a list of rows of any length."""
    width = max((len(row) for row in rows), default=0)
    refuse_size(len(rows), width)
    top, depth = find_header(rows)
    headings = headings_of([_padded(row, width) for row in rows[top : top + depth]])
    body = rows[top + depth :]
    frame = pl.DataFrame(
        {
            str(i): [row[i] if i < len(row) and row[i] else None for row in body]
            for i in range(width)
        },
        schema={str(i): pl.String for i in range(width)},
    )
    first = top + depth + 1
    numbers = pl.Series(range(first, first + len(body)), dtype=pl.Int32)
    return finish(headings, frame, numbers, Origin(top, encoding, name))


def _padded(row: Cells, width: int) -> Cells:
    return [*row, *[""] * (width - len(row))]


def refuse_size(height: int, width: int) -> None:
    if height > ROW_LIMIT:
        raise IntakeError(
            _("The file has more than %(limit)s rows. Split it."), limit=ROW_LIMIT
        )
    if width > COLUMN_LIMIT:
        raise IntakeError(
            _("The file has more than %(limit)s columns. Keep those of the records."),
            limit=COLUMN_LIMIT,
        )


def finish(
    headings: Cells, frame: pl.DataFrame, numbers: pl.Series, origin: Origin
) -> Sheet:
    """Take out what is no record and what is no column."""
    _refuse_long_cells(frame, numbers)
    blank = _rows_where(frame, lambda _position, text: text == "")
    repeated = _rows_where(frame, lambda position, text: text == headings[position])
    repeated = repeated & ~blank
    summary = _summaries(frame) & ~blank & ~repeated
    keep = ~(blank | repeated | summary)
    skipped = {
        "title": origin.titles,
        "blank": blank.sum(),
        "summary": summary.sum(),
        "repeated header": repeated.sum(),
    }
    if not keep.all():
        frame, numbers = frame.filter(keep), numbers.filter(keep)
    used = [i for i in range(frame.width) if headings[i] or _has_text(frame, i)]
    return Sheet(
        headings=distinct([headings[i] or f"({i + 1})" for i in used]),
        frame=frame.select(pl.col(str(i)).alias(str(k)) for k, i in enumerate(used)),
        row_numbers=numbers,
        skipped={reason: int(count) for reason, count in skipped.items() if count},
        encoding=origin.encoding,
        name=origin.name,
    )


def _refuse_long_cells(frame: pl.DataFrame, numbers: pl.Series) -> None:
    for column in frame:
        lengths = column.str.len_bytes()
        longest = lengths.max()
        if isinstance(longest, int) and longest > CELL_LIMIT:
            at = lengths.arg_max() or 0
            raise IntakeError(
                _("Row %(row)s cannot be read: a quotation mark is not closed or a "
                  "cell is too long."),
                row=int(numbers[at]),
            )  # fmt: skip


def _rows_where(
    frame: pl.DataFrame, holds: Callable[[int, pl.Series], pl.Series]
) -> pl.Series:
    """Rows all of whose cells hold; a column is asked only of rows still in doubt."""
    doubtful = pl.Series(range(frame.height), dtype=pl.UInt32)
    whole = True
    for position in range(frame.width):
        if not len(doubtful):
            break
        column = frame[str(position)]
        cells = column if whole else column.gather(doubtful)
        answer = holds(position, cells.str.strip_chars(BLANKS).fill_null(""))
        doubtful, whole = doubtful.filter(answer), False
    mask = pl.Series([False]).new_from_index(0, frame.height)
    return mask.scatter(doubtful, True) if len(doubtful) else mask


def _has_text(frame: pl.DataFrame, position: int) -> bool:
    return bool(
        (frame[str(position)].str.strip_chars(BLANKS).str.len_bytes() > 0).any()
    )


def _summaries(frame: pl.DataFrame) -> pl.Series:
    """Sparse rows that begin with a word such as total: sums and notes."""
    none = pl.Series([False]).new_from_index(0, frame.height)
    if not frame.height or not frame.width:
        return none
    filled = pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32))
    sparse = frame.select(filled <= max(2, frame.width // 2)).to_series().arg_true()
    if not len(sparse):
        return none
    cells = frame[sparse].select(pl.all().str.strip_chars(BLANKS))
    first = cells.select(
        pl.coalesce(pl.when(pl.col(n) != "").then(n) for n in cells.columns)
    ).to_series()
    words = [w for w in first.drop_nulls().unique() if _SUMMARY.match(fold(w))]
    return none.scatter(sparse.filter(first.is_in(words).fill_null(False)), True)
