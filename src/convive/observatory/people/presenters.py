"""Whom it happens to: by sex, age, mechanism and relation, with what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.incidents.presenters.words import CODES
from convive.observatory import compute
from convive.observatory.disclosure import (
    SMALLEST_SHOWN,
    WITHHELD,
    may_see_groups,
    shown_groups,
)
from convive.observatory.presenters import (
    About,
    Table,
    number,
    percent,
    present_about,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.selection import Selection

# Name of the table: its title, and the column that it counts by.
DIMENSIONS = {
    "sex": (gettext_noop("Sex of the victim"), "victim_sex"),
    "age": (gettext_noop("Age of the victim"), "age_group"),
    "mechanism": (gettext_noop("Mechanism"), "mechanism"),
    "relationship": (gettext_noop("Author's relation to the victim"), "relationship"),
}
# Of many persons instead of one.
WORDS = CODES | {"female": gettext_noop("women"), "male": gettext_noop("men")}
NOT_KNOWN = ("unknown", "not_recorded")


@dataclass(frozen=True)
class Share:
    value: str  # the coded value
    label: str
    number: int | None  # None: withheld
    count: str
    share: str
    is_known: bool
    rate: str = ""
    interval: str = ""


@dataclass(frozen=True)
class Breakdown:
    name: str
    title: str
    rows: tuple[Share, ...]
    has_withheld: bool
    has_rates: bool
    note: str

    @property
    def is_drawn(self) -> bool:
        return any(row.number is not None for row in self.rows)


@dataclass(frozen=True)
class People:
    about: About
    breakdowns: tuple[Breakdown, ...]
    # Years to choose from, where groups are given by whole years only.
    years: tuple[int, ...]


def present_people(selection: Selection, user: User | AnonymousUser) -> People:
    about = present_about(selection)
    if not may_see_groups(selection, user):
        return People(about, (), tuple(selection.years()))
    tables = tuple(breakdown(selection, user, name) for name in DIMENSIONS)
    return People(about, tables, ())


def breakdown(selection: Selection, user: User | AnonymousUser, name: str) -> Breakdown:
    title, column = DIMENSIONS[name]
    if not may_see_groups(selection, user):
        return Breakdown(name, _(title), (), False, False, "")
    rows = compute.counted(selection, selection.where, [column])
    rows.sort(key=lambda row: _order(name, row, column))
    counts = [int(str(row["incident_count"])) for row in rows]
    shown = shown_groups(counts, selection, user)
    values = [str(row[column]) for row in rows]
    rates = _rates(selection, name)
    parts = tuple(
        _share(value, count, sum(counts), rates)
        for value, count in zip(values, shown, strict=True)
    )
    return Breakdown(
        name=name,
        title=_(title),
        rows=parts,
        has_withheld=None in shown,
        has_rates=any(part.rate for part in parts),
        note=_note(dict(zip(values, shown, strict=True)), sum(counts)),
    )


def _order(name: str, row: compute.Row, column: str) -> tuple[int, int, str]:
    """Ages by age, the rest by size; what is not known comes last."""
    value, count = str(row[column]), int(str(row["incident_count"]))
    is_last = 1 + NOT_KNOWN.index(value) if value in NOT_KNOWN else 0
    if name == "age" and not is_last:
        low = value.replace("+", "-").split("-")[0]
        return 0, int(low) if low.isdigit() else 999, value
    return is_last, -count, value


def _share(
    value: str,
    count: int | None,
    whole: int,
    rates: dict[str, compute.PersonYears],
) -> Share:
    label = word(value)
    is_known = value not in NOT_KNOWN
    if count is None:
        return Share(value, label, None, str(WITHHELD), "–", is_known)
    texts = {"rate": "", "interval": ""}
    if value in rates:
        rate = compute.rate_of(count, rates[value])
        low, high = float(rate.lower), float(rate.upper)
        texts["rate"] = number(float(rate.estimate), 1)
        texts["interval"] = f"{number(low, 1)} – {number(high, 1)}"
    # A share beside a total that stays inside would give the total away.
    share = percent(count, whole) if whole >= SMALLEST_SHOWN or count else "–"
    return Share(value, label, count, number(count), share, is_known, **texts)


def _rates(selection: Selection, name: str) -> dict[str, compute.PersonYears]:
    if name != "sex":
        return {}
    found = {
        sex: compute.person_years(selection, selection.where, sex)
        for sex in ("female", "male")
    }
    return {sex: people for sex, people in found.items() if people is not None}


def _note(shown: dict[str, int | None], whole: int) -> str:
    absent = [shown.get(value, 0) for value in NOT_KNOWN]
    if None in absent or not whole:
        return ""
    if shown.get("not_recorded") == whole:
        return _("The office's file has no such column: nothing can be said of it.")
    unknown = sum(count or 0 for count in absent)
    if not unknown:
        return ""
    return _(
        "Not known in %(share)s of the incidents. Shares are of all incidents."
    ) % {"share": percent(unknown, whole)}


def word(value: str) -> str:
    return _(WORDS[value]) if value in WORDS else value


def people_table(selection: Selection, user: User | AnonymousUser) -> Table:
    columns = (_("table"), _("group"), _("incidents"), _("share"), _("state"))
    rows = [
        [part.title, row.label, row.number, row.share, _state(row)]
        for part in present_people(selection, user).breakdowns
        for row in part.rows
    ]
    return Table(columns, [list(row) for row in rows])


def table_of(name: str) -> Callable[[Selection, User | AnonymousUser], Table]:
    def table(selection: Selection, user: User | AnonymousUser) -> Table:
        columns = (
            _("group"),
            _("incidents"),
            _("share"),
            _("rate per 100,000"),
            _("95% interval"),
            _("state"),
        )
        rows = breakdown(selection, user, name).rows
        return Table(
            columns,
            [[r.label, r.number, r.share, r.rate, r.interval, _state(r)] for r in rows],
        )

    return table


def _state(row: Share) -> str:
    return str(WITHHELD) if row.number is None else ""
