"""The intake's reference, read from the places and the crosswalk of a country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from convive.incidents.intake import Reference, Term
from convive.incidents.intake.gazetteer import NameIndex
from convive.incidents.intake.reference import Spot
from convive.incidents.models import Crosswalk
from convive.places import compute as places
from convive.places.models import GazetteerEntry
from convive.warehouse.schema import Precision

if TYPE_CHECKING:
    pass


def latest_crosswalk(place_path: str) -> Crosswalk | None:
    country = place_path.split("/")[0]
    return Crosswalk.objects.filter(country_path=country).order_by("-version").first()


def terms_of(crosswalk: Crosswalk | None) -> dict[str, Term]:
    terms = crosswalk.terms.all() if crosswalk else []
    return {
        term.key: Term(term.iccs, term.mechanism, term.relationship) for term in terms
    }


def reference_for(place_path: str, source: str) -> Reference:
    entries = places.gazetteer_within(place_path)
    return Reference(
        place_path=place_path,
        source=source,
        today=timezone.localdate(),
        terms=terms_of(latest_crosswalk(place_path)),
        municipalities=places.municipality_names(place_path),
        shared_names=places.shared_municipality_names(place_path),
        municipality_locator=places.municipality_locator(place_path),
        zone_locator=places.zone_locator(place_path),
        gazetteer=NameIndex((e.name, _spot(e)) for e in entries) if entries else None,
    )


def _spot(entry: GazetteerEntry) -> Spot:
    is_landmark = entry.kind == GazetteerEntry.Kind.LANDMARK
    return Spot(
        longitude=entry.longitude,
        latitude=entry.latitude,
        precision=Precision.LANDMARK if is_landmark else Precision.NEIGHBOURHOOD,
        municipality=entry.municipality.path,
        zone=entry.zone.path if entry.zone else None,
    )
