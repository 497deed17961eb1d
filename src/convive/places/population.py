"""How many people lived in a place in a year, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convive.places.models import Population

# Beyond this from the nearest figure, growth is a guess that nobody should divide by.
FARTHEST_YEARS = 10


class Basis(models.TextChoices):
    STATED = "stated", _("stated by the source")
    INTERPOLATED = "interpolated", _("between two stated years")
    CARRIED = "carried", _("the nearest stated year")


@dataclass(frozen=True)
class PopulationFigure:
    persons: int
    basis: Basis
    source: str
    is_verified: bool


def populations_on(
    paths: list[str], year: int, sex: str = "all", age_group: str = "all"
) -> dict[str, PopulationFigure]:
    """The stated figure, or one between its neighbours; none if too far from any."""
    rows = Population.objects.filter(
        place__path__in=paths, sex=sex, age_group=age_group
    ).select_related("place")
    by_path: dict[str, list[Population]] = {}
    for row in rows.order_by("year"):
        by_path.setdefault(row.place.path, []).append(row)
    figures = {path: population_in(stated, year) for path, stated in by_path.items()}
    return {path: figure for path, figure in figures.items() if figure}


def population_in(stated: list[Population], year: int) -> PopulationFigure | None:
    """A year's residents out of the stated ones, given in the order of their years."""
    before = [row for row in stated if row.year <= year]
    after = [row for row in stated if row.year >= year]
    if before and before[-1].year == year:
        return _from(before[-1], before[-1].persons, Basis.STATED)
    if before and after:
        low, high = before[-1], after[0]
        share = (year - low.year) / (high.year - low.year)
        # Populations grow by a proportion, so the path between is geometric.
        persons = round(low.persons ** (1 - share) * high.persons**share)
        return _from(low, persons, Basis.INTERPOLATED)
    nearest = (before or after)[-1 if before else 0]
    if abs(nearest.year - year) > FARTHEST_YEARS:
        return None
    return _from(nearest, nearest.persons, Basis.CARRIED)


def _from(row: Population, persons: int, basis: Basis) -> PopulationFigure:
    # The demonstration names its sources by message id.
    return PopulationFigure(persons, basis, gettext(row.source), row.is_verified)
