"""Shapes of the pages about places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.accounts.permissions import is_within, may, places_where
from convive.accounts.roles import Permission
from convive.places import policies
from convive.places.compute import find_places
from convive.places.models import Boundary, GazetteerEntry, Place, Population
from convive.places.outline import draw
from convive.places.population import population_in
from convive.places.signals import usage_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.places.models import PlaceName
    from convive.places.outline import Drawing
    from convive.places.population import PopulationFigure

SEXES = {"all": 0, "female": 1, "male": 2}
MOST_ENTRIES = 300


@dataclass(frozen=True)
class Branch:
    """A place of the tree with what lies directly inside it."""

    place: Place
    children: tuple[Branch, ...]
    is_open: bool


@dataclass(frozen=True)
class PlaceList:
    mine: tuple[Place, ...]
    tree: tuple[Branch, ...]
    found: tuple[Place, ...]
    is_search: bool


def present_list(user: User | AnonymousUser, asked: str) -> PlaceList:
    held = [path for path in places_where(user, Permission.SEE_FIGURES) if path]
    mine = Place.objects.filter(path__in=held).select_related("parent")
    if asked.strip():
        found = tuple(find_places(asked))
        return PlaceList(tuple(mine), (), found, is_search=True)
    return PlaceList(tuple(mine), _tree(held), (), is_search=False)


def _tree(held: list[str]) -> tuple[Branch, ...]:
    """Countries down to municipalities; zones stand on their municipality's page."""
    kinds = ("country", "department", "municipality")
    below: dict[int | None, list[Place]] = {}
    for place in Place.objects.filter(kind__in=kinds).order_by("name"):
        below.setdefault(place.parent_id, []).append(place)

    def branch(place: Place) -> Branch:
        children = tuple(branch(child) for child in below.get(place.pk, []))
        is_open = place.parent_id is None or any(
            is_within(path, place.path) for path in held
        )
        return Branch(place, children, is_open)

    return tuple(branch(place) for place in below.get(None, []))


@dataclass(frozen=True)
class UsedYear:
    """The residents by which rates of a year are divided, and how they are known."""

    year: int
    figure: PopulationFigure | None


@dataclass(frozen=True)
class PlacePage:
    ancestors: tuple[Place, ...]
    children: tuple[Place, ...]
    drawing: Drawing | None
    boundary: Boundary | None
    populations: tuple[Population, ...]
    used_years: tuple[UsedYear, ...]
    spellings: tuple[PlaceName, ...]
    entries: tuple[GazetteerEntry, ...]
    entry_count: int
    assumptions: tuple[str, ...]
    older_files: tuple[str, ...]
    may_edit: bool
    may_add: bool
    may_remove: bool
    has_gazetteer: bool


def present_place(place: Place, user: User | AnonymousUser) -> PlacePage:
    boundary = Boundary.objects.filter(place=place).first()
    populations = sorted(
        place.populations.all(),
        key=lambda p: (p.year, SEXES.get(p.sex, 9), _age_order(p.age_group)),
    )
    usage = usage_of(place)
    years = {
        year
        for use in usage.files
        if use.since and use.until
        for year in range(use.since.year, use.until.year + 1)
    }
    entries = GazetteerEntry.objects.filter(municipality=place).order_by("name")
    may_edit = may(user, Permission.EDIT_PLACES, place.path)
    older = (
        tuple(f.label for f in usage.files if f.recorded_at < boundary.updated_at)
        if boundary
        else ()
    )
    return PlacePage(
        ancestors=_ancestors(place),
        children=tuple(place.children.order_by("name")),
        drawing=draw(place),
        boundary=boundary,
        populations=tuple(populations),
        used_years=_used_years(place, populations, sorted(years)),
        spellings=tuple(place.names.order_by("name")),
        entries=tuple(entries[:MOST_ENTRIES]),
        entry_count=entries.count(),
        assumptions=_assumptions(place, boundary, populations),
        older_files=older,
        may_edit=may_edit,
        may_add=may_edit and policies.may_add(place),
        may_remove=may_edit and policies.may_remove(place),
        has_gazetteer=place.kind == "municipality",
    )


def _ancestors(place: Place) -> tuple[Place, ...]:
    parts = place.path.split("/")
    paths = ["/".join(parts[:i]) for i in range(1, len(parts))]
    return tuple(Place.objects.filter(path__in=paths).order_by("path"))


def _age_order(group: str) -> int:
    low = group.replace("+", "-").split("-")[0]
    return int(low) if low.isdigit() else -1


def _used_years(
    place: Place, populations: list[Population], years: list[int]
) -> tuple[UsedYear, ...]:
    stated = [p for p in populations if (p.sex, p.age_group) == ("all", "all")]
    if not stated:
        return ()
    return tuple(UsedYear(year, population_in(stated, year)) for year in years)


def _assumptions(
    place: Place, boundary: Boundary | None, populations: list[Population]
) -> tuple[str, ...]:
    """What a reader must not take for certain, one sentence each."""
    found = [place.note_text] if place.note else []
    if boundary is None and place.kind != "country":
        found.append(_("No outline is loaded: a point cannot be given to this place."))
    elif boundary is not None and boundary.is_approximate:
        found.append(
            _("The outline is approximate: near its edge a point may belong elsewhere.")
        )
    if any(not figure.is_verified for figure in populations):
        found.append(
            _("Population figures marked “to be verified” were not checked against "
              "their source by anyone here.")
        )  # fmt: skip
    if not populations:
        found.append(_("No population is loaded, so no rate can be computed."))
    return tuple(found)
