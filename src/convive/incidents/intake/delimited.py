"""The table in a text file: a quick way for regular files, a patient one for others."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

import numpy as np
import polars as pl
from django.utils.translation import gettext_noop as _
from polars.exceptions import PolarsError

from convive.incidents.intake.files import as_utf8
from convive.incidents.intake.header import (
    SEARCHED_ROWS,
    Cells,
    find_header,
    headings_of,
)
from convive.incidents.intake.outcome import IntakeError
from convive.incidents.intake.table import (
    CELL_LIMIT,
    Origin,
    Sheet,
    assemble,
    finish,
    refuse_size,
)

_DELIMITERS = ",;\t|"
_SAMPLE_BYTES = 20_000
_CHUNK_BYTES = 256 * 1024
_QUOTE, _LINE, _RETURN = b'"\n\r'


def read_delimited(content: bytes) -> Sheet:
    text, encoding = as_utf8(content)
    if b"\r" in text and b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    sample = text[:_SAMPLE_BYTES].decode("utf-8", errors="ignore")
    delimiter = find_delimiter(sample)
    fast = read_regular(text, encoding, delimiter)
    return fast or read_patiently(text, encoding, delimiter)


def read_patiently(text: bytes, encoding: str, delimiter: str) -> Sheet:
    """Row by row with Python's reader, which forgives ragged rows."""
    csv.field_size_limit(CELL_LIMIT)
    lines = io.StringIO(text.decode("utf-8"), newline="")
    rows: list[Cells] = []
    try:
        rows.extend(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise IntakeError(
            _("Row %(row)s cannot be read: a quotation mark is not closed or a cell "
              "is too long."),
            row=len(rows) + 1,
        ) from error  # fmt: skip
    return assemble(rows, encoding, "")


def read_regular(text: bytes, encoding: str, delimiter: str) -> Sheet | None:
    """The quick way, for a file that begins with its headings and has even rows."""
    headings = _first_headings(text, delimiter)
    if headings is None:
        return None
    counted = _records(text, delimiter, len(headings))
    if counted is None:
        return None
    records, is_quoted = counted
    refuse_size(records, len(headings))
    frame = _parsed(text, delimiter, len(headings), is_quoted=is_quoted)
    if frame is None or frame.height != records - 1:
        return None
    numbers = pl.int_range(2, records + 1, dtype=pl.Int32, eager=True)
    return finish(headings, frame, numbers, Origin(0, encoding))


def _first_headings(text: bytes, delimiter: str) -> Cells | None:
    """Headings, if the first line holds them and they take only one line."""
    end = text.find(b"\n")
    if end < 0 or end > CELL_LIMIT:
        return None
    sample = text[: end + _SAMPLE_BYTES].decode("utf-8", errors="ignore")
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        rows = list(islice(reader, SEARCHED_ROWS))
        where = find_header(rows)
    except (csv.Error, IntakeError):
        return None
    if where != (0, 1) or len(rows[0]) < 2 or any("\n" in cell for cell in rows[0]):
        return None
    return headings_of(rows[:1])


def _records(text: bytes, delimiter: str, width: int) -> tuple[int, bool] | None:
    """Number of records and whether any is quoted; None unless all are regular."""
    mark = delimiter.encode()
    lines, delimiters, quotes, returns = _counts(text, b"\n" + mark + b'"\r')
    if quotes:
        counted = _outside_quotes(text, mark[0])
        if counted is None:
            return None
        lines, delimiters = counted
    if returns and returns != text.count(b"\r\n"):
        return None
    records = lines + (not text.endswith(b"\n"))
    if delimiters != records * (width - 1):
        return None
    return records, bool(quotes)


def _counts(text: bytes, wanted: bytes) -> list[int]:
    data = np.frombuffer(text, dtype=np.uint8)
    totals = [0] * len(wanted)
    for start in range(0, len(data), _CHUNK_BYTES):
        part = data[start : start + _CHUNK_BYTES]
        for position, byte in enumerate(wanted):
            totals[position] += int(np.count_nonzero(part == byte))
    return totals


def _outside_quotes(text: bytes, mark: int) -> tuple[int, int] | None:
    """Line ends and delimiters outside quotes; None unless every quote is in order.

    Quotes open and close in turn. One that opens follows a delimiter, a line end or,
    where it is one of a doubled pair, a quote; one that closes precedes such.
    """
    data = np.frombuffer(text, dtype=np.uint8)
    lines = delimiters = 0
    is_open = False
    for start in range(0, len(data), _CHUNK_BYTES):
        part = data[start : start + _CHUNK_BYTES]
        quotes = np.flatnonzero(part == _QUOTE)
        if not _are_in_order(data, quotes + start, mark, is_open=is_open):
            return None
        inside = np.bitwise_xor.accumulate(part == _QUOTE) ^ is_open
        lines += int(((part == _LINE) & ~inside).sum())
        delimiters += int(((part == mark) & ~inside).sum())
        is_open ^= bool(len(quotes) % 2)
    return None if is_open else (lines, delimiters)


def _are_in_order(
    data: np.ndarray[tuple[int], np.dtype[np.uint8]],
    quotes: np.ndarray[tuple[int], np.dtype[np.int64]],
    mark: int,
    *,
    is_open: bool,
) -> bool:
    edges = np.array([mark, _LINE, _QUOTE], dtype=np.uint8)
    opening, closing = quotes[int(is_open) :: 2], quotes[int(not is_open) :: 2]
    before = data[opening[opening > 0] - 1]
    after = data[closing[closing < len(data) - 1] + 1]
    return bool(
        np.isin(before, edges).all()
        and np.isin(after, np.append(edges, np.uint8(_RETURN))).all()
    )


def _parsed(
    text: bytes, delimiter: str, width: int, *, is_quoted: bool
) -> pl.DataFrame | None:
    try:
        frame = pl.read_csv(
            text,
            separator=delimiter,
            has_header=False,
            skip_rows=1,
            new_columns=[str(i) for i in range(width)],
            infer_schema=False,
            quote_char='"' if is_quoted else None,
        )
    except PolarsError:  # no row at all, or one longer than the headings
        return None
    if frame.width != width:
        return None
    if is_quoted:
        filled = (pl.when(pl.col(n) != "").then(n).alias(n) for n in frame.columns)
        frame = frame.select(filled)
    return frame


def find_delimiter(sample: str) -> str:
    scores = {}
    for delimiter in _DELIMITERS:
        lines = io.StringIO(sample, newline="")
        try:
            rows = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows[:-1] or rows)
        width, times = max(
            widths.items(), key=lambda item: (item[0] > 1) * item[1], default=(0, 0)
        )
        scores[delimiter] = (width > 1) * times * 100 + width
    return max(scores, key=lambda delimiter: scores[delimiter]) if scores else ","
