"""The intake's reference, read from the places and the crosswalk of a country."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils import timezone

from convive.core.text import fold
from convive.incidents.intake import Reference, Term
from convive.incidents.intake.gazetteer import NameIndex
from convive.incidents.intake.reference import Spot
from convive.incidents.models import Crosswalk
from convive.places import compute as places
from convive.places.models import GazetteerEntry, Place, PlaceKind, PlaceName
from convive.warehouse.schema import Precision

if TYPE_CHECKING:
    from collections.abc import Iterator


def latest_crosswalk(place_path: str) -> Crosswalk | None:
    country = place_path.split("/")[0]
    return Crosswalk.objects.filter(country_path=country).order_by("-version").first()


def reference_for(place_path: str, source: str) -> Reference:
    crosswalk = latest_crosswalk(place_path)
    terms = crosswalk.terms.all() if crosswalk else []
    entries = places.gazetteer_within(place_path)
    municipalities, shared = _municipality_names(place_path)
    return Reference(
        place_path=place_path,
        source=source,
        today=timezone.localdate(),
        terms={
            term.key: Term(term.iccs, term.mechanism, term.relationship)
            for term in terms
        },
        municipalities=municipalities,
        shared_names=shared,
        municipality_locator=places.municipality_locator(place_path),
        zone_locator=places.zone_locator(place_path),
        gazetteer=NameIndex((e.name, _spot(e)) for e in entries) if entries else None,
    )


def _municipality_names(within: str) -> tuple[dict[str, str], frozenset[str]]:
    """Paths by name, and by 'department/name'; and the names that several share."""
    paths: dict[str, set[str]] = defaultdict(set)
    for name, department, path in _spellings(within):
        paths[name].add(path)
        paths[f"{department}/{name}"].add(path)
    clear = {name: min(found) for name, found in paths.items() if len(found) == 1}
    return clear, frozenset(paths.keys() - clear.keys())


def _spellings(within: str) -> Iterator[tuple[str, str, str]]:
    inside = Place.objects.within(within).of_kind(PlaceKind.MUNICIPALITY)
    for name, above, path in inside.values_list("name", "parent__name", "path"):
        yield fold(name), fold(above or ""), path
    spelt = PlaceName.objects.filter(place__in=inside)
    fields = ("key", "place__parent__name", "place__path")
    for key, above, path in spelt.values_list(*fields):
        yield key, fold(above or ""), path


def _spot(entry: GazetteerEntry) -> Spot:
    is_landmark = entry.kind == GazetteerEntry.Kind.LANDMARK
    return Spot(
        longitude=entry.longitude,
        latitude=entry.latitude,
        precision=Precision.LANDMARK if is_landmark else Precision.NEIGHBOURHOOD,
        municipality=entry.municipality.path,
        zone=entry.zone.path if entry.zone else None,
    )
