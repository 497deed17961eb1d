"""What a later file of the office says of the rows that wait."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from convive.incidents import compute
from convive.incidents.intake import Field
from convive.incidents.models import QuarantinedRow

if TYPE_CHECKING:
    from convive.incidents.actions import Order
    from convive.incidents.intake import Checked, Sheet


@dataclass(frozen=True)
class Settled:
    mended: dict[int, dict[str, str]]  # cells by key: the file holds them corrected
    again: tuple[int, ...]  # keys: the file holds the same bad row


def settled_by(order: Order, sheet: Sheet, checked: Checked) -> Settled:
    """Waiting rows of the same office that a file brings corrected, or again.

    A row is known by its place in the file and its good cells, or by its number if
    that number never counted before.
    """
    rows = list(
        QuarantinedRow.objects.open()
        .filter(batch__place_path=order.place_path, batch__source=order.source)
        .select_related("batch")
    )
    if not rows:
        return Settled({}, ())
    again = _again(rows, checked)
    left = [row for row in rows if row.pk not in again]
    mended = _by_place(left, sheet, checked) | _by_number(left, order, checked)
    return Settled(mended, tuple(again))


def _again(rows: list[QuarantinedRow], checked: Checked) -> list[int]:
    bad = Counter(_key(row.raw) for row in checked.rejected)
    again = []
    for row in rows:
        key = _key(row.raw)
        if bad[key]:
            bad[key] -= 1
            again.append(row.pk)
    return again


def _key(cells: dict[str, str]) -> str:
    return json.dumps(cells, sort_keys=True, ensure_ascii=False)


def _by_place(
    rows: list[QuarantinedRow], sheet: Sheet, checked: Checked
) -> dict[int, dict[str, str]]:
    rejected = {row.row_number for row in checked.rejected}
    wanted = {row.row_number for row in rows} - rejected
    mask = sheet.row_numbers.is_in(list(wanted))
    frame, numbers = sheet.frame.filter(mask), sheet.row_numbers.filter(mask)
    cells_of = {
        number: {h: c or "" for h, c in zip(sheet.headings, cells, strict=True)}
        for number, cells in zip(numbers.to_list(), frame.iter_rows(), strict=True)
    }
    return {
        row.pk: cells_of[row.row_number]
        for row in rows
        if row.row_number in cells_of and _is_same(row, cells_of[row.row_number])
    }


def _is_same(row: QuarantinedRow, cells: dict[str, str]) -> bool:
    bad = {problem["column"] for problem in row.problems} | row.corrected.keys()
    good = {heading: text for heading, text in row.raw.items() if heading not in bad}
    return cells.keys() == row.raw.keys() and all(
        cells[heading] == text for heading, text in good.items()
    )


def _by_number(
    rows: list[QuarantinedRow], order: Order, checked: Checked
) -> dict[int, dict[str, str]]:
    given = {row.pk: _number(row) for row in rows}
    asked = pl.Series([n for n in given.values() if n], dtype=pl.String)
    if asked.is_empty():
        return {}
    ids = pl.Series(checked.accepted["incident_id"]).cast(pl.String)
    held = compute.identities_now(order.source, order.place_path)["incident_id"]
    found = asked.filter(asked.is_in(ids.implode()) & ~asked.is_in(held.implode()))
    # Two rows of one case are two victims: the number alone does not tell them apart.
    once = {n for n, times in Counter(asked.to_list()).items() if times == 1}
    new = once & set(found.to_list())
    return {row.pk: row.cells for row in rows if given[row.pk] in new}


def _number(row: QuarantinedRow) -> str:
    heading = row.batch.mapping.get("columns", {}).get(Field.INCIDENT_ID, "")
    return str(row.raw.get(heading, "")).strip()
