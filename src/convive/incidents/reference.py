"""The intake's reference, read from the places and the crosswalk of a country."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import timezone

from convive.core.text import fold
from convive.incidents.intake import Reference, Term
from convive.incidents.intake.reference import Spot
from convive.incidents.models import Crosswalk
from convive.places import compute as places
from convive.places.models import GazetteerEntry
from convive.warehouse.schema import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILLERS = re.compile(
    r"\b(frente a|frente al|cerca de|cerca del|a la par de|atras de|colonia|col|barrio"
    r"|bo|canton|urbanizacion|urb|residencial|res|calle|avenida|av|el|la|los|las|de|del"
    r"|al)\b"
)


class Gazetteer:
    """Finds an entry's name among the words of a text, the longest first."""

    def __init__(self, entries: Sequence[GazetteerEntry]) -> None:
        self._entries = [(_bare(entry.name), entry) for entry in entries]

    def match(self, text: str, within: str) -> Spot | None:
        words = f" {_bare(text)} "
        for name, entry in self._entries:
            path = entry.municipality.path
            is_here = path == within or path.startswith(f"{within}/")
            if is_here and name and f" {name} " in words:
                return _spot(entry)
        return None


def _bare(text: str) -> str:
    return " ".join(_FILLERS.sub(" ", fold(text)).split())


def _spot(entry: GazetteerEntry) -> Spot:
    is_landmark = entry.kind == GazetteerEntry.Kind.LANDMARK
    return Spot(
        longitude=entry.longitude,
        latitude=entry.latitude,
        precision=Precision.LANDMARK if is_landmark else Precision.NEIGHBOURHOOD,
        municipality=entry.municipality.path,
        zone=entry.zone.path if entry.zone else None,
    )


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
        municipality_locator=places.municipality_locator(place_path),
        zone_locator=places.zone_locator(place_path),
        gazetteer=Gazetteer(entries) if entries else None,
    )
