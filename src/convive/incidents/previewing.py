"""What a person sees of a file before it is imported: kept with its draft as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext_noop as _

from convive.incidents import compute, uploads
from convive.incidents.intake import IntakeError, read_sheet, recognise
from convive.warehouse import UNCLASSIFIED

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from convive.incidents.intake import Checked, Rejected

HEAD_ROWS = 8
# Each column is a choice in the list of each field.
COLUMN_LIMIT = 300
SAMPLE = 20
TERMS = 200
LONGEST_TEXT = 120
# What a record says, in the order in which a person reads it.
SHOWN = (
    "occurred_on", "occurred_minute", "offence_text", "iccs", "municipality",
    "location_text", "victim_sex", "victim_age", "mechanism", "relationship",
    "precision", "longitude", "latitude",
)  # fmt: skip


def read_head(path: Path, sheet_name: str = "") -> dict[str, Any]:
    """Headings, first rows, what was skipped and how the columns are understood."""
    sheet = read_sheet(path, sheet=sheet_name or None)
    if len(sheet.headings) > COLUMN_LIMIT:
        raise IntakeError(
            _("The file has %(count)s columns. Leave those of the incidents, at most "
              "%(limit)s."),
            count=len(sheet.headings),
            limit=COLUMN_LIMIT,
        )  # fmt: skip
    head = sheet.frame.head(HEAD_ROWS)
    return {
        "headings": sheet.headings,
        "rows": [[_cut(cell or "") for cell in row] for row in head.rows()],
        "row_numbers": sheet.row_numbers.head(HEAD_ROWS).to_list(),
        "records": sheet.frame.height,
        "skipped": sheet.skipped,
        "encoding": sheet.encoding,
        "sheet": sheet.name,
        "sheets": uploads.sheet_names(path),
        "recognised": recognise(sheet).to_json(),
    }


def describe(
    checked: Checked, change: compute.Difference, source: str
) -> dict[str, Any]:
    """Counts and samples of a comparison made with Replace, which holds Add's too."""
    days = pc.min_max(checked.accepted["occurred_on"]).as_py()
    codes = set(checked.accepted["iccs"].unique().to_pylist()) - {UNCLASSIFIED}
    return {
        "read": checked.read,
        "new": change.new,
        "changed": change.changed,
        "unchanged": change.unchanged,
        "removed": change.removed,
        "rejected": len(checked.rejected),
        "first": str(days["min"] or ""),
        "last": str(days["max"] or ""),
        "iccs": sorted(codes),
        "samples": _samples(checked, change, source),
        "rejected_rows": [_rejected(row) for row in checked.rejected[:SAMPLE]],
        "reasons": _reasons(checked.rejected),
        "unclassified": [[_cut(k), n] for k, n in checked.unclassified.items()][:TERMS],
        "unclassified_terms": len(checked.unclassified),
        "unclassified_rows": sum(checked.unclassified.values()),
    }


def _samples(
    checked: Checked, change: compute.Difference, source: str
) -> dict[str, list[dict[str, Any]]]:
    # The first of `retired` are the earlier rows of the changed ones.
    replaced = change.retired[: change.changed]
    known = compute.live_numbers(replaced, source)
    changed = _with_numbers(change.rows, known)
    removed = compute.live_rows(change.retired[change.changed :][:SAMPLE], source)
    return {
        "new": _first(change.rows, without=known),
        "unchanged": _first(checked.accepted, without=change.rows["incident_id"]),
        "changed": _changes(changed.slice(0, SAMPLE), replaced, source),
        "removed": [_said(row) for row in removed],
    }


def _with_numbers(rows: pa.Table, numbers: pa.Array) -> pa.Table:
    return rows.filter(pc.is_in(rows["incident_id"], value_set=numbers))


def _first(rows: pa.Table, *, without: pa.Array) -> list[dict[str, Any]]:
    """The first rows whose number is none of these."""
    is_other = pc.invert(pc.is_in(rows["incident_id"], value_set=without))
    return [_said(row) for row in rows.filter(is_other).slice(0, SAMPLE).to_pylist()]


def _said(row: dict[str, Any]) -> dict[str, Any]:
    shown = {name: _plain(row[name]) for name in SHOWN}
    return {"row": row["source_row"], "incident_id": row["incident_id"]} | shown


def _changes(
    changed: pa.Table, replaced: NDArray[np.int64], source: str
) -> list[dict[str, Any]]:
    """Rows beside the earlier ones of the same number."""
    after = {row["incident_id"]: row for row in changed.to_pylist()}
    before = compute.earlier_rows(replaced, source, list(after))
    return [
        {"row": new["source_row"], "incident_id": number}
        | {"fields": _differing(before[number], new)}
        for number, new in after.items()
        if number in before
    ]


def _differing(old: dict[str, Any], new: dict[str, Any]) -> list[list[Any]]:
    return [
        [name, _plain(old[name]), _plain(new[name])]
        for name in SHOWN
        if _plain(old[name]) != _plain(new[name])
    ]


def _plain(value: object) -> str | int | float | None:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        # Seven decimals of a degree are a centimetre.
        return round(value, 7)
    return _cut(str(value))


def _rejected(row: Rejected) -> dict[str, Any]:
    return {
        "row": row.row_number,
        "problems": [
            {
                "column": problem.column,
                "value": _cut(problem.value),
                "sentence": problem.sentence,
                "facts": problem.facts,
            }
            for problem in row.problems
        ],
    }


def _reasons(rejected: list[Rejected]) -> list[list[str | int]]:
    """How many rows each column holds back, the worst first."""
    counted = Counter(
        column for row in rejected for column in {p.column for p in row.problems}
    )
    return [[column, count] for column, count in counted.most_common(SAMPLE)]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
