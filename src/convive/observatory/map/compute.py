"""The map's door to the located incidents. Every question passes the policy here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convive.observatory.compute import incidents_of
from convive.observatory.map.policies import (
    FAMILY_OR_SEXUAL,
    NEVER_DRAWN,
    NOT_CLASSIFIED,
)
from convive.warehouse import (
    Box,
    grid_counts,
    points_in_box,
    precision_counts,
)

if TYPE_CHECKING:
    from convive.observatory.selection import Selection

Row = dict[str, object]
EVERYWHERE = Box(-180, -90, 180, 90)


@dataclass(frozen=True)
class Drawable:
    """What of a selection is drawn, and what is not and why. They add up to all."""

    by_precision: dict[str, int]
    family_or_sexual: int
    unclassified: int
    without_point: int

    @property
    def drawn(self) -> int:
        return sum(self.by_precision.values())


def drawable(selection: Selection) -> Drawable:
    table = incidents_of(selection)
    slice_ = selection.slice_of(selection.where)
    reasons = [FAMILY_OR_SEXUAL, NOT_CLASSIFIED]
    rows: list[Row] = precision_counts(table, slice_, reasons).to_pylist()
    out = [
        sum(_n(row) for row in rows if row["excluded_by"] == reason)
        for reason in range(len(reasons))
    ]
    left = [row for row in rows if row["excluded_by"] is None]
    return Drawable(
        by_precision={str(r["precision"]): _n(r) for r in left if r["is_located"]},
        family_or_sexual=out[0],
        unclassified=out[1],
        without_point=sum(_n(row) for row in left if not row["is_located"]),
    )


def _n(row: Row) -> int:
    return int(str(row["incident_count"]))


def cells(selection: Selection, box: Box, side: float) -> list[Row]:
    table = incidents_of(selection)
    slice_ = selection.slice_of(selection.where)
    rows: list[Row] = grid_counts(table, slice_, box, side, NEVER_DRAWN).to_pylist()
    return rows


def points(selection: Selection, box: Box, limit: int) -> list[Row]:
    table = incidents_of(selection)
    slice_ = selection.slice_of(selection.where)
    rows: list[Row] = points_in_box(table, slice_, box, NEVER_DRAWN, limit).to_pylist()
    return rows
