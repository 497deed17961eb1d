"""Rates of a panel's places, and where one of ours stands among them."""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from convive.observatory import compute as observatory
from convive.observatory.models import PanelFigure
from convive.places.models import Population
from convive.places.population import population_in
from convive.stats import crude_rate, funnel_limits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from convive.observatory.models import Panel
    from convive.observatory.selection import Selection
    from convive.places.population import PopulationFigure
    from convive.stats import Rate

PER = 100_000
PERCENTILES = (5, 25, 50, 75, 95)
FEWEST_UNITS = 20  # below it, bands say more than they know
INNER, OUTER = 0.95, 0.998


@dataclass(frozen=True)
class PanelTable:
    """Counts and populations by unit and year; NaN is not known."""

    codes: NDArray[np.object_]
    names: NDArray[np.object_]
    regions: NDArray[np.object_]
    years: NDArray[np.int64]
    count: NDArray[np.float64]
    population: NDArray[np.float64]

    def column(self, year: int) -> int | None:
        found = np.flatnonzero(self.years == year)
        return int(found[0]) if found.size else None

    def known(self, column: int) -> NDArray[np.bool_]:
        population = self.population[:, column]
        known: NDArray[np.bool_] = ~np.isnan(self.count[:, column]) & (population > 0)
        return known


def table_of(panel: Panel) -> PanelTable:
    return _table(panel.pk, panel.updated_at.isoformat())


@functools.lru_cache(maxsize=4)
def _table(pk: int, stamp: str) -> PanelTable:
    """Read once; `stamp` changes when the panel is loaded anew."""
    rows = PanelFigure.objects.filter(panel=pk).order_by("code", "year")
    columns = ("code", "name", "region", "year", "count", "population")
    code, name, region, year, count, population = zip(
        *rows.values_list(*columns), strict=True
    )
    codes, first, unit = np.unique(
        np.array(code), return_index=True, return_inverse=True
    )
    years, position = np.unique(np.array(year, np.int64), return_inverse=True)
    cells = []
    for values in (count, population):
        cell = np.full((len(codes), len(years)), np.nan)
        cell[unit, position] = np.array(values, dtype=np.float64)
        cells.append(cell)
    return PanelTable(
        codes=codes.astype(object),
        names=np.array(name, dtype=object)[first],
        regions=np.array(region, dtype=object)[first],
        years=years,
        count=cells[0],
        population=cells[1],
    )


@dataclass(frozen=True)
class OwnYear:
    """The selected place in one year, compared with the panel of that year."""

    year: int
    count: int
    population: float
    is_verified: bool
    is_provisional: bool
    is_simulated: bool

    @property
    def rate(self) -> Rate:
        return crude_rate(self.count, self.population)


def residents(where: str, years: Iterable[int]) -> dict[int, PopulationFigure]:
    """Residents of the place in each year for which they are known."""
    stated = list(
        Population.objects.filter(place__path=where, sex="all", age_group="all")
        .select_related("place")
        .order_by("year")
    )
    if not stated:
        return {}
    found = {year: population_in(stated, year) for year in years}
    return {year: figure for year, figure in found.items() if figure is not None}


def own_years(selection: Selection, years: list[int], iccs: str) -> list[OwnYear]:
    """The place's whole years that its files cover and that have a population."""
    if not years:
        return []
    whole = dataclasses.replace(
        selection,
        what=iccs,
        since=date(min(years), 1, 1),
        until=date(max(years), 12, 31),
    )
    where = selection.where
    coverage = observatory.coverage_of(whole, where)
    missing = {month.year for month in coverage.months_missing}
    rows = observatory.counted(whole, where, ["year"])
    counts = {int(str(r["year"])): int(str(r["incident_count"])) for r in rows}
    since = coverage.provisional_from
    return [
        OwnYear(
            year=year,
            count=counts.get(year, 0),
            population=figure.persons,
            is_verified=figure.is_verified,
            is_provisional=since is not None and year >= since.year,
            is_simulated=coverage.is_simulated,
        )
        for year, figure in residents(where, years).items()
        if year not in missing
    ]


@dataclass(frozen=True)
class Band:
    """How the rates of a year are spread; None where too few are known."""

    year: int
    units: int
    percentiles: tuple[float, ...] | None


def bands(table: PanelTable, like: dict[int, float] | None = None) -> list[Band]:
    """Each unit counts once, whatever its size.

    `like` holds a population by year: only units between half and double of it.
    """
    found = []
    for column, year in enumerate(table.years.tolist()):
        rates = _rates(table, column, like.get(year) if like is not None else None)
        if like is not None and year not in like:
            continue
        spread = None
        if rates.size >= FEWEST_UNITS:
            spread = tuple(np.percentile(rates, PERCENTILES).tolist())
        found.append(Band(year, int(rates.size), spread))
    return found


def _rates(
    table: PanelTable, column: int, population: float | None
) -> NDArray[np.float64]:
    chosen = table.known(column)
    persons = table.population[:, column]
    if population is not None:
        chosen &= (persons >= population / 2) & (persons <= population * 2)
    rates: NDArray[np.float64] = PER * table.count[chosen, column] / persons[chosen]
    return rates


@dataclass(frozen=True)
class Standing:
    """Percent of the panel's units with a lower rate than ours and its limits."""

    at: float
    low: float
    high: float
    is_above: bool  # the whole interval lies above the middle
    is_below: bool


def standing(
    table: PanelTable, own: OwnYear, population: float | None
) -> Standing | None:
    column = table.column(own.year)
    if column is None:
        return None
    rates = _rates(table, column, population)
    if rates.size < FEWEST_UNITS:
        return None
    rate, middle = own.rate, float(np.median(rates))
    at, low, high = (
        100 * float(np.mean(rates < float(value)))
        for value in (rate.estimate, rate.lower, rate.upper)
    )
    return Standing(
        at=at,
        low=low,
        high=high,
        is_above=float(rate.lower) > middle,
        is_below=float(rate.upper) < middle,
    )


@dataclass(frozen=True)
class Funnel:
    """Every unit of a year, and where rates lie if only chance tells them apart."""

    year: int
    mean: float  # all events over all residents
    codes: NDArray[np.object_]
    names: NDArray[np.object_]
    regions: NDArray[np.object_]
    count: NDArray[np.float64]
    population: NDArray[np.float64]
    rate: NDArray[np.float64]
    zone: NDArray[np.int64]  # -2 and 2 outside the outer limits, -1 and 1 the inner

    def zone_of(self, rate: float, population: float) -> int:
        return int(_zones(np.array([rate]), np.array([population]), self.mean)[0])


def funnel(table: PanelTable, year: int) -> Funnel | None:
    column = table.column(year)
    if column is None or table.known(column).sum() < FEWEST_UNITS:
        return None
    known = table.known(column)
    count, population = table.count[known, column], table.population[known, column]
    mean = PER * float(count.sum() / population.sum())
    if mean <= 0:
        return None
    rate = PER * count / population
    return Funnel(
        year=year,
        mean=mean,
        codes=table.codes[known],
        names=table.names[known],
        regions=table.regions[known],
        count=count,
        population=population,
        rate=rate,
        zone=_zones(rate, population, mean),
    )


def _zones(
    rate: NDArray[np.float64], population: NDArray[np.float64], mean: float
) -> NDArray[np.int64]:
    zone = np.zeros(rate.shape, np.int64)
    for level in (INNER, OUTER):
        limits = funnel_limits(mean, population, level)
        zone += (rate > limits.upper).astype(np.int64)
        zone -= (rate < limits.lower).astype(np.int64)
    return zone
