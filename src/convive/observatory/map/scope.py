"""Which places a map draws: the parts of the selected one, or those it stands among."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from convive.observatory.map.drawing import Sheet, project
from convive.places.models import Boundary, Place, PlaceKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from convive.observatory.selection import Selection

K = PlaceKind
PART_KINDS: dict[str, tuple[PlaceKind, ...]] = {
    K.COUNTRY: (K.DEPARTMENT, K.MUNICIPALITY),
    K.DEPARTMENT: (K.MUNICIPALITY,),
    K.MUNICIPALITY: (K.ZONE,),
}


@dataclass(frozen=True)
class Scope:
    around: Place
    kind: PlaceKind
    places: tuple[Place, ...]
    kinds: tuple[PlaceKind, ...]  # that the reader may choose among
    measure: str  # 'rate', 'count', or '' for what the populations allow

    @property
    def query(self) -> str:
        measure = f"&measure={self.measure}" if self.measure else ""
        return f"parts={self.kind}{measure}"


def choose_scope(selection: Selection, asked: Mapping[str, str]) -> Scope:
    place = selection.place
    measure = asked.get("measure", "")
    measure = measure if measure in {"rate", "count"} else ""
    around: Place | None = place
    while around is not None:
        kinds = tuple(
            k for k in PART_KINDS.get(around.kind, ()) if _inside(around, k).exists()
        )
        if kinds:
            kind = next((k for k in kinds if k == asked.get("parts")), kinds[0])
            inside = tuple(
                _inside(around, kind).select_related("parent").order_by("path")
            )
            return Scope(around, kind, inside, kinds, measure)
        around = around.parent
    return Scope(place, PlaceKind(place.kind), (place,), (), measure)


def _inside(around: Place, kind: PlaceKind) -> QuerySet[Place]:
    return Place.objects.within(around.path).of_kind(kind)


def boundaries_of(paths: list[str]) -> dict[str, Boundary]:
    """What is known of the outlines, by path; the outlines themselves stay there."""
    found = Boundary.objects.filter(place__path__in=paths).defer("wkb", "drawing")
    return {row.place.path: row for row in found.select_related("place")}


def shapes_of(boundaries: Mapping[str, Boundary]) -> dict[str, shapely.Geometry]:
    return _shapes(*_key(boundaries)) if boundaries else {}


def sheet_of(boundaries: Mapping[str, Boundary]) -> Sheet | None:
    return _sheet(*_key(boundaries)) if boundaries else None


def _key(boundaries: Mapping[str, Boundary]) -> tuple[tuple[str, ...], str]:
    """Changes with any of the outlines."""
    latest = max(boundary.updated_at for boundary in boundaries.values())
    return tuple(sorted(boundaries)), latest.isoformat()


@functools.lru_cache(maxsize=16)
def _shapes(paths: tuple[str, ...], stamp: str) -> dict[str, shapely.Geometry]:
    rows = Boundary.objects.filter(place__path__in=paths)
    return {
        path: shapely.from_geojson(json.dumps(outline))
        for path, outline in rows.values_list("place__path", "drawing")
    }


@functools.lru_cache(maxsize=16)
def _sheet(paths: tuple[str, ...], stamp: str) -> Sheet:
    return project(_shapes(paths, stamp))
