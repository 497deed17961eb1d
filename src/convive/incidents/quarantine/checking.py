"""Corrected rows go through the same intake as their file did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from django.utils.translation import gettext_noop as _

from convive.incidents import compute
from convive.incidents.intake import (
    Checked,
    Field,
    Mapping,
    Problem,
    Rejected,
    check,
)
from convive.incidents.models import ImportMode
from convive.incidents.quarantine import context
from convive.incidents.reference import reference_for
from convive.incidents.workflow import QuarantineStatus
from convive.warehouse.schema import INCIDENT_SCHEMA
from convive.warehouse.store import BATCH_SHIFT

if TYPE_CHECKING:
    from collections.abc import Mapping as ByKey

    from convive.incidents.intake import Sheet
    from convive.incidents.models import Batch

NONE_ACCEPTED = INCIDENT_SCHEMA.remove(0).empty_table()


@dataclass(frozen=True)
class Tried:
    """What the intake says of corrected rows of one batch.

    `checked` holds the accepted rows and those that share a number or their content
    with them: their numbers depend on each other.
    """

    checked: Checked
    accepted: frozenset[int]  # row numbers
    rejected: tuple[Rejected, ...]


def try_again(batch: Batch, corrections: ByKey[int, dict[str, str]]) -> Tried:
    """Check rows with these cells as part of their file. Nothing is written."""
    sheet = context.corrected_sheet(batch, {**_mended(batch), **corrections})
    mapping = Mapping.from_json(batch.mapping)
    checked = check(sheet, mapping, reference_for(batch.place_path, batch.source))
    asked = set(corrections)
    bad = {row.row_number: row for row in checked.rejected if row.row_number in asked}
    live = compute.identities_now(batch.source, batch.place_path)
    rows = _beside_live(checked, sheet, mapping, live)
    overtaken = rows.filter(pl.col("row").is_in(list(asked)), _IS_OVERTAKEN)
    for row in overtaken.iter_rows(named=True):
        cells = dict(batch.quarantine.get(row_number=row["row"]).raw)
        cells |= corrections[row["row"]]
        bad[row["row"]] = _overtaken(row, cells, mapping)
    accepted = frozenset(asked - bad.keys())
    kept = checked.accepted.filter(_together(rows, accepted).to_arrow())
    rejected = tuple(bad[number] for number in sorted(bad))
    return Tried(Checked(kept, list(rejected), len(asked), {}), accepted, rejected)


def _mended(batch: Batch) -> context.Corrections:
    """Cells of the rows mended earlier, which count in the file as it stands now."""
    rows = batch.quarantine.filter(status=QuarantineStatus.MENDED)
    return {row.row_number: row.cells for row in rows}


_IS_LIVE = pl.col("live_row").is_not_null()
# The only row of its number, and that number counts by now with another content:
# a later file brought it, and that one is to be believed.
_IS_OVERTAKEN = (
    _IS_LIVE
    & pl.col("case").is_not_null()
    & (pl.col("of_case") == 1)
    & (pl.col("hash") != pl.col("live_hash"))
)


def _beside_live(
    checked: Checked, sheet: Sheet, mapping: Mapping, live: pl.DataFrame
) -> pl.DataFrame:
    """Each accepted row's case number, content and record that counts under its id."""
    position = mapping.position(sheet, Field.INCIDENT_ID)
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, sheet.frame.height)
    cases = blank if position is None else sheet.frame[str(position)]
    given = pl.DataFrame({"row": sheet.row_numbers, "case": cases.str.strip_chars()})
    known = live.select("incident_id", live_hash="content_hash", live_row="row_id")
    rows = pl.DataFrame(
        {
            "row": pl.Series(checked.accepted["source_row"]),
            "hash": pl.Series(checked.accepted["content_hash"]),
            "incident_id": pl.Series(checked.accepted["incident_id"]).cast(pl.String),
        }
    )
    return (
        rows.join(given, on="row", how="left", maintain_order="left")
        .join(known, on="incident_id", how="left", maintain_order="left")
        .with_columns(of_case=pl.len().over("case"))
    )


def _overtaken(
    row: dict[str, Any], cells: dict[str, str], mapping: Mapping
) -> Rejected:
    problem = Problem(
        mapping.columns[Field.INCIDENT_ID],
        row["case"],
        _("Record “%(value)s” counts already with other content, from batch "
          "%(number)s. Dismiss this row if that one is right."),
        {"number": row["live_row"] >> BATCH_SHIFT},
    )  # fmt: skip
    return Rejected(row["row"], cells, (problem,))


def _together(rows: pl.DataFrame, accepted: frozenset[int]) -> pl.Series:
    """The mended rows, and those whose numbers move because they come between.

    Rows of one case, or without a number and alike, are told apart by their order.
    """
    is_mended = pl.col("row").is_in(list(accepted))
    moving = rows.filter(is_mended & _IS_LIVE)
    same_case = pl.col("case").is_in(moving["case"].drop_nulls().implode())
    alike = pl.col("case").is_null() & pl.col("hash").is_in(
        moving.filter(pl.col("case").is_null())["hash"].implode()
    )
    together = is_mended | same_case.fill_null(False) | alike
    return rows.select(together).to_series()


def difference(batch: Batch, tried: Tried) -> compute.Difference:
    return compute.difference(
        tried.checked.accepted, batch.place_path, batch.source, ImportMode.ADD
    )


def batch_holding(batch: Batch, tried: Tried) -> int:
    """Number of the latest batch in which the corrected rows count already."""
    rows = tried.checked.accepted
    given = pl.DataFrame({"incident_id": pl.Series(rows["incident_id"])})
    live = compute.identities_now(batch.source, batch.place_path)
    found = live.join(given, on="incident_id", how="semi")["row_id"].to_list()
    return int(max(found)) >> BATCH_SHIFT


def only_accepted(tried: Tried) -> Checked:
    rows = tried.checked.accepted
    return Checked(rows, [], rows.num_rows, {})
