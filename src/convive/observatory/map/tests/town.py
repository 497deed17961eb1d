"""A department of four squares with incidents of every kind, for the map's tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import shapely

from convive.core.actors import System
from convive.incidents import compute
from convive.incidents.models import Batch
from convive.incidents.workflow import BatchStatus
from convive.places.actions import save_place
from convive.places.models import Boundary, PlaceKind, Population
from convive.places.tests.sonsonate import ACAJUTLA, SONSONATE, make_sonsonate
from convive.warehouse.tests.rows import incident_rows

if TYPE_CHECKING:
    from convive.places.models import Place

__all__ = ["ACAJUTLA", "IZALCO", "JUAYUA", "SONSONATE", "make_town"]

DEPARTMENT = "sv/sonsonate"
IZALCO, JUAYUA = "sv/sonsonate/izalco", "sv/sonsonate/juayua"
YEAR = "since=2010-01&until=2010-12"
# Homicides of January 2010, by municipality.
HOMICIDES = {SONSONATE: 12, ACAJUTLA: 3, IZALCO: 7, JUAYUA: 0}
RESIDENTS = 10_000
NOTE = "Coordenadas desplazadas unos 200 m desde el origen."


def make_town() -> None:
    """Make places, outlines, residents and one recorded batch that covers all."""
    department = make_sonsonate().parent
    assert department is not None
    by = System()
    for name in ("Izalco", "Juayúa"):
        save_place(by=by, kind=PlaceKind.MUNICIPALITY, name=name, parent=department)
    for position, place in enumerate(department.children.order_by("path")):
        _settle(place, position)
    rows = [
        {"municipality": path, "longitude": -89.7 + 0.01 * i, "latitude": 13.75}
        for path, count in HOMICIDES.items()
        for i in range(count)
    ]
    _record([*rows, *_private(), *_vague()])


def _settle(place: Place, position: int) -> None:
    square = shapely.box(position, 13.0, position + 1, 14.0)
    Boundary.objects.create(
        place=place,
        wkb=square.wkb,
        drawing=json.loads(shapely.to_geojson(square)),
        source="OCHA",
        licence="CC BY-SA",
        is_approximate=position == 0,
    )
    Population.objects.create(
        place=place, year=2010, persons=RESIDENTS, source="census", is_verified=True
    )


def _private() -> list[dict[str, object]]:
    """One of each reason for which a point is never drawn."""
    robbery = {"iccs": "0401", "longitude": -89.6, "latitude": 13.7}
    return [
        robbery | {"iccs": "03011"},
        robbery | {"iccs": "0201", "relationship": "former_partner"},
        robbery | {"offence_text": "Violencia intrafamiliar"},
        robbery | {"iccs": "unclassified"},
    ]


def _vague() -> list[dict[str, object]]:
    nowhere = {"longitude": None, "latitude": None, "precision": "municipality"}
    return [{"iccs": "0401"} | nowhere, {"iccs": "0401", "precision": "landmark"}]


def _record(rows: list[dict[str, object]]) -> None:
    batch = Batch.objects.create(
        status=BatchStatus.RECORDED,
        place_path="sv",
        source="pnc",
        file_name="town.csv",
        mode="add",
        note=NOTE,
        accepted=len(rows),
        covers_from="2010-01-01",
        covers_until="2010-12-31",
        by_name="test",
        recorded_at="2011-01-15T00:00:00Z",
    )
    compute.warehouse().write_batch(
        batch.number, incident_rows(*rows), np.array([], dtype=np.int64)
    )
