"""Population figures matched with their places."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.core.text import fold
from convive.places.models import Place, Population
from convive.places.names import place_key, unambiguous
from convive.places.plans.plan import Cells, Plan
from convive.places.tables import read_rows, whole, year

if TYPE_CHECKING:
    from pathlib import Path

    from convive.places.tables import Row

_AGES = re.compile(r"all|\d{1,3}-\d{1,3}|\d{1,3}\+")
_EVERYONE = {"", "all", "total", "todos", "todas", "ambos", "ambos sexos"}
_SEXES = {
    **dict.fromkeys(_EVERYONE, "all"),
    **dict.fromkeys(("female", "f", "women", "woman", "mujer", "mujeres"), "female"),
    **dict.fromkeys(("male", "m", "men", "man", "hombre", "hombres"), "male"),
}


@dataclass
class PopulationPlan(Plan):
    figures: list[Population] = field(default_factory=list)


def plan_population(file: Path, within: str, source: str) -> PopulationPlan:
    plan = PopulationPlan()
    finder = _place_finder(within)
    stated = {
        (p.place_id, p.year, p.sex, p.age_group): p
        for p in Population.objects.filter(place__in=Place.objects.within(within))
    }
    seen: dict[tuple[int, int, str, str], int] = {}
    for row in read_rows(file, ("place", "year", "persons")):
        figure = _population(row, finder, source, plan)
        if figure is None:
            continue
        key = (figure.place_id, figure.year, figure.sex, figure.age_group)
        if key in seen:
            plan.problems.append(
                _("Row %(row)s repeats the place, year, sex and age of row %(first)s.")
                % {"row": row.number, "first": seen[key]}
            )
            continue
        seen[key] = row.number
        before = stated.get(key)
        is_same = before is not None and (before.persons, before.source) == (
            figure.persons,
            figure.source,
        )
        plan.count(is_new=before is None, is_same=is_same)
        plan.figures.append(figure)
    return plan


def _place_finder(within: str) -> Callable[[str], Place | None]:
    """By path, or by a name that only one place has."""
    places = list(Place.objects.within(within).select_related("parent"))
    by_path = {place.path: place for place in places}
    named = [(place_key(place.name), place.path) for place in places]
    by_name = unambiguous(named)

    def find(text: str) -> Place | None:
        path = text.strip("/ ")
        return by_path.get(path) or by_path.get(by_name.get(place_key(text), ""))

    return find


def _population(
    row: Row, find: Callable[[str], Place | None], source: str, plan: Plan
) -> Population | None:
    cells = Cells(row, plan)
    place = find(row["place"])
    if place is None:
        cells.problem("place", _no_place(row["place"]))
    sex = _SEXES.get(fold(row["sex"]))
    if sex is None:
        sentence = _("“%(value)s” is no sex here. Write female, male or all.")
        cells.problem("sex", sentence % {"value": row["sex"]})
    age = "all" if fold(row["age_group"]) in _EVERYONE else row["age_group"]
    if not _AGES.fullmatch(age):
        sentence = _("“%(value)s” is no age group. Write it as 15-19, 80+ or all.")
        cells.problem("age_group", sentence % {"value": row["age_group"]})
    year_ = cells.take(year, "year")
    persons = cells.take(whole, "persons")
    if cells.is_bad or place is None or year_ is None or persons is None:
        return None
    return Population(
        place=place,
        year=year_,
        sex=sex or "all",
        age_group=age,
        persons=persons,
        source=row["source"] or source,
    )


def _no_place(value: str) -> str:
    return _(
        "there is no place “%(value)s” here, or several have that name. Write its "
        "path, as sv/sonsonate/acajutla."
    ) % {"value": value}
