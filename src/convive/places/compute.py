"""Points and texts to places: the room's door to `convive.stats`."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.core.text import fold
from convive.places.index_cache import polygon_index
from convive.places.models import Boundary, GazetteerEntry, Place, PlaceKind, PlaceName

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.stats import PolygonIndex


@dataclass(frozen=True)
class PlaceLocator:
    paths: NDArray[np.object_]  # one more than the polygons: the last is None
    index: PolygonIndex

    def positions(
        self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
    ) -> NDArray[np.int32]:
        """Where in `paths` each point's place stands; -1 for none."""
        return self.index.assign(longitude, latitude)

    def locate(
        self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
    ) -> NDArray[np.object_]:
        found: NDArray[np.object_] = self.paths[self.index.assign(longitude, latitude)]
        return found


def municipality_locator(within: str) -> PlaceLocator | None:
    """Finds municipalities in a country; None where no boundary is loaded."""
    return _locator(within.split("/")[0], PlaceKind.MUNICIPALITY)


def zone_locator(within: str) -> PlaceLocator | None:
    return _locator(within, PlaceKind.ZONE)


def _locator(within: str, kind: PlaceKind) -> PlaceLocator | None:
    mine = Boundary.objects.filter(place__in=Place.objects.within(within).of_kind(kind))
    latest = mine.order_by("-updated_at").values_list("updated_at", flat=True).first()
    if latest is None:
        return None
    return _build(within, kind, latest.isoformat(), mine.count())


@functools.lru_cache(maxsize=16)
def _build(within: str, kind: PlaceKind, stamp: str, count: int) -> PlaceLocator:
    """Built once; `stamp` and `count` change with any boundary."""
    places = Place.objects.within(within).of_kind(kind).filter(boundary__isnull=False)
    rows = list(places.order_by("path").values_list("path", "boundary__wkb"))
    paths = np.array([path for path, _wkb in rows] + [None], dtype=object)
    return PlaceLocator(paths, polygon_index([bytes(wkb) for _, wkb in rows]))


def municipality_names(within: str) -> dict[str, str]:
    """Folded names and spellings of municipalities; an ambiguous one is left out."""
    inside = Place.objects.within(within).of_kind(PlaceKind.MUNICIPALITY)
    named = [(fold(name), path) for name, path in inside.values_list("name", "path")]
    spelt = PlaceName.objects.filter(place__in=inside)
    named += list(spelt.values_list("key", "place__path"))
    paths: dict[str, set[str]] = {}
    for key, path in named:
        paths.setdefault(key, set()).add(path)
    return {key: found.pop() for key, found in paths.items() if len(found) == 1}


def gazetteer_within(path: str) -> list[GazetteerEntry]:
    """Entries of the municipalities in a place, longest name first."""
    mine = GazetteerEntry.objects.filter(municipality__in=Place.objects.within(path))
    return sorted(
        mine.select_related("municipality", "zone"), key=lambda entry: -len(entry.key)
    )
