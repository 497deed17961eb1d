"""Points and texts to places: the room's door to `convive.stats`."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from convive.places.index_cache import polygon_index
from convive.places.models import Boundary, GazetteerEntry, Place, PlaceKind, PlaceName
from convive.places.names import place_key, unambiguous

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.stats import PolygonIndex

_CLOSE_NAME = 85
_CLOSE_SHOWN = 8


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
    """Keys of names and spellings of municipalities; an ambiguous one is left out.

    'El Rosario' alone may be several; 'El Rosario, La Paz' is one.
    """
    return unambiguous(_municipality_writings(within))


def shared_municipality_names(within: str) -> frozenset[str]:
    """Keys that mean several municipalities."""
    writings = _municipality_writings(within)
    return frozenset(key for key, _path in writings) - unambiguous(writings).keys()


def _municipality_writings(within: str) -> list[tuple[str, str]]:
    inside = Place.objects.within(within).of_kind(PlaceKind.MUNICIPALITY)
    named = [
        (writing, path)
        for name, path, above in inside.values_list("name", "path", "parent__name")
        for writing in _writings(name, above)
    ]
    spelt = PlaceName.objects.filter(place__in=inside)
    named += [
        (writing, path)
        for name, path, above in spelt.values_list(
            "name", "place__path", "place__parent__name"
        )
        for writing in _writings(name, above)
    ]
    return named


def _writings(name: str, department: str | None) -> list[str]:
    alone = place_key(name)
    return [alone, place_key(f"{name} {department}")] if department else [alone]


def gazetteer_within(path: str) -> list[GazetteerEntry]:
    """Entries of the municipalities in a place, longest name first."""
    mine = GazetteerEntry.objects.filter(municipality__in=Place.objects.within(path))
    return sorted(
        mine.select_related("municipality", "zone"), key=lambda entry: -len(entry.key)
    )


def find_places(text: str, within: str = "") -> list[Place]:
    """Places whose name or spelling holds the text, else those nearest to it."""
    wanted = place_key(text)
    if not wanted:
        return []
    places = Place.objects.within(within).select_related("parent")
    keys = [(place_key(place.name), place) for place in places]
    by_pk = {place.pk: place for _key, place in keys}
    spelt = PlaceName.objects.filter(place__in=list(by_pk))
    keys += [
        (place_key(name), by_pk[pk]) for pk, name in spelt.values_list("place", "name")
    ]
    found = [(key, place) for key, place in keys if wanted in key]
    if not found:
        close = process.extract(
            wanted,
            [key for key, _place in keys],
            scorer=fuzz.partial_ratio,
            score_cutoff=_CLOSE_NAME,
            limit=_CLOSE_SHOWN,
        )
        found = [keys[position] for _key, _score, position in close]
    # The whole name first, then what begins with the text, then the rest.
    found.sort(key=lambda item: (item[0] != wanted, not item[0].startswith(wanted)))
    return list(dict.fromkeys(place for _key, place in found))
