"""What a record says, in the reader's words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.incidents import iccs
from convive.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = "—"
FIELDS = {
    "occurred_on": gettext_noop("Day"),
    "occurred_minute": gettext_noop("Time"),
    "offence_text": gettext_noop("Offence"),
    "iccs": gettext_noop("Kind (ICCS)"),
    "municipality": gettext_noop("Municipality"),
    "location_text": gettext_noop("Address or landmark"),
    "victim_sex": gettext_noop("Sex of the victim"),
    "victim_age": gettext_noop("Age of the victim"),
    "mechanism": gettext_noop("Weapon or mechanism"),
    "relationship": gettext_noop("Relation of the author to the victim"),
    "precision": gettext_noop("Precision of the location"),
    "longitude": gettext_noop("Longitude"),
    "latitude": gettext_noop("Latitude"),
}
CODES = {
    "female": gettext_noop("woman"),
    "male": gettext_noop("man"),
    "other": gettext_noop("other"),
    "unknown": gettext_noop("unknown"),
    "not_recorded": gettext_noop("not recorded by the office"),
    "firearm": gettext_noop("firearm"),
    "sharp": gettext_noop("sharp object"),
    "blunt": gettext_noop("blunt object"),
    "bodily_force": gettext_noop("bodily force"),
    "strangulation": gettext_noop("strangulation"),
    "fire": gettext_noop("fire"),
    "explosive": gettext_noop("explosive"),
    "poison": gettext_noop("poison"),
    "vehicle": gettext_noop("vehicle"),
    "current_partner": gettext_noop("current partner"),
    "former_partner": gettext_noop("former partner"),
    "parent": gettext_noop("parent"),
    "child": gettext_noop("son or daughter"),
    "other_family": gettext_noop("other family"),
    "household_member": gettext_noop("member of the household"),
    "acquaintance": gettext_noop("acquaintance"),
    "colleague": gettext_noop("colleague"),
    "authority": gettext_noop("authority"),
    "other_known": gettext_noop("other known person"),
    "stranger": gettext_noop("stranger"),
    "coordinates": gettext_noop("coordinates"),
    "landmark": gettext_noop("landmark"),
    "neighbourhood": gettext_noop("barrio or colonia"),
    "municipality": gettext_noop("municipality only"),
}
CODED = {"victim_sex", "mechanism", "relationship", "precision"}

Value = str | int | float | None


def field_label(name: str) -> str:
    return _(FIELDS[name])


def day_text(iso: str) -> str:
    """'2009-03-05' as the reader writes days."""
    return formats.date_format(date.fromisoformat(iso), "d/m/Y") if iso else ""


def value_text(name: str, value: Value) -> str:
    if value is None or value == "":
        return NOTHING
    special: dict[str, Callable[[Value], str]] = {
        "occurred_on": lambda v: day_text(str(v)),
        "occurred_minute": lambda v: f"{int(v or 0) // 60:02}:{int(v or 0) % 60:02}",
        "iccs": lambda v: iccs.label(str(v)),
        "municipality": lambda v: place_name(str(v)),
    }
    if name in special:
        return special[name](value)
    if name in CODED and value in CODES:
        return _(CODES[str(value)])
    return formats.localize(value) if isinstance(value, float) else str(value)


def place_name(path: str) -> str:
    """A place with the one around it: 'Acajutla, Sonsonate'."""
    return place_names([path]).get(path, path)


def place_names(paths: list[str]) -> dict[str, str]:
    places = Place.objects.filter(path__in=paths).select_related("parent")
    return {
        place.path: f"{place.name}, {place.parent.name}" if place.parent else place.name
        for place in places
    }
