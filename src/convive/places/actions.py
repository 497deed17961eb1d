"""Writes of the places room."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.core.text import fold, slug
from convive.places.boundaries import BoundaryError, Outline, read_outlines
from convive.places.models import (
    Boundary,
    GazetteerEntry,
    Place,
    PlaceKind,
    PlaceName,
    Population,
)

if TYPE_CHECKING:
    from pathlib import Path

    from convive.core.actors import Actor


class PlaceFileError(Exception):
    """A file about places cannot be used; the sentence names row and column."""


@dataclass(frozen=True)
class Origin:
    """Where a file comes from, kept with all that was read from it."""

    source: str
    licence: str = ""
    note: str = ""
    is_approximate: bool = False
    is_verified: bool = False


@dataclass(frozen=True)
class PlaceFields:
    """Which property of an outline holds its name, its code and its parent's name."""

    name: str
    code: str = ""
    parent: str = ""


@audit.action
def save_place(
    *, by: Actor, kind: PlaceKind, name: str, parent: Place | None, path: str = ""
) -> Place:
    """Add a place, or find the one that stands at its path."""
    own = path or (f"{parent.path}/{slug(name)}" if parent else slug(name))
    place, is_new = Place.objects.get_or_create(
        path=own, defaults={"kind": kind, "name": name, "parent": parent}
    )
    if not is_new:
        audit.unchanged()
        return place
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s added the place %(name)s"),
        about=place,
        place_path=place.path,
        name=name,
    )
    return place


@audit.action
def add_spelling(*, by: Actor, place: Place, name: str) -> PlaceName:
    """Let a place be known by another spelling."""
    spelling, is_new = PlaceName.objects.get_or_create(
        place=place, key=fold(name), defaults={"name": name}
    )
    if not is_new:
        audit.unchanged()
        return spelling
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s added the spelling “%(name)s” to %(place)s"),
        about=place,
        place_path=place.path,
        name=name,
        place=place.name,
    )
    return spelling


@audit.action
def import_boundaries(
    *,
    by: Actor,
    file: Path,
    kind: PlaceKind,
    parent: Place,
    fields: PlaceFields,
    origin: Origin,
) -> int:
    """Add or replace the outlines of places below `parent`; all of them or none."""
    outlines = read_outlines(file)
    for number, outline in enumerate(outlines, start=1):
        _save_outline(outline, number, kind, parent, fields, origin)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s loaded %(count)s boundaries into %(place)s"),
        about=parent,
        place_path=parent.path,
        count=len(outlines),
        place=parent.name,
        source=origin.source,
    )
    return len(outlines)


def _save_outline(
    outline: Outline,
    number: int,
    kind: PlaceKind,
    parent: Place,
    fields: PlaceFields,
    origin: Origin,
) -> None:
    name = str(outline.properties.get(fields.name) or "").strip()
    if not name:
        raise BoundaryError(
            _("Outline %(number)s has no name in “%(field)s”. Its properties are: "
              "%(present)s.")
            % {
                "number": number,
                "field": fields.name,
                "present": ", ".join(outline.properties),
            }
        )  # fmt: skip
    above = parent
    if fields.parent:
        wanted = str(outline.properties.get(fields.parent) or "")
        above = _child(parent, wanted, number)
    centre = outline.shape.representative_point()
    place, _is_new = Place.objects.update_or_create(
        path=f"{above.path}/{slug(name)}",
        defaults={
            "kind": kind,
            "name": name,
            "parent": above,
            "official_code": str(outline.properties.get(fields.code) or ""),
            "longitude": centre.x,
            "latitude": centre.y,
            "note": origin.note,
        },
    )
    Boundary.objects.update_or_create(
        place=place,
        defaults={
            "wkb": outline.shape.wkb,
            "drawing": outline.drawing,
            "source": origin.source,
            "licence": origin.licence,
            "is_approximate": origin.is_approximate,
        },
    )


def _child(parent: Place, name: str, number: int) -> Place:
    try:
        return Place.objects.get(path=f"{parent.path}/{slug(name)}")
    except Place.DoesNotExist as error:
        raise BoundaryError(
            _("Outline %(number)s belongs to “%(name)s”, which is not in %(place)s.")
            % {"number": number, "name": name, "place": parent.name}
        ) from error


@audit.action
def import_population(*, by: Actor, file: Path, origin: Origin) -> int:
    """Read place, year, persons and, if given, sex and age_group; all or none."""
    places = {place.path: place for place in Place.objects.all()}
    count = 0
    for number, row in _rows(file, ("place", "year", "persons")):
        place = places.get(row["place"].strip())
        if place is None:
            raise PlaceFileError(
                _("Row %(row)s, column place: there is no place “%(value)s”.")
                % {"row": number, "value": row["place"]}
            )
        Population.objects.update_or_create(
            place=place,
            year=_whole(row, "year", number),
            sex=row.get("sex") or "all",
            age_group=row.get("age_group") or "all",
            defaults={
                "persons": _whole(row, "persons", number),
                "source": row.get("source") or origin.source,
                "is_verified": origin.is_verified,
            },
        )
        count += 1
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s loaded %(count)s population figures"),
        count=count,
        source=origin.source,
    )
    return count


@audit.action
def import_gazetteer(
    *, by: Actor, file: Path, municipality: Place, origin: Origin
) -> int:
    """Read name, kind, longitude, latitude of barrios and landmarks; all or none."""
    count = 0
    wanted = ("name", "kind", "longitude", "latitude")
    for number, row in _rows(file, wanted):
        if row["kind"] not in GazetteerEntry.Kind.values:
            raise PlaceFileError(
                _("Row %(row)s, column kind: write neighbourhood or landmark, not "
                  "“%(value)s”.")
                % {"row": number, "value": row["kind"]}
            )  # fmt: skip
        GazetteerEntry.objects.update_or_create(
            municipality=municipality,
            key=fold(row["name"]),
            defaults={
                "kind": row["kind"],
                "name": row["name"],
                "longitude": _degrees(row, "longitude", number),
                "latitude": _degrees(row, "latitude", number),
                "source": origin.source,
            },
        )
        count += 1
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s loaded %(count)s gazetteer entries of %(place)s"),
        about=municipality,
        place_path=municipality.path,
        count=count,
        place=municipality.name,
    )
    return count


def _rows(file: Path, wanted: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        missing = set(wanted) - set(reader.fieldnames or [])
        if missing:
            raise PlaceFileError(
                _("The file lacks the columns: %(missing)s.")
                % {"missing": ", ".join(sorted(missing))}
            )
        return list(enumerate(reader, start=2))


def _whole(row: dict[str, str], column: str, number: int) -> int:
    value = row[column].strip()
    if not value.isdigit():
        raise PlaceFileError(
            _("Row %(row)s, column %(column)s: “%(value)s” is not a whole number.")
            % {"row": number, "column": column, "value": value}
        )
    return int(value)


def _degrees(row: dict[str, str], column: str, number: int) -> float:
    try:
        return float(row[column].replace(",", "."))
    except ValueError as error:
        raise PlaceFileError(
            _("Row %(row)s, column %(column)s: “%(value)s” is not a number of degrees.")
            % {"row": number, "column": column, "value": row[column]}
        ) from error
