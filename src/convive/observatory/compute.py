"""The observatory's door to the incidents, the populations and the statistics."""

from __future__ import annotations

import calendar
import functools
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings

from convive.incidents import compute as incidents
from convive.incidents.models import Batch
from convive.places.population import populations_on
from convive.stats import Rate, RateRatio, crude_rate, rate_ratio
from convive.warehouse import Slice, count_by, records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa

    from convive.incidents.compute import Coverage
    from convive.observatory.selection import Selection

Row = dict[str, object]
# Wider than any file: a question that leaves the period open.
EVER = date(1900, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class PersonYears:
    value: float
    sources: tuple[str, ...]
    is_verified: bool


def numbers_known(selection: Selection) -> tuple[int, ...]:
    """Batches that count in the selection's vintage."""
    if selection.known_on not in selection.memo:
        known = Batch.objects.known_on(selection.as_of).order_by("number")
        numbers = tuple(known.values_list("number", flat=True))
        selection.memo[selection.known_on] = numbers
    return selection.memo[selection.known_on]


def counted(selection: Selection, place_path: str, by: Sequence[str]) -> list[Row]:
    slice_ = selection.slice_of(place_path)
    root, numbers = settings.WAREHOUSE_ROOT, numbers_known(selection)
    return [dict(row) for row in _counted(root, numbers, slice_, tuple(by))]


@functools.lru_cache(maxsize=512)
def _counted(
    root: Path, numbers: tuple[int, ...], slice_: Slice, by: tuple[str, ...]
) -> tuple[Row, ...]:
    """Batches never change, so that their numbers say whether an answer still holds."""
    table = incidents.warehouse().incidents(numbers)
    return tuple(count_by(table, slice_, by).to_pylist())


def records_of(selection: Selection) -> pa.Table:
    table = incidents.warehouse().incidents(numbers_known(selection))
    return records(table, selection.slice_of(selection.where))


def coverage_of(selection: Selection, place_path: str) -> Coverage:
    root, numbers = settings.WAREHOUSE_ROOT, numbers_known(selection)
    return _coverage(root, numbers, selection.slice_of(place_path), selection.as_of)


@functools.lru_cache(maxsize=2048)
def _coverage(
    root: Path,  # part, with the numbers, of what the answer depends on
    numbers: tuple[int, ...],
    slice_: Slice,
    as_of: datetime | None,
) -> Coverage:
    """A batch's claims never change: their numbers say whether an answer holds."""
    return incidents.coverage(slice_, as_of)


def sources_behind(selection: Selection, place_path: str) -> list[Batch]:
    slice_ = selection.slice_of(place_path)
    return incidents.batches_behind(slice_, selection.as_of)


def every_month(selection: Selection, place_path: str) -> dict[date, int]:
    """All months with incidents, whatever the period: one question serves them all."""
    rows = counted(selection.between(*EVER), place_path, ["month"])
    return {row["month"]: int(str(row["incident_count"])) for row in rows}  # type: ignore[misc]


def monthly(selection: Selection, place_path: str) -> dict[date, int]:
    counts = every_month(selection, place_path).items()
    return {m: n for m, n in counts if selection.since <= m <= selection.until}


def total(selection: Selection, place_path: str) -> int:
    return sum(monthly(selection, place_path).values())


def person_years(
    selection: Selection, place_path: str, sex: str = "all"
) -> PersonYears | None:
    """Residents of each year, weighed by the months of it that are asked for."""
    value, sources, is_verified = 0.0, [], True
    for year in selection.years():
        figure = populations_on([place_path], year, sex).get(place_path)
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


def later_against_earlier(
    later: tuple[int, float], earlier: tuple[int, float]
) -> RateRatio:
    """Two periods of one place, each a count and its person-years."""
    return rate_ratio(later[0], later[1], earlier[0], earlier[1])


def last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
