"""Quarantined rows that were downloaded, corrected, and come back in a file."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
from django.utils.translation import gettext_noop as _

from convive.core.text import fold
from convive.incidents.intake import Checked, Problem, Rejected
from convive.incidents.intake.headings import ROW_REFERENCE
from convive.incidents.models import Batch, QuarantinedRow
from convive.incidents.quarantine import checking
from convive.incidents.quarantine.cells import unguarded
from convive.incidents.workflow import BatchStatus, QuarantineStatus

if TYPE_CHECKING:
    from convive.incidents.actions import Order
    from convive.incidents.intake import Sheet

_REFERENCE = re.compile(r"(\d{1,18}):(\d{1,9})$")


@dataclass(frozen=True)
class Returned:
    """The rows of a file that name a quarantined row, and what came of them."""

    checked: Checked
    rest: Sheet | None  # the rows that name none
    mended: dict[int, dict[str, str]] = field(default_factory=dict)  # by key
    # Rows rejected again: they wait where they waited.
    waiting: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Row:
    number: int  # in the file that came back
    cells: dict[str, str]
    kept: QuarantinedRow


def read_returned(order: Order, sheet: Sheet) -> Returned | None:
    """Check the rows that name a quarantined one; None where the file names none."""
    position = _reference_position(sheet)
    if position is None:
        return None
    references = sheet.frame[str(position)].str.strip_chars().to_list()
    found, refused, is_rest = _find(order, sheet, references)
    tried = [_try(batch, rows) for batch, rows in found.items()]
    accepted = [table for table, _again, _mended in tried if table is not None]
    again = [row for _table, rows, _mended in tried for row in rows]
    rest = _only(sheet, is_rest) if any(is_rest) else None
    checked = Checked(
        pa.concat_tables(accepted) if accepted else checking.NONE_ACCEPTED,
        sorted([*refused, *again], key=lambda row: row.row_number),
        sheet.frame.height - sum(is_rest),
        {},
    )
    mended = {k: cells for _table, _again, part in tried for k, cells in part.items()}
    waiting = frozenset(row.row_number for row in again)
    return Returned(checked, rest, mended, waiting)


def _reference_position(sheet: Sheet) -> int | None:
    keys = [fold(heading) for heading in sheet.headings]
    return keys.index(fold(ROW_REFERENCE)) if fold(ROW_REFERENCE) in keys else None


def _find(
    order: Order, sheet: Sheet, references: list[str | None]
) -> tuple[dict[Batch, list[_Row]], list[Rejected], list[bool]]:
    wanted = {r: _REFERENCE.match(r) for r in references if r}
    numbers = {int(match[1]) for match in wanted.values() if match}
    kept = {
        f"{row.batch_id}:{row.row_number}": row
        for row in QuarantinedRow.objects.filter(
            batch__in=numbers,
            batch__place_path=order.place_path,
            batch__source=order.source,
        ).select_related("batch")
    }
    found: dict[Batch, list[_Row]] = defaultdict(list)
    refused, is_rest = [], []
    for position, reference in enumerate(references):
        row = kept.get(reference or "")
        # A row of an undone import is a row like any other again.
        is_new = not reference or (
            row is not None and row.batch.status != BatchStatus.RECORDED
        )
        is_rest.append(is_new)
        if is_new:
            continue
        number, cells = sheet.row_numbers[position], _cells(sheet, position)
        if row is None:
            refused.append(_unknown(number, cells, str(reference)))
        else:
            given = {k: v for k, v in cells.items() if k in row.raw}
            found[row.batch].append(_Row(number, row.raw | given, row))
    return found, refused, is_rest


def _cells(sheet: Sheet, position: int) -> dict[str, str]:
    row = sheet.frame.row(position)
    return {
        heading: unguarded(cell or "")
        for heading, cell in zip(sheet.headings, row, strict=True)
    }


def _unknown(number: int, cells: dict[str, str], reference: str) -> Rejected:
    problem = Problem(
        ROW_REFERENCE,
        reference,
        _("“%(value)s” names no row that waits for this place and source. Import the "
          "file for the place and source it was downloaded from, or empty this cell."),
    )  # fmt: skip
    return Rejected(number, cells, (problem,))


def _try(
    batch: Batch, rows: list[_Row]
) -> tuple[pa.Table | None, list[Rejected], dict[int, dict[str, str]]]:
    """Accepted incidents, rows rejected again, and the quarantined rows mended."""
    settled = [row for row in rows if _is_settled(row)]
    again = [Rejected(r.number, r.cells, (_settled_problem(r),)) for r in settled]
    asked = {row.kept.row_number: row for row in rows if row not in settled}
    if not asked:
        return None, again, {}
    tried = checking.try_again(batch, {n: row.cells for n, row in asked.items()})
    again += [
        dataclasses.replace(bad, row_number=asked[bad.row_number].number)
        for bad in tried.rejected
    ]
    mended = {
        asked[number].kept.pk: asked[number].cells
        for number in tried.accepted
        if asked[number].kept.status == QuarantineStatus.OPEN
    }
    return tried.checked.accepted, again, mended


def _is_settled(row: _Row) -> bool:
    """Whether the row was settled already, and otherwise than this file says."""
    if row.kept.status == QuarantineStatus.MENDED:
        return row.cells != row.kept.cells
    return row.kept.status == QuarantineStatus.DISMISSED


def _settled_problem(row: _Row) -> Problem:
    if row.kept.status == QuarantineStatus.MENDED:
        sentence = _("This row was mended already with other values. Undo that batch "
                     "to mend it again.")  # fmt: skip
    else:
        sentence = _("This row was dismissed. Open it again before you import it.")
    return Problem(ROW_REFERENCE, str(row.kept), sentence)


def _only(sheet: Sheet, wanted: list[bool]) -> Sheet:
    mask = pl.Series(wanted)
    return dataclasses.replace(
        sheet,
        frame=sheet.frame.filter(mask),
        row_numbers=sheet.row_numbers.filter(mask),
    )


def joined(one: Checked, other: Checked) -> Checked:
    return Checked(
        pa.concat_tables([one.accepted, other.accepted]).unify_dictionaries(),
        sorted([*one.rejected, *other.rejected], key=lambda row: row.row_number),
        one.read + other.read,
        other.unclassified,
    )
