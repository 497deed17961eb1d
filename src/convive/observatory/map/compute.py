"""The map's door to the located incidents. Every question passes the policy here."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from convive.incidents import compute as incidents
from convive.observatory.compute import numbers_known
from convive.observatory.map.policies import (
    FAMILY_OR_SEXUAL,
    NEVER_DRAWN,
    NOT_CLASSIFIED,
)
from convive.warehouse import Box, grid_counts, points_in_box, precision_counts

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir

    from convive.observatory.selection import Selection
    from convive.warehouse import Slice

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


@dataclass(frozen=True)
class _Question:
    """Batches never change, so that their numbers say whether an answer still holds."""

    root: Path
    numbers: tuple[int, ...]
    slice_: Slice

    @property
    def table(self) -> ir.Table:
        return incidents.warehouse().incidents(self.numbers)


def _question(selection: Selection) -> _Question:
    slice_ = selection.slice_of(selection.where)
    return _Question(settings.WAREHOUSE_ROOT, numbers_known(selection), slice_)


def drawable(selection: Selection) -> Drawable:
    return _drawable(_question(selection))


@functools.lru_cache(maxsize=128)
def _drawable(asked: _Question) -> Drawable:
    reasons = [FAMILY_OR_SEXUAL, NOT_CLASSIFIED]
    rows: list[Row] = precision_counts(asked.table, asked.slice_, reasons).to_pylist()
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
    return [dict(row) for row in _cells(_question(selection), box, side)]


@functools.lru_cache(maxsize=64)
def _cells(asked: _Question, box: Box, side: float) -> tuple[Row, ...]:
    found = grid_counts(asked.table, asked.slice_, box, side, NEVER_DRAWN)
    return tuple(found.to_pylist())


def points(selection: Selection, box: Box, limit: int) -> list[Row]:
    asked = _question(selection)
    found = points_in_box(asked.table, asked.slice_, box, NEVER_DRAWN, limit)
    rows: list[Row] = found.to_pylist()
    return rows
