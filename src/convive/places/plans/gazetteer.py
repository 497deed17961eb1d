"""Barrios and landmarks matched with those that are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely
from django.utils.translation import gettext as _

from convive.core.text import fold
from convive.places.models import GazetteerEntry, Place
from convive.places.plans.plan import Cells, Plan, frame_of
from convive.places.tables import degrees, read_rows

if TYPE_CHECKING:
    from pathlib import Path

    from convive.places.tables import Row

_KINDS = {
    "neighbourhood": "neighbourhood",
    **dict.fromkeys(("barrio", "colonia", "canton", "caserio"), "neighbourhood"),
    **dict.fromkeys(("landmark", "punto de referencia", "referencia"), "landmark"),
}


@dataclass
class GazetteerPlan(Plan):
    entries: list[GazetteerEntry] = field(default_factory=list)


def plan_gazetteer(file: Path, municipality: Place, source: str) -> GazetteerPlan:
    plan = GazetteerPlan()
    known = {entry.key: entry for entry in municipality.gazetteer.all()}
    frame = frame_of(municipality)
    seen: dict[str, int] = {}
    for row in read_rows(file, ("name", "kind", "longitude", "latitude")):
        entry = _entry(row, municipality, source, plan)
        if entry is None:
            continue
        if entry.key in seen:
            plan.problems.append(
                _("Row %(row)s repeats the name of row %(first)s.")
                % {"row": row.number, "first": seen[entry.key]}
            )
            continue
        seen[entry.key] = row.number
        point = shapely.Point(entry.longitude, entry.latitude)
        if frame is not None and not frame.contains(point):
            Cells(row, plan).problem(
                "latitude",
                _("the point lies far from %(place)s.") % {"place": municipality.name},
            )
            continue
        plan.count(is_new=entry.key not in known)
        plan.entries.append(entry)
    return plan


def _entry(
    row: Row, municipality: Place, source: str, plan: Plan
) -> GazetteerEntry | None:
    cells = Cells(row, plan)
    kind = _KINDS.get(fold(row["kind"]))
    if kind is None:
        sentence = _("write neighbourhood or landmark, not “%(value)s”.")
        cells.problem("kind", sentence % {"value": row["kind"]})
    if not fold(row["name"]):
        cells.problem("name", _("the name is missing."))
    longitude = cells.take(degrees, "longitude")
    latitude = cells.take(degrees, "latitude")
    if cells.is_bad or kind is None or longitude is None or latitude is None:
        return None
    return GazetteerEntry(
        municipality=municipality,
        kind=kind,
        name=row["name"],
        key=fold(row["name"]),
        longitude=longitude,
        latitude=latitude,
        source=source,
    )
