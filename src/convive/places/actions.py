"""Writes of the places room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.core.text import fold, slug
from convive.places import plans, policies
from convive.places.boundaries import BoundaryError
from convive.places.models import (
    Boundary,
    GazetteerEntry,
    Place,
    PlaceKind,
    PlaceName,
    Population,
)
from convive.places.plans import PlaceFields
from convive.places.policies import PlaceRefusedError
from convive.places.tables import PlaceFileError

if TYPE_CHECKING:
    from pathlib import Path

    from convive.core.actors import Actor
    from convive.places.boundaries import Outline

__all__ = ["Origin", "PlaceFields", "PlaceFileError", "PlaceRefusedError"]
_BATCH = 500


@dataclass(frozen=True)
class Origin:
    """Where a file comes from, kept with all that was read from it."""

    source: str
    licence: str = ""
    note: str = ""
    is_approximate: bool = False
    is_verified: bool = False


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
def add_place(
    *,
    by: Actor,
    parent: Place,
    kind: PlaceKind,
    name: str,
    point: tuple[float, float] | None = None,
    note: str = "",
) -> Place:
    """Add a zone or a public space; `point` is its longitude and latitude."""
    policies.check_add(parent, kind)
    path = f"{parent.path}/{slug(name)}"
    if not slug(name) or Place.objects.filter(path=path).exists():
        raise PlaceRefusedError(
            _("%(parent)s already has a place named “%(name)s”.")
            % {"parent": parent.name, "name": name}
        )
    longitude, latitude = point or (None, None)
    place = Place.objects.create(
        parent=parent,
        kind=kind,
        name=name,
        path=path,
        longitude=longitude,
        latitude=latitude,
        note=note,
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s added the place %(name)s"),
        about=place,
        place_path=place.path,
        name=name,
    )
    return place


@audit.action
def rename_place(*, by: Actor, place: Place, name: str, note: str) -> Place:
    """Change the name people read. The path stays, and the old name is a spelling."""
    before, note_before = place.name, place.note
    if (name, note) == (before, note_before):
        audit.unchanged()
        return place
    place.name, place.note = name, note
    place.save(update_fields=["name", "note"])
    if fold(name) != fold(before):
        PlaceName.objects.get_or_create(
            place=place, key=fold(before), defaults={"name": before}
        )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s changed the name or note of %(name)s"),
        about=place,
        place_path=place.path,
        name=name,
        changes={"name": [before, name], "note": [note_before, note]},
    )
    return place


@audit.action
def remove_place(*, by: Actor, place: Place) -> None:
    """Remove a zone or public space that nothing refers to."""
    policies.check_remove(place)
    name, path = place.name, place.path
    try:
        place.delete()
    except ProtectedError as error:
        raise PlaceRefusedError(
            _("%(place)s is still used by other records.") % {"place": place.name}
        ) from error
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s removed the place %(name)s"),
        place_path=path,
        name=name,
    )


@audit.action
def remove_spelling(*, by: Actor, spelling: PlaceName) -> None:
    place, name = spelling.place, spelling.name
    spelling.delete()
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s removed the spelling “%(name)s” of %(place)s"),
        about=place,
        place_path=place.path,
        name=name,
        place=place.name,
    )


@audit.action
def save_population(
    *,
    by: Actor,
    place: Place,
    year: int,
    persons: int,
    source: str,
    sex: str = "all",
    age_group: str = "all",
    is_verified: bool = False,
) -> Population:
    """Add a figure, or put another in its stead."""
    key: dict[str, Any] = {
        "place": place,
        "year": year,
        "sex": sex,
        "age_group": age_group,
    }
    before = Population.objects.filter(**key).first()
    figure, _is_new = Population.objects.update_or_create(
        **key,
        defaults={"persons": persons, "source": source, "is_verified": is_verified},
    )
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s wrote the population of %(place)s in %(year)s: %(persons)s"
        ),
        about=figure,
        place_path=place.path,
        place=place.name,
        year=year,
        persons=persons,
        changes={
            "persons": [before.persons if before else None, persons],
            "source": [before.source if before else None, source],
            "is_verified": [before.is_verified if before else None, is_verified],
        },
    )
    return figure


@audit.action
def remove_population(*, by: Actor, figure: Population) -> None:
    place, year, persons = figure.place, figure.year, figure.persons
    figure.delete()
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s removed the population of %(place)s in %(year)s: %(persons)s"
        ),
        about=place,
        place_path=place.path,
        place=place.name,
        year=year,
        persons=persons,
    )


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
    plan = plans.plan_boundaries(file, kind, parent, fields)
    if plan.problems:
        raise BoundaryError(plan.sentences())
    places = [
        place or _new_place(outline, name, above, kind, origin)
        for outline, name, _code, place, above in plan.rows
    ]
    for place, (outline, _name, code, _place, _above) in zip(
        places, plan.rows, strict=True
    ):
        centre = outline.shape.representative_point()
        place.longitude, place.latitude = centre.x, centre.y
        place.official_code = code or place.official_code
        place.note = origin.note or place.note
    _save_places(places)
    _save_boundaries(places, [row[0] for row in plan.rows], origin)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s loaded %(count)s boundaries into %(place)s"),
        about=parent,
        place_path=parent.path,
        count=plan.total,
        place=parent.name,
        source=origin.source,
    )
    return plan.total


def _new_place(
    outline: Outline, name: str, parent: Place, kind: PlaceKind, origin: Origin
) -> Place:
    path = f"{parent.path}/{slug(name)}"
    if not slug(name):
        raise BoundaryError(
            _("Outline %(number)s: “%(name)s” holds no letter or digit.")
            % {"number": outline.number, "name": name}
        )
    return Place(kind=kind, name=name, parent=parent, path=path, note=origin.note)


def _save_places(places: list[Place]) -> None:
    new = [place for place in places if place.pk is None]
    old = [place for place in places if place.pk is not None]
    Place.objects.bulk_create(new, batch_size=_BATCH)
    fields = ["longitude", "latitude", "official_code", "note"]
    Place.objects.bulk_update(old, fields, batch_size=100)


def _save_boundaries(
    places: list[Place], outlines: list[Outline], origin: Origin
) -> None:
    Boundary.objects.filter(place__in=[place.pk for place in places]).delete()
    Boundary.objects.bulk_create(
        [
            Boundary(
                place=place,
                wkb=outline.shape.wkb,
                drawing=outline.drawing,
                source=origin.source,
                licence=origin.licence,
                is_approximate=origin.is_approximate,
                updated_at=timezone.now(),
            )
            for place, outline in zip(places, outlines, strict=True)
        ],
        batch_size=50,
    )


@audit.action
def import_population(
    *, by: Actor, file: Path, origin: Origin, within: str = ""
) -> int:
    """Read place, year, persons and, if given, sex and age_group; all or none."""
    plan = plans.plan_population(file, within, origin.source)
    if plan.problems:
        raise PlaceFileError(plan.sentences())
    for figure in plan.figures:
        figure.is_verified = origin.is_verified
    Population.objects.bulk_create(
        plan.figures,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["place", "year", "sex", "age_group"],
        update_fields=["persons", "source", "is_verified"],
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s loaded %(count)s population figures"),
        place_path=within,
        count=plan.total,
        source=origin.source,
    )
    return plan.total


@audit.action
def import_gazetteer(
    *, by: Actor, file: Path, municipality: Place, origin: Origin
) -> int:
    """Read name, kind, longitude, latitude of barrios and landmarks; all or none."""
    plan = plans.plan_gazetteer(file, municipality, origin.source)
    if plan.problems:
        raise PlaceFileError(plan.sentences())
    GazetteerEntry.objects.bulk_create(
        plan.entries,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["municipality", "key"],
        update_fields=["kind", "name", "longitude", "latitude", "source"],
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s loaded %(count)s gazetteer entries of %(place)s"),
        about=municipality,
        place_path=municipality.path,
        count=plan.total,
        place=municipality.name,
    )
    return plan.total
