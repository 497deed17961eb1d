"""What every page of the observatory says: about a figure, a place's rate, a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from convive.observatory import compute
from convive.observatory.disclosure import SMALLEST_SHOWN as SMALLEST_SHOWN
from convive.observatory.disclosure import WITHHELD, Withheld, withheld_of
from convive.observatory.parts import tally
from convive.places.models import Place

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.incidents.compute import Coverage
    from convive.observatory.selection import Selection

    Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """Rows of a file. A number that is withheld or not known is None, with a state."""

    columns: tuple[str, ...]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class About:
    """What a reader must know of any figure of the selection."""

    title: str
    period: str
    known_on: date  # the vintage
    is_past: bool  # not as known today
    is_simulated: bool
    is_complete: bool
    notes: tuple[str, ...]
    provisional_from: date | None
    sources: tuple[str, ...]
    source: str
    batches: tuple[int, ...]

    @property
    def nature(self) -> str:
        return _("simulated") if self.is_simulated else _("as recorded by the office")

    @property
    def caption(self) -> str:
        """One line that stands under a chart wherever it goes."""
        known = _("as known on %(day)s") % {"day": day(self.known_on)}
        return " · ".join((self.period, self.source.upper(), self.nature, known))


@dataclass(frozen=True)
class Figures:
    """The numbers behind a place's line, when they may be shown."""

    count: int
    person_years: float | None = None
    rate: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class PlaceRate:
    """One place's line; texts are ready for the reader."""

    path: str
    name: str
    count: str
    note: str
    is_own: bool
    rate: str = "–"
    interval: str = "–"
    state: str = "final"  # final, withheld, no_data
    figures: Figures | None = field(default=None)


def number(value: float, decimals: int = 0) -> str:
    return formats.number_format(round(value, decimals), decimals, force_grouping=True)


def percent(part: float, whole: float) -> str:
    return f"{number(100 * part / whole, 1)} %" if whole else "–"


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def present_about(selection: Selection) -> About:
    coverage = compute.coverage_of(selection, selection.where)
    since, until = (f"{d:%m/%Y}" for d in (selection.since, selection.until))
    behind = compute.sources_behind(selection, selection.where)
    offices = selection.sources or tuple({batch.source: 0 for batch in behind})
    return About(
        title=f"{selection.what_label} · {selection.place.name}",
        period=since if since == until else f"{since} – {until}",
        known_on=selection.known_on or timezone.localdate(),
        is_past=selection.known_on is not None,
        is_simulated=coverage.is_simulated,
        is_complete=coverage.is_complete,
        notes=coverage.notes,
        provisional_from=coverage.provisional_from,
        sources=offices,
        source=selection.source or ", ".join(offices),
        batches=tuple(batch.number for batch in behind),
    )


def around(path: str) -> list[str]:
    """The place and what it lies in: its department, its country."""
    parts = path.split("/")
    above = ["/".join(parts[:i]) for i in range(len(parts) - 1, 0, -1)]
    return [path, *above]


def place_rate(
    selection: Selection, path: str, user: User | AnonymousUser
) -> PlaceRate:
    hidden = withheld_of(selection, path, user)
    line = rate_line(selection, Place.objects.get(path=path), hidden)
    if line.figures is not None and tally(selection, user).shown(path) is None:
        # Its siblings and the total would give a small one among them away.
        return withheld_line(path, line.name, is_own=line.is_own)
    return line


def rate_line(selection: Selection, place: Place, hidden: Withheld) -> PlaceRate:
    """A place's count and rate, or why there is none."""
    path, is_own = place.path, place.path == selection.where
    name = f"{place.name} ({place.get_kind_display()})"
    coverage = compute.coverage_of(selection, path)
    if not coverage.is_complete:
        words = _missing(coverage)
        return PlaceRate(path, name, _("no data"), words, is_own, state="no_data")
    if hidden.hides(selection.since, selection.until):
        return withheld_line(path, name, is_own=is_own)
    count = compute.total(selection, path)
    residents = compute.person_years(selection, path)
    if residents is None:
        words = _("No population is loaded for this place and period.")
        plain = Figures(count)
        return PlaceRate(path, name, number(count), words, is_own, figures=plain)
    rate = compute.rate_of(count, residents)
    limits = (float(rate.estimate), float(rate.lower), float(rate.upper))
    return PlaceRate(
        path=path,
        name=name,
        count=number(count),
        note="" if residents.is_verified else _("Population to be verified."),
        is_own=is_own,
        rate=number(limits[0], 1),
        interval=f"{number(limits[1], 1)} – {number(limits[2], 1)}",
        figures=Figures(count, residents.value, *limits),
    )


def withheld_line(path: str, name: str, *, is_own: bool) -> PlaceRate:
    words = _("Counts of 1 to 4, and totals that would give them away, are "
              "withheld to protect persons.")  # fmt: skip
    return PlaceRate(path, name, _("withheld"), words, is_own, state="withheld")


def _missing(coverage: Coverage) -> str:
    months = len(coverage.months_missing)
    return _("No file covers %(count)s of the months asked for.") % {"count": months}


def state_word(state: str) -> str:
    words = {
        "withheld": str(WITHHELD),
        "no_data": _("no data"),
        "provisional": _("provisional"),
    }
    return words.get(state, "")
