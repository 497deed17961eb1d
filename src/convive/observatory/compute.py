"""The observatory's door to the incidents, the populations and the statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convive.incidents import compute as incidents
from convive.incidents.models import Batch
from convive.places.population import populations_on
from convive.stats import Rate, RateRatio, crude_rate, rate_ratio
from convive.warehouse import count_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from convive.incidents.compute import Coverage
    from convive.observatory.selection import Selection

__all__ = ["compare", "counted", "coverage_of", "monthly", "person_years", "rate_of"]

Row = dict[str, object]


@dataclass(frozen=True)
class PersonYears:
    value: float
    sources: tuple[str, ...]
    is_verified: bool


def counted(selection: Selection, place_path: str, by: Sequence[str]) -> list[Row]:
    table = incidents.incidents_known_on()
    rows: list[Row] = count_by(table, selection.slice_of(place_path), by).to_pylist()
    return rows


def coverage_of(selection: Selection, place_path: str) -> Coverage:
    return incidents.coverage(selection.slice_of(place_path))


def sources_behind(selection: Selection, place_path: str) -> list[Batch]:
    return incidents.batches_behind(selection.slice_of(place_path))


def total(selection: Selection, place_path: str) -> int:
    value = counted(selection, place_path, [])[0]["incident_count"]
    return int(str(value))


def person_years(selection: Selection, place_path: str) -> PersonYears | None:
    """Residents of each year, weighed by the months of it that are asked for."""
    value, sources, is_verified = 0.0, [], True
    for year in selection.years():
        figure = populations_on([place_path], year).get(place_path)
        if figure is None:
            return None
        value += figure.persons * selection.months_in(year) / 12
        sources.append(figure.source)
        is_verified &= figure.is_verified
    return PersonYears(value, tuple(dict.fromkeys(sources)), is_verified)


def rate_of(count: int, residents: PersonYears) -> Rate:
    return crude_rate(count, residents.value)


def compare(inside: tuple[int, float], around: tuple[int, float]) -> RateRatio | None:
    """A place against the rest of what surrounds it, so that no event counts twice."""
    count, years = around[0] - inside[0], around[1] - inside[1]
    if years <= 0 or count < 0 or inside[1] <= 0:
        return None
    return rate_ratio(inside[0], inside[1], count, years)


def monthly(selection: Selection, place_path: str) -> dict[date, int]:
    rows = counted(selection, place_path, ["month"])
    return {row["month"]: int(str(row["incident_count"])) for row in rows}  # type: ignore[misc]
