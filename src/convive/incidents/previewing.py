"""What a person sees of a file before it is imported: kept with its draft as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
from django.utils.translation import gettext_noop as _

from convive.incidents import compute, uploads
from convive.incidents.intake import IntakeError, read_sheet, recognise
from convive.warehouse import UNCLASSIFIED

if TYPE_CHECKING:
    from pathlib import Path

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
    days = change.compared["occurred_on"]
    codes = set(checked.accepted["iccs"].unique().to_pylist()) - {UNCLASSIFIED}
    return {
        "read": checked.read,
        "new": change.new,
        "changed": change.changed,
        "unchanged": change.unchanged,
        "removed": change.removed,
        "rejected": len(checked.rejected),
        "first": str(days.min() or ""),
        "last": str(days.max() or ""),
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
    compared = change.compared
    is_new = pl.col("row_id").is_null()
    is_same = pl.col("was") == pl.col("content_hash")
    new, same, changed = (
        compared.filter(which).head(SAMPLE)
        for which in (is_new, ~is_new & is_same, ~is_new & ~is_same)
    )
    removed = change.retired[change.changed :][:SAMPLE].tolist()
    return {
        "new": _rows_at(checked, new["position"]),
        "unchanged": _rows_at(checked, same["position"]),
        "changed": _changes(checked, changed, source),
        "removed": [_said(row) for row in compute.live_rows(removed, source)],
    }


def _rows_at(checked: Checked, positions: pl.Series) -> list[dict[str, Any]]:
    rows = checked.accepted.take(positions.to_arrow()).to_pylist()
    return [_said(row) for row in rows]


def _said(row: dict[str, Any]) -> dict[str, Any]:
    shown = {name: _plain(row[name]) for name in SHOWN}
    return {"row": row["source_row"], "incident_id": row["incident_id"]} | shown


def _changes(
    checked: Checked, changed: pl.DataFrame, source: str
) -> list[dict[str, Any]]:
    before = compute.live_rows(changed["row_id"].to_list(), source)
    after = checked.accepted.take(changed["position"].to_arrow()).to_pylist()
    return [
        {"row": new["source_row"], "incident_id": new["incident_id"]}
        | {"fields": _differing(old, new)}
        for old, new in zip(before, after, strict=True)
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
