"""The number of each record: the office's own, or one made from what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from django.utils.translation import gettext_noop as _

from convive.incidents.intake.headings import Field
from convive.incidents.intake.identity import derived_ids

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.incidents.intake.columns import Columns
    from convive.incidents.intake.identity import Column


def number_rows(columns: Columns, rows: dict[str, Column]) -> NDArray[np.bool_]:
    """Set `incident_id` and `event_id`; refuse repeats; say which rows stay."""
    given = rows["incident_id"]
    accepted = columns.accepted()
    if columns.has(Field.INCIDENT_ID) and _are_distinct(given):
        return accepted
    frame = pl.DataFrame(
        {
            "given": given,
            "event": rows["event_id"],
            "hash": rows["content_hash"],
            "row": rows["source_row"],
        }
    ).with_row_index("position")
    good = frame.filter(pl.Series(accepted))
    good = good.filter(~pl.col("position").is_in(_refuse_repeats(columns, good)))
    numbered = _numbered(good)
    places = frame.select("position").join(
        numbered, on="position", how="left", maintain_order="left"
    )
    rows["incident_id"], rows["event_id"] = places["given"], places["event"]
    return columns.accepted()


def _are_distinct(given: Column) -> bool:
    assert isinstance(given, pl.Series)  # noqa: S101 - narrows the type
    # Different hashes mean different texts, and are quicker to compare.
    return not given.null_count() and given.hash().n_unique() == len(given)


def _refuse_repeats(columns: Columns, good: pl.DataFrame) -> list[int]:
    has_id = pl.col("given").is_not_null()
    first = pl.col("row").first().over("given", "hash")
    repeats = good.with_columns(first.alias("first")).filter(
        has_id & (pl.col("row") != pl.col("first"))
    )
    positions = repeats["position"].to_list()
    columns.refuse_each(
        positions,
        Field.INCIDENT_ID,
        _("The row repeats row %(first)s: same number and same content."),
        [{"first": row} for row in repeats["first"].to_list()],
    )
    return positions


def _numbered(good: pl.DataFrame) -> pl.DataFrame:
    """Victims of one case share its number: tell them apart and keep the event."""
    given = pl.col("given")
    ordinal = pl.int_range(1, pl.len() + 1).over("given")
    shared = given.is_not_null() & (pl.len().over("given") > 1)
    derived = derived_ids(good["hash"].to_numpy().view(np.uint64))
    told = good.with_columns(
        derived.alias("derived"), shared.alias("shared"), ordinal.alias("ordinal")
    )
    later = pl.col("shared") & (pl.col("ordinal") > 1)
    apart = pl.format("{}{}{}", given, pl.lit(_separator(told)), "ordinal")
    return told.select(
        "position",
        event=pl.when("shared").then(pl.coalesce("event", given)).otherwise("event"),
        given=pl.when(later).then(apart).otherwise(pl.coalesce(given, "derived")),
    )


def _separator(told: pl.DataFrame) -> str:
    """'/', or more of them where the office itself has numbers such as 77/2."""
    taken = told["given"].drop_nulls().unique()
    later = told.filter(pl.col("shared") & (pl.col("ordinal") > 1))
    separator = "/"
    while True:
        made = later.select(pl.format("{}{}{}", "given", pl.lit(separator), "ordinal"))
        if not made.to_series().is_in(taken.implode()).any():
            return separator
        separator += "/"
