"""Shapes of the observatory's pages. Small counts are withheld here, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.accounts.permissions import may_see_exact
from convive.incidents.compute import months_between
from convive.observatory import compute
from convive.places.models import Place
from convive.stats import suppress_table

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.incidents.compute import Coverage
    from convive.incidents.models import Batch
    from convive.observatory.selection import Selection

# Minimum count shown to those who do not work with the records.
SMALLEST_SHOWN = 5
WITHHELD = "1–4"

DIMENSIONS = {
    "victim_sex": gettext_noop("Sex of the victim"),
    "age_group": gettext_noop("Age of the victim"),
    "mechanism": gettext_noop("Mechanism"),
}
WORDS = {
    "female": gettext_noop("women"),
    "male": gettext_noop("men"),
    "other": gettext_noop("other"),
    "unknown": gettext_noop("unknown"),
    "not_recorded": gettext_noop("not recorded by the office"),
    "firearm": gettext_noop("firearm"),
    "sharp": gettext_noop("sharp object"),
    "blunt": gettext_noop("blunt object"),
    "bodily_force": gettext_noop("bodily force"),
    "strangulation": gettext_noop("strangulation"),
    "fire": gettext_noop("fire"),
    "explosive": gettext_noop("explosive"),
    "poison": gettext_noop("poison"),
    "vehicle": gettext_noop("vehicle"),
}


@dataclass(frozen=True)
class PlaceRate:
    """One place's line; texts are ready for the reader."""

    name: str
    count: str
    rate: str
    interval: str
    note: str
    is_own: bool
    exact: tuple[int, float] | None = None


@dataclass(frozen=True)
class About:
    """What a reader must know of any figure of the selection."""

    title: str
    period: str
    is_simulated: bool
    is_complete: bool
    notes: tuple[str, ...]
    provisional_from: date | None


@dataclass(frozen=True)
class Overview:
    about: About
    places: tuple[PlaceRate, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class MonthRow:
    month: date
    count: int | None  # None: withheld or not known
    text: str
    is_provisional: bool


@dataclass(frozen=True)
class Series:
    about: About
    months: tuple[MonthRow, ...]


@dataclass(frozen=True)
class Share:
    label: str
    count: str


@dataclass(frozen=True)
class Breakdown:
    title: str
    rows: tuple[Share, ...]
    has_withheld: bool


@dataclass(frozen=True)
class Origin:
    about: About
    batches: tuple[Batch, ...]
    population: compute.PersonYears | None


def number(value: float, decimals: int = 0) -> str:
    return formats.number_format(round(value, decimals), decimals, force_grouping=True)


def present_about(selection: Selection) -> About:
    coverage = compute.coverage_of(selection, selection.where)
    since, until = (f"{d:%m/%Y}" for d in (selection.since, selection.until))
    return About(
        title=f"{selection.what_label} · {selection.place.name}",
        period=since if since == until else f"{since} – {until}",
        is_simulated=coverage.is_simulated,
        is_complete=coverage.is_complete,
        notes=coverage.notes,
        provisional_from=coverage.provisional_from,
    )


def present_overview(selection: Selection, user: User | AnonymousUser) -> Overview:
    paths = _around(selection.where)
    lines = tuple(place_rate(selection, path, user) for path in paths)
    own = lines[0]
    sentences = tuple(
        sentence
        for line in lines[1:]
        if (sentence := _comparison(own, line)) is not None
    )
    return Overview(present_about(selection), lines, sentences)


def _around(path: str) -> list[str]:
    """The place, its department and its country."""
    parts = path.split("/")
    around = ["/".join(parts[:i]) for i in range(min(len(parts) - 1, 2), 0, -1)]
    return [path, *around]


def place_rate(
    selection: Selection, path: str, user: User | AnonymousUser
) -> PlaceRate:
    place, is_own = Place.objects.get(path=path), path == selection.where
    name = f"{place.name} ({place.get_kind_display()})"
    coverage = compute.coverage_of(selection, path)
    if not coverage.is_complete:
        return PlaceRate(name, _("no data"), "–", "–", _missing(coverage), is_own)
    count = compute.total(selection, path)
    residents = compute.person_years(selection, path)
    if 0 < count < SMALLEST_SHOWN and not may_see_exact(user, path):
        note = _("Counts of 1 to 4 are withheld to protect persons.")
        return PlaceRate(name, WITHHELD, "–", "–", note, is_own)
    if residents is None:
        note = _("No population is loaded for this place and period.")
        return PlaceRate(name, number(count), "–", "–", note, is_own)
    rate = compute.rate_of(count, residents)
    unverified = "" if residents.is_verified else _("Population to be verified.")
    return PlaceRate(
        name=name,
        count=number(count),
        rate=number(float(rate.estimate), 1),
        interval=f"{number(float(rate.lower), 1)} – {number(float(rate.upper), 1)}",
        note=unverified,
        is_own=is_own,
        exact=(count, residents.value),
    )


def _missing(coverage: Coverage) -> str:
    months = len(coverage.months_missing)
    return _("No file covers %(count)s of the months asked for.") % {"count": months}


def _comparison(own: PlaceRate, around: PlaceRate) -> str | None:
    """What may be said of two rates, in words that the interval carries."""
    if own.exact is None or around.exact is None:
        return None
    ratio = compute.compare(own.exact, around.exact)
    if ratio is None or np.isnan(ratio.estimate):
        return None
    facts = {
        "place": own.name,
        "around": around.name,
        "times": number(ratio.estimate, 2),
        "lower": number(ratio.lower, 2),
        "upper": number(ratio.upper, 2),
    }
    if ratio.lower > 1:
        words = _("%(place)s has a higher rate than the rest of %(around)s: %(times)s "
                  "times (95 %% interval %(lower)s – %(upper)s).")  # fmt: skip
    elif ratio.upper < 1:
        words = _("%(place)s has a lower rate than the rest of %(around)s: %(times)s "
                  "times (95 %% interval %(lower)s – %(upper)s).")  # fmt: skip
    else:
        words = _("We cannot tell whether %(place)s differs from the rest of "
                  "%(around)s: %(times)s times (95 %% interval %(lower)s – "
                  "%(upper)s).")  # fmt: skip
    return words % facts


def present_series(selection: Selection, user: User | AnonymousUser) -> Series:
    about = present_about(selection)
    coverage = compute.coverage_of(selection, selection.where)
    counts = compute.monthly(selection, selection.where)
    months = months_between(selection.since, selection.until)
    known = [month for month in months if month not in coverage.months_missing]
    # No total of the row is published beside a series that withholds.
    values = _shown([counts.get(month, 0) for month in known], selection, user)
    shown = dict(zip(known, values, strict=True))
    rows = []
    for month in months:
        value = shown.get(month)
        text = _("no data") if month not in shown else WITHHELD
        since = coverage.provisional_from
        rows.append(
            MonthRow(
                month=month,
                count=value,
                text=number(value) if value is not None else text,
                is_provisional=since is not None and month >= since,
            )
        )
    return Series(about, tuple(rows))


def _shown(
    counts: list[int], selection: Selection, user: User | AnonymousUser
) -> list[int | None]:
    """Counts as they may be shown; their total stands on another page."""
    if may_see_exact(user, selection.where) or not counts:
        return list(counts)
    table = suppress_table(counts, SMALLEST_SHOWN)
    return [None if np.isnan(value) else int(value) for value in table.values[0]]


def present_people(
    selection: Selection, user: User | AnonymousUser
) -> tuple[Breakdown, ...]:
    return tuple(
        _breakdown(selection, user, dimension, title)
        for dimension, title in DIMENSIONS.items()
    )


def _breakdown(
    selection: Selection, user: User | AnonymousUser, dimension: str, title: str
) -> Breakdown:
    rows = compute.counted(selection, selection.where, [dimension])
    if dimension == "age_group":
        rows.sort(key=lambda row: _age_order(str(row[dimension])))
    counts = [int(str(row["incident_count"])) for row in rows]
    shown = _shown(counts, selection, user)
    labels = [_word(str(row[dimension])) for row in rows]
    return Breakdown(
        title=_(title),
        rows=tuple(
            Share(label, WITHHELD if value is None else number(value))
            for label, value in zip(labels, shown, strict=True)
        ),
        has_withheld=None in shown,
    )


def _age_order(group: str) -> tuple[int, str]:
    low = group.replace("+", "-").split("-")[0]
    return (int(low), group) if low.isdigit() else (999, group)


def _word(value: str) -> str:
    return _(WORDS[value]) if value in WORDS else value


def present_origin(selection: Selection) -> Origin:
    return Origin(
        about=present_about(selection),
        batches=tuple(compute.sources_behind(selection, selection.where)),
        population=compute.person_years(selection, selection.where),
    )
