"""Outlines matched with the places they draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from django.utils.translation import gettext as _

from convive.core.text import slug
from convive.places.boundaries import read_outlines
from convive.places.models import Boundary, Place, PlaceKind, PlaceName
from convive.places.names import place_key, unambiguous
from convive.places.plans.plan import SHOWN, Plan, frame_of

if TYPE_CHECKING:
    from pathlib import Path

    from convive.places.boundaries import Outline

# Part of the smaller outline that another may cover before it is worth a word.
_OVERLAP_SHARE = 0.02


@dataclass(frozen=True)
class PlaceFields:
    """Which property of an outline holds its name, its code and its parent's name.

    Without a name the file holds one outline: that of the parent itself.
    """

    name: str
    code: str = ""
    parent: str = ""


@dataclass
class BoundaryPlan(Plan):
    # (outline, name, official code, place if it stands, its parent)
    rows: list[tuple[Outline, str, str, Place | None, Place]] = field(
        default_factory=list
    )


def plan_boundaries(
    file: Path, kind: PlaceKind, parent: Place, fields: PlaceFields
) -> BoundaryPlan:
    outlines = read_outlines(file)
    plan = BoundaryPlan()
    if fields.name:
        _match_outlines(outlines, kind, parent, fields, plan)
    else:
        _match_own(outlines, parent, plan)
    # A place whose own outline is wrong is known by what lies around it.
    _check_location(plan, parent if fields.name else parent.parent or parent)
    _look_for_overlaps(plan)
    mended = [str(o.number) for o, *_rest in plan.rows if o.is_mended]
    if mended:
        plan.warnings.append(
            _("The lines of these outlines cross themselves and were mended: "
              "%(numbers)s. Look at them on the map.")
            % {"numbers": ", ".join(mended[:SHOWN])}
        )  # fmt: skip
    return plan


def _match_own(outlines: list[Outline], parent: Place, plan: BoundaryPlan) -> None:
    if len(outlines) != 1:
        plan.problems.append(
            _("The file holds %(count)s outlines. For the outline of %(place)s itself "
              "it must hold one.")
            % {"count": len(outlines), "place": parent.name}
        )  # fmt: skip
        return
    above = parent.parent or parent
    plan.rows.append((outlines[0], parent.name, "", parent, above))
    plan.count(is_new=not Boundary.objects.filter(place=parent).exists())


def _match_outlines(
    outlines: list[Outline],
    kind: PlaceKind,
    parent: Place,
    fields: PlaceFields,
    plan: BoundaryPlan,
) -> None:
    parents = {child.path: child for child in Place.objects.within(parent.path)}
    known = _Known(kind, parent)
    seen: dict[str, int] = {}
    for outline in outlines:
        name = _property(outline, fields.name)
        above: Place | None = parent
        if fields.parent:
            wanted = _property(outline, fields.parent)
            above = parents.get(f"{parent.path}/{slug(wanted)}")
        if not name:
            plan.problems.append(_no_name(outline, fields.name))
        elif above is None:
            plan.problems.append(_no_parent(outline, wanted, parent))
        else:
            code = _property(outline, fields.code)
            place = known.find(above, name, code)
            path = place.path if place else f"{above.path}/{slug(name)}"
            first = seen.setdefault(path, outline.number)
            if first != outline.number:
                plan.problems.append(_same_name(outline, first, name))
                continue
            plan.rows.append((outline, name, code, place, above))
            plan.count(is_new=place is None or not known.has_boundary(place))


def _no_parent(outline: Outline, wanted: str, parent: Place) -> str:
    return _("Outline %(number)s belongs to “%(name)s”, which is not in %(place)s.") % {
        "number": outline.number,
        "name": wanted,
        "place": parent.name,
    }


def _same_name(outline: Outline, first: int, name: str) -> str:
    return _("Outlines %(first)s and %(number)s are both named “%(name)s”.") % {
        "first": first,
        "number": outline.number,
        "name": name,
    }


class _Known:
    """The places that outlines may mean: by path, by official code, by spelling."""

    def __init__(self, kind: PlaceKind, parent: Place) -> None:
        inside = Place.objects.within(parent.path).of_kind(kind)
        places = list(inside.select_related("parent"))
        self._by_path = {place.path: place for place in places}
        self._by_code = {
            (p.parent_id, p.official_code): p for p in places if p.official_code
        }
        by_pk = {place.pk: place for place in places}
        named = [(self._key(p, p.name), p.path) for p in places]
        for pk, name in PlaceName.objects.filter(place__in=by_pk).values_list(
            "place", "name"
        ):
            named.append((self._key(by_pk[pk], name), by_pk[pk].path))
        self._by_name = unambiguous(named)
        with_boundary = Boundary.objects.filter(place__in=by_pk)
        self._drawn = set(with_boundary.values_list("place", flat=True))

    @staticmethod
    def _key(place: Place, name: str) -> str:
        return f"{place.parent_id} {place_key(name)}"

    def find(self, above: Place, name: str, code: str) -> Place | None:
        by_path = self._by_path.get(f"{above.path}/{slug(name)}")
        by_code = self._by_code.get((above.pk, code)) if code else None
        path = self._by_name.get(f"{above.pk} {place_key(name)}", "")
        return by_path or by_code or self._by_path.get(path)

    def has_boundary(self, place: Place) -> bool:
        return place.pk in self._drawn


def _property(outline: Outline, name: str) -> str:
    value = outline.properties.get(name) if name else ""
    return "" if value is None else str(value).strip()


def _no_name(outline: Outline, wanted: str) -> str:
    present = ", ".join(map(str, outline.properties)) or _("none")
    return _(
        "Outline %(number)s has no name in “%(field)s”. Its properties are: "
        "%(present)s."
    ) % {"number": outline.number, "field": wanted, "present": present[:300]}


def _check_location(plan: BoundaryPlan, parent: Place) -> None:
    """Refuse outlines that lie elsewhere, and say when x and y are exchanged."""
    frame = frame_of(parent)
    if frame is None:
        return
    for outline, name, *_rest in plan.rows:
        west, south, east, north = outline.shape.bounds
        if shapely.intersects(frame, shapely.box(west, south, east, north)):
            continue
        facts = {"number": outline.number, "name": name, "place": parent.name}
        if shapely.intersects(frame, shapely.box(south, west, north, east)):
            plan.problems.append(
                _("Outline %(number)s (%(name)s) has latitude and longitude exchanged: "
                  "it lies in %(place)s only the other way round.")
                % facts
            )  # fmt: skip
        else:
            plan.problems.append(
                _("Outline %(number)s (%(name)s) lies far from %(place)s. Check its "
                  "reference system.")
                % facts
            )  # fmt: skip


def _look_for_overlaps(plan: BoundaryPlan) -> None:
    if len(plan.rows) < 2:
        return
    shapes = np.array([outline.shape for outline, *_rest in plan.rows])
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    # The share of an outline, not its size: degrees are no areas.
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    smaller = np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    for i in np.flatnonzero(shared > _OVERLAP_SHARE * smaller)[:SHOWN]:
        one, other = plan.rows[first[i]], plan.rows[second[i]]
        plan.warnings.append(
            _("Outlines %(first)s (%(one)s) and %(second)s (%(other)s) cover each "
              "other by %(percent)s %% of the smaller. A point in both is given to "
              "one only.")
            % {
                "first": one[0].number,
                "one": one[1],
                "second": other[0].number,
                "other": other[1],
                "percent": round(100 * float(shared[i] / smaller[i])),
            }
        )  # fmt: skip
