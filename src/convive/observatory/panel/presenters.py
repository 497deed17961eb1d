"""Shapes of the panel's page. Small counts of ours are withheld here, once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from convive.core.text import fold
from convive.incidents import iccs
from convive.observatory.disclosure import WITHHELD, withheld_of
from convive.observatory.panel import compute
from convive.observatory.presenters import number
from convive.places.models import PlaceKind
from convive.stats import crude_rate

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.models import Panel
    from convive.observatory.panel.compute import Band, Funnel, OwnYear, PanelTable
    from convive.observatory.panel.options import Options
    from convive.observatory.selection import Selection
    from convive.places.models import Place

UNKNOWN = "–"
MOST_FOUND = 30
NEIGHBOURS = 20
# Percent outside the 95 % limits from which more than chance is at work.
MUCH_OUTSIDE = 10


@dataclass(frozen=True)
class YearRow:
    """One year: the panel's spread, and the place in it. Texts are ready to read."""

    year: int
    units: str
    spread: tuple[str, ...]  # 5, 25, 50, 75 and 95 %
    count: str
    rate: str
    interval: str
    words: str
    band: Band
    own: OwnYear | None  # None: not known or withheld

    @property
    def has_place(self) -> bool:
        return self.count != UNKNOWN


@dataclass(frozen=True)
class FunnelRow:
    code: str
    name: str
    region: str
    population: str
    count: str
    rate: str
    zone: str


@dataclass(frozen=True)
class FunnelPart:
    year: int
    years: tuple[int, ...]
    mean: str
    zones: tuple[tuple[str, str], ...]
    outside: str
    outside_words: str
    own: OwnYear | None
    own_words: str
    rows: tuple[FunnelRow, ...]
    funnel: Funnel


@dataclass(frozen=True)
class UnitYear:
    year: int
    count: str
    population: str
    rate: str
    interval: str
    value: float | None


@dataclass(frozen=True)
class UnitPart:
    code: str
    name: str
    region: str
    years: tuple[UnitYear, ...]


@dataclass(frozen=True)
class Found:
    code: str
    name: str
    region: str
    query: str


@dataclass(frozen=True)
class PanelPage:
    panel: Panel
    place: Place
    counts: str  # what the panel counts, by name
    notices: tuple[str, ...]
    rows: tuple[YearRow, ...]
    bands: tuple[Band, ...]
    funnel: FunnelPart | None
    unit: UnitPart | None
    found: tuple[Found, ...]

    @property
    def has_own(self) -> bool:
        return any(row.has_place for row in self.rows)


def present_panel(
    panel: Panel, selection: Selection, options: Options, user: User | AnonymousUser
) -> PanelPage:
    table = compute.table_of(panel)
    place = selection.place
    shared = [year for year in selection.years() if table.column(year) is not None]
    is_municipality = place.kind == PlaceKind.MUNICIPALITY
    own = _own(selection, shared, panel, user) if is_municipality else {}
    persons = compute.residents(selection.where, shared)
    like = {year: float(figure.persons) for year, figure in persons.items()}
    asked_like = like if options.is_similar and like else None
    bands = compute.bands(table, asked_like)
    rows = [
        _year_row(table, band, own, asked_like)
        for band in bands
        if not shared or band.year in shared
    ]
    return PanelPage(
        panel=panel,
        place=place,
        counts=iccs.label(panel.iccs),
        notices=tuple(
            _notices(
                panel,
                selection,
                shared,
                table,
                lacks_population=options.is_similar and not like,
            )
        ),
        rows=tuple(rows),
        bands=tuple(bands),
        funnel=_funnel_part(table, options, own, shared),
        unit=_unit_part(table, options.unit),
        found=_found(table, options),
    )


def _own(
    selection: Selection, years: list[int], panel: Panel, user: User | AnonymousUser
) -> dict[int, OwnYear | None]:
    """The place's years; None stands for a count that is withheld."""
    compared = dataclasses.replace(selection, what=panel.iccs)
    hidden = withheld_of(compared, selection.where, user)
    return {
        own.year: None
        if hidden.hides(date(own.year, 1, 1), date(own.year, 12, 31))
        else own
        for own in compute.own_years(selection, years, panel.iccs)
    }


def _notices(
    panel: Panel,
    selection: Selection,
    shared: list[int],
    table: PanelTable,
    *,
    lacks_population: bool,
) -> list[str]:
    place = selection.place
    found = []
    if selection.what and selection.what != panel.iccs:
        found.append(
            _("You asked for “%(asked)s”. The panel holds only %(counts)s, so that is "
              "what is compared here.")
            % {"asked": selection.what_label, "counts": iccs.label(panel.iccs)}
        )  # fmt: skip
    if place.kind != PlaceKind.MUNICIPALITY:
        found.append(
            _("%(place)s is not a municipality, and the panel is of municipalities: "
              "choose one to see its rate among them.")
            % {"place": place.name}
        )  # fmt: skip
    if not shared:
        found.append(
            _("The panel holds %(first)s to %(last)s, and none of the years you chose: "
              "it is shown by itself.")
            % {"first": int(table.years[0]), "last": int(table.years[-1])}
        )  # fmt: skip
    elif lacks_population:
        found.append(
            _("The population of %(place)s is not known, so all municipalities are "
              "shown.")
            % {"place": place.name}
        )  # fmt: skip
    return found


def _year_row(
    table: PanelTable,
    band: Band,
    years: dict[int, OwnYear | None],
    like: dict[int, float] | None,
) -> YearRow:
    spread = band.percentiles or ()
    texts = tuple(number(value, 1) for value in spread) or (UNKNOWN,) * 5
    own = years.get(band.year)
    if own is None:
        is_withheld = band.year in years
        return YearRow(
            year=band.year,
            units=number(band.units),
            spread=texts,
            count=str(WITHHELD) if is_withheld else UNKNOWN,
            rate=UNKNOWN,
            interval=UNKNOWN,
            words=_("Small counts are withheld.") if is_withheld else "",
            band=band,
            own=None,
        )
    rate = own.rate
    standing = compute.standing(table, own, like.get(band.year) if like else None)
    return YearRow(
        year=band.year,
        units=number(band.units),
        spread=texts,
        count=number(own.count),
        rate=number(float(rate.estimate), 1),
        interval=f"{number(float(rate.lower), 1)} – {number(float(rate.upper), 1)}",
        words=_standing_words(standing),
        band=band,
        own=own,
    )


def _standing_words(standing: compute.Standing | None) -> str:
    """Where the place stands, no surer than its interval."""
    if standing is None:
        return _("Too few municipalities to compare with.")
    facts = {
        "at": number(standing.at),
        "low": number(standing.low),
        "high": number(standing.high),
    }
    if standing.is_above:
        words = _(
            "Above the middle: its rate is higher than that of some %(at)s in 100 "
            "municipalities (%(low)s to %(high)s by its interval)."
        )
    elif standing.is_below:
        words = _(
            "Below the middle: its rate is higher than that of only some %(at)s in "
            "100 municipalities (%(low)s to %(high)s by its interval)."
        )
    else:
        words = _(
            "We cannot tell whether it lies above or below the middle: its interval "
            "takes in the median."
        )
    return words % facts


ZONES = (2, 1, 0, -1, -2)


def _zone_text(zone: int) -> str:
    return {
        2: _("above the 99.8 % limit"),
        1: _("above the 95 % limit"),
        0: _("within the limits"),
        -1: _("below the 95 % limit"),
        -2: _("below the 99.8 % limit"),
    }[zone]


def _funnel_part(
    table: PanelTable,
    options: Options,
    own: dict[int, OwnYear | None],
    shared: list[int],
) -> FunnelPart | None:
    years = tuple(table.years.tolist())
    with_own = [year for year in shared if own.get(year)]
    default = (with_own or shared or [years[-1]])[-1]
    asked = options.year
    year = asked if asked is not None and asked in years else default
    funnel = compute.funnel(table, year)
    if funnel is None:
        return None
    mine = own.get(year)
    outside = 100 * float(np.mean(funnel.zone != 0))
    zones = tuple(
        (_zone_text(zone), number(int(np.sum(funnel.zone == zone)))) for zone in ZONES
    )
    return FunnelPart(
        year=year,
        years=years,
        mean=number(funnel.mean, 1),
        zones=zones,
        outside=number(outside),
        outside_words=_outside_words(outside),
        own=mine,
        own_words=_funnel_words(funnel, mine) if mine else "",
        rows=_nearest(funnel, mine),
        funnel=funnel,
    )


def _outside_words(percent: float) -> str:
    if percent <= MUCH_OUTSIDE:
        return ""
    return _(
        "That is more than chance explains: these municipalities differ in earnest, so "
        "to lie outside is no rarity among them."
    )


def _funnel_words(funnel: Funnel, own: OwnYear) -> str:
    zone = funnel.zone_of(float(own.rate.estimate), own.population)
    if zone == 0:
        return _(
            "Its rate lies within the limits: chance alone could explain its distance "
            "from the mean of the panel."
        )
    return _(
        "Its rate lies %(zone)s: chance alone would seldom put a municipality of its "
        "size there."
    ) % {"zone": _zone_text(zone)}


def _nearest(funnel: Funnel, own: OwnYear | None) -> tuple[FunnelRow, ...]:
    """The municipalities of the nearest population, or the most populous."""
    if own is None:
        order = np.argsort(-funnel.population)
    else:
        distance = np.abs(np.log(funnel.population / own.population))
        order = np.argsort(distance, kind="stable")
    return tuple(funnel_row(funnel, int(i)) for i in order[:NEIGHBOURS])


def funnel_row(funnel: Funnel, i: int) -> FunnelRow:
    return FunnelRow(
        code=str(funnel.codes[i]),
        name=str(funnel.names[i]),
        region=str(funnel.regions[i]),
        population=number(float(funnel.population[i])),
        count=number(float(funnel.count[i])),
        rate=number(float(funnel.rate[i]), 1),
        zone=_zone_text(int(funnel.zone[i])),
    )


def _unit_part(table: PanelTable, code: str) -> UnitPart | None:
    found = np.flatnonzero(table.codes == code)
    if not code or not found.size:
        return None
    i = int(found[0])
    years = tuple(
        _unit_year(int(year), float(table.count[i, j]), float(table.population[i, j]))
        for j, year in enumerate(table.years.tolist())
    )
    return UnitPart(code, str(table.names[i]), str(table.regions[i]), years)


def _unit_year(year: int, count: float, population: float) -> UnitYear:
    persons = "–" if np.isnan(population) else number(population)
    if np.isnan(count):
        return UnitYear(year, _("not known"), persons, "–", "–", None)
    if not population > 0:
        return UnitYear(year, number(count), persons, "–", "–", None)
    rate = crude_rate(count, population)
    interval = f"{number(float(rate.lower), 1)} – {number(float(rate.upper), 1)}"
    value = float(rate.estimate)
    return UnitYear(year, number(count), persons, number(value, 1), interval, value)


def _found(table: PanelTable, options: Options) -> tuple[Found, ...]:
    wanted = fold(options.search)
    if not wanted:
        return ()
    hits = [
        (fold(name), i) for i, name in enumerate(table.names) if wanted in fold(name)
    ]
    hits.sort(key=lambda hit: (hit[0] != wanted, not hit[0].startswith(wanted), hit[0]))
    return tuple(
        Found(
            code=str(table.codes[i]),
            name=str(table.names[i]),
            region=str(table.regions[i]),
            query=options.with_unit(str(table.codes[i])),
        )
        for _key, i in hits[:MOST_FOUND]
    )
