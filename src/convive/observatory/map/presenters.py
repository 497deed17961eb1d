"""The map of areas: values as this reader may see them, classes, and what to say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from convive.observatory import parts
from convive.observatory.map import scope as scopes
from convive.observatory.presenters import number, present_about
from convive.stats import crude_rate, natural_breaks, poisson_interval

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.compute import PersonYears
    from convive.observatory.map.scope import Scope
    from convive.observatory.presenters import About
    from convive.observatory.selection import Selection
    from convive.places.models import Boundary, Place
    from convive.stats import PoissonInterval, Rate

MOST_CLASSES = 5


class State(StrEnum):
    SHOWN = "shown"
    ZERO = "zero"
    WITHHELD = "withheld"
    NO_DATA = "no_data"
    NO_POPULATION = "no_population"


@dataclass(frozen=True)
class Area:
    """A place of the map. Numbers are None where the reader may not see them."""

    path: str
    name: str
    above: str  # the department, where the map holds several
    state: State
    count: int | None = None
    rate: float | None = None
    lower: float | None = None  # of the measure that is drawn
    upper: float | None = None
    note: str = ""
    is_own: bool = False

    @property
    def count_text(self) -> str:
        if self.state == State.NO_DATA:
            return _("no data")
        return _("withheld") if self.count is None else number(self.count)

    @property
    def rate_text(self) -> str:
        return "–" if self.rate is None else number(self.rate, 1)

    @property
    def interval(self) -> str:
        if self.lower is None or self.upper is None:
            return "–"
        return f"{number(self.lower, 1)} – {number(self.upper, 1)}"


@dataclass(frozen=True)
class LegendRow:
    style: str  # 'c0' ... 'c4', or a State
    label: str
    size: int


@dataclass(frozen=True)
class AreaMap:
    about: About
    scope: Scope
    is_rate: bool
    has_rates: bool  # whether any place has a population
    areas: tuple[Area, ...]
    styles: dict[str, str]  # by path
    legend: tuple[LegendRow, ...]
    sentences: tuple[str, ...]
    boundaries: dict[str, Boundary]

    @property
    def measure_label(self) -> str:
        if self.is_rate:
            return _("Rate per 100,000 residents a year")
        return _("Number of incidents")

    @property
    def has_outlines(self) -> bool:
        return bool(self.boundaries)

    @property
    def origins(self) -> tuple[str, ...]:
        """Source and licence of the outlines, each once."""
        found = {f"{b.source} · {b.licence}" for b in self.boundaries.values()}
        return tuple(sorted(found))


def present_areas(
    selection: Selection, scope: Scope, user: User | AnonymousUser
) -> AreaMap:
    paths = [place.path for place in scope.places]
    tally = parts.tally(selection, user)
    complete = parts.complete_among(selection, paths)
    residents = parts.residents_of(selection, paths)
    is_rate = _draws_rates(scope, complete, residents)
    facts = _Facts(selection, tally, complete, residents, is_rate)
    areas = tuple(_area(place, facts, scope) for place in scope.places)
    styles, legend = _classes(areas, is_rate=is_rate)
    outlines = scopes.boundaries_of(paths)
    return AreaMap(
        about=present_about(selection),
        scope=scope,
        is_rate=is_rate,
        has_rates=bool(residents),
        areas=_ordered(areas, facts, scope),
        styles=styles,
        legend=legend,
        sentences=tuple(_sentences(selection, scope, facts, outlines)),
        boundaries=outlines,
    )


@dataclass(frozen=True)
class _Facts:
    selection: Selection
    tally: parts.Tally
    complete: frozenset[str]
    residents: dict[str, PersonYears]
    is_rate: bool


def _draws_rates(
    scope: Scope, complete: frozenset[str], residents: dict[str, PersonYears]
) -> bool:
    """Rates unless asked otherwise, where most places of the map have residents."""
    if scope.measure:
        return scope.measure == "rate" and bool(residents)
    asked = complete or {place.path for place in scope.places}
    return 2 * len(residents.keys() & asked) >= len(asked)


def _area(place: Place, facts: _Facts, scope: Scope) -> Area:
    is_deeper = place.parent_id != scope.around.pk
    blank = Area(
        path=place.path,
        name=place.name,
        above=place.parent.name if is_deeper and place.parent else "",
        state=State.NO_DATA,
        is_own=place.path == facts.selection.where,
    )
    if place.path not in facts.complete:
        return replace(blank, note=_("No file covers all of it."))
    count = facts.tally.shown(place.path)
    if count is None:
        return replace(blank, state=State.WITHHELD)
    return _with_numbers(blank, count, facts.residents.get(place.path), facts.is_rate)


def _with_numbers(
    blank: Area, count: int, years: PersonYears | None, is_rate: bool
) -> Area:
    rate = None if years is None else crude_rate(count, years.value)
    counted = replace(
        blank,
        state=State.SHOWN if count else State.ZERO,
        count=count,
        rate=None if rate is None else float(rate.estimate),
        note=""
        if years is None or years.is_verified
        else _("Population to be verified."),
    )
    if not is_rate:
        return _with_limits(counted, poisson_interval(count))
    if rate is None:
        note = _("No population is loaded.")
        return replace(counted, state=State.NO_POPULATION, note=note)
    return _with_limits(counted, rate)


def _with_limits(area: Area, limits: Rate | PoissonInterval) -> Area:
    return replace(area, lower=float(limits.lower), upper=float(limits.upper))


def value_of(area: Area, *, is_rate: bool) -> float | None:
    """What decides the colour."""
    if area.state != State.SHOWN:
        return None
    return area.rate if is_rate else area.count


def _classes(
    areas: tuple[Area, ...], *, is_rate: bool
) -> tuple[dict[str, str], tuple[LegendRow, ...]]:
    digits = 1 if is_rate else 0
    values = {
        area.path: round(value, digits)
        for area in areas
        if (value := value_of(area, is_rate=is_rate)) is not None
    }
    found = natural_breaks(list(values.values()), MOST_CLASSES)
    # Few classes take colours from the whole ramp, so that they stay apart.
    ramp = np.linspace(0, MOST_CLASSES - 1, max(len(found.size), 2)).round().astype(int)
    styles = {path: f"c{ramp[found.of(value)]}" for path, value in values.items()}
    styles |= {area.path: area.state for area in areas if area.path not in styles}
    legend = [
        LegendRow(f"c{ramp[i]}", _range(low, high, digits), int(size))
        for i, (low, high, size) in enumerate(
            zip(found.lower, found.upper, found.size, strict=True)
        )
    ]
    for state, label in _state_labels().items():
        size = sum(area.state == state for area in areas)
        if size:
            legend.append(LegendRow(state, label, size))
    return styles, tuple(legend)


def _range(low: float, high: float, digits: int) -> str:
    if low == high:
        return number(low, digits)
    return f"{number(low, digits)} – {number(high, digits)}"


def _state_labels() -> dict[State, str]:
    return {
        State.ZERO: _("no incident recorded"),
        State.WITHHELD: _("withheld to protect persons"),
        State.NO_POPULATION: _("no population loaded"),
        State.NO_DATA: _("no data"),
    }


def _ordered(areas: tuple[Area, ...], facts: _Facts, scope: Scope) -> tuple[Area, ...]:
    """The highest first; then what lies in no part, so that the table adds up."""
    listed = sorted(
        areas,
        key=lambda a: (
            a.state in {State.NO_DATA, State.WITHHELD},
            -(a.rate or 0) if a.rate is not None else 0,
            -(a.count or 0),
            a.name,
        ),
    )
    return (*listed, *_unplaced(facts.tally, scope, is_rate=facts.is_rate))


def _unplaced(tally: parts.Tally, scope: Scope, *, is_rate: bool) -> list[Area]:
    path = parts.unplaced(scope.around.path)
    if not scope.kinds or scope.kind != scope.kinds[0] or not tally.counts.get(path):
        return []
    rest = Area(
        path="",
        name=_("In no known part"),
        above="",
        state=State.WITHHELD,
        note=_("Their file does not say where within the place."),
    )
    count = tally.shown(path)
    if count is None:
        return [rest]
    known = replace(rest, state=State.SHOWN, count=count)
    return [known if is_rate else _with_limits(known, poisson_interval(count))]


def _named(place: Place) -> str:
    return f"{place.name} ({place.get_kind_display()})"


def _sentences(
    selection: Selection, scope: Scope, facts: _Facts, outlines: dict[str, Boundary]
) -> list[str]:
    said = []
    if scope.around.path != selection.where:
        said.append(
            _("No smaller parts of %(place)s are loaded: it stands among the parts of "
              "%(around)s.")
            % {"place": _named(selection.place), "around": _named(scope.around)}
        )  # fmt: skip
    if not facts.is_rate and not facts.residents:
        said.append(
            _("No population is loaded for these places, so the map shows counts, not "
              "rates: a place with more people or visitors looks darker.")
        )  # fmt: skip
    elif not facts.is_rate:
        said.append(_("The map shows counts: a place with more people looks darker."))
    if any(outline.is_approximate for outline in outlines.values()):
        said.append(
            _("Approximate outlines: drawn around the incidents themselves, not by "
              "the office that sets the limits.")
        )  # fmt: skip
    without = sum(place.path not in outlines for place in scope.places)
    if without and outlines:
        said.append(
            _("%(count)s places have no outline and stand only in the table.")
            % {"count": without}
        )
    return said
