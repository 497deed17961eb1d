"""The counts of a country's places, as each reader may see them.

A small count that one page withholds must not follow from what the others show. So the
whole tree of places is decided at once: in each table of siblings small counts go, and
as many more as keep them apart from the total; and where a total is withheld, enough of
what adds up to it is withheld too.
"""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings

from convive.accounts.permissions import is_within, places_where
from convive.accounts.roles import Permission
from convive.incidents import compute as incidents
from convive.incidents.models import Batch
from convive.observatory import compute
from convive.observatory.compute import PersonYears
from convive.observatory.disclosure import SMALLEST_SHOWN, Withheld
from convive.observatory.disclosure import withhold as withhold_months
from convive.places.population import populations_on
from convive.stats import suppress_table
from convive.warehouse import count_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from django.contrib.auth.models import AnonymousUser
    from numpy.typing import NDArray

    from convive.accounts.models import User
    from convive.observatory.selection import Selection
    from convive.warehouse import Slice

LEVELS = ("department", "municipality", "zone")


@dataclass(frozen=True)
class Tally:
    """Counts by path; `unplaced(path)` is what lies in a place but in no part of it."""

    counts: dict[str, int]
    withheld: frozenset[str]

    def shown(self, path: str) -> int | None:
        """The count, 0 where nothing was recorded, None where it is withheld."""
        return None if path in self.withheld else self.counts.get(path, 0)


def unplaced(path: str) -> str:
    return f"{path}/?"


def tally(selection: Selection, user: User | AnonymousUser) -> Tally:
    """Every place of the selection's country, decided for this reader."""
    country = selection.where.split("/")[0]
    exact = places_where(user, Permission.SEE_EXACT_FIGURES)
    rows = compute.counted(selection, country, LEVELS)
    leaves = [(_chain(country, row), int(str(row["incident_count"]))) for row in rows]
    if is_known(country, exact):
        return withhold(leaves, exact)
    return withhold(leaves, exact, _hidden_by_period(selection, country))


def is_known(path: str, exact: Sequence[str]) -> bool:
    return any(is_within(path, ancestor) for ancestor in exact)


def _hidden_by_period(selection: Selection, country: str) -> frozenset[str]:
    """Places whose total of this period would give away a month (ADR 0006)."""
    ever = selection.between(*compute.EVER).slice_of(country)
    key = settings.WAREHOUSE_ROOT, compute.numbers_known(selection), ever
    return frozenset(
        path
        for path, hidden in _withheld_months(*key).items()
        if hidden.hides(selection.since, selection.until)
    )


@functools.lru_cache(maxsize=32)
def _withheld_months(
    root: Path, numbers: tuple[int, ...], ever: Slice
) -> dict[str, Withheld]:
    """Batches never change, so that their numbers say whether this still holds."""
    table = incidents.warehouse().incidents(numbers)
    counts: dict[str, Counter[date]] = {}
    for row in count_by(table, ever, (*LEVELS, "month")).to_pylist():
        for path in _chain(ever.place, row):
            months = counts.setdefault(path, Counter())
            months[row["month"]] += row["incident_count"]
    return {path: withhold_months(months) for path, months in counts.items()}


def _chain(country: str, row: dict[str, object]) -> tuple[str, ...]:
    """From the country down to the deepest known place, then to 'unplaced'."""
    known = [str(row[level]) for level in LEVELS if row[level] is not None]
    chain = (country, *known)
    return chain if row[LEVELS[-1]] is not None else (*chain, unplaced(chain[-1]))


@dataclass
class _Node:
    count: int = 0
    # What the reader does not know already; what he knows needs no protection.
    unknown: int = 0
    parts: dict[str, _Node] = field(default_factory=dict)


def withhold(
    leaves: Iterable[tuple[tuple[str, ...], int]],
    exact: Sequence[str],
    also: Collection[str] = (),
) -> Tally:
    """Decide a tree given by its leaves: the chain of paths to each, and its count.

    `exact` are the places whose counts the reader may see whatever their size, `also`
    those whose count must be withheld for a reason of its own.
    """
    top: dict[str, _Node] = {}
    for chain, count in leaves:
        is_own = is_known(chain[-1], exact)
        level = top
        for path in chain:
            node = level.setdefault(path, _Node())
            node.count += count
            node.unknown += 0 if is_own else count
            level = node.parts
    withheld: set[str] = set()
    counts: dict[str, int] = {}
    todo = [(top, False)]
    while todo:
        parts, is_total_withheld = todo.pop()
        counts |= {path: node.count for path, node in parts.items()}
        gone = _gone(parts, also, is_total_withheld=is_total_withheld)
        withheld |= gone
        todo += [(node.parts, path in gone) for path, node in parts.items()]
    return Tally(counts, frozenset(withheld))


def _gone(
    parts: dict[str, _Node], also: Collection[str], *, is_total_withheld: bool
) -> set[str]:
    cells = [node.unknown for node in parts.values()]
    forced = [path in also and node.unknown > 0 for path, node in parts.items()]
    gone = hidden(cells, forced, is_total_withheld=is_total_withheld)
    return {path for path, is_gone in zip(parts, gone, strict=True) if is_gone}


def hidden(
    cells: Sequence[int], forced: Sequence[bool], *, is_total_withheld: bool
) -> NDArray[np.bool_]:
    """Which cells of one table of siblings to withhold.

    A lone cell that is withheld would follow from the total, and two that hold fewer
    than the threshold together are both small: the smallest of the others join them.
    """
    counts = np.array(cells, dtype=np.int64)
    if not len(counts):
        return np.zeros(0, dtype=np.bool_)
    gone: NDArray[np.bool_] = suppress_table(counts, SMALLEST_SHOWN).is_withheld[0]
    gone |= np.array(forced, dtype=np.bool_)
    if not gone.any() and not is_total_withheld:
        return gone
    least = 1 if is_total_withheld else 2
    for position in np.argsort(counts, kind="stable"):
        if gone.sum() >= least and counts[gone].sum() >= SMALLEST_SHOWN:
            break
        gone[position] |= counts[position] > 0
    return gone


def complete_among(selection: Selection, paths: Sequence[str]) -> frozenset[str]:
    """Places that a file claims to cover for the whole question.

    Places inside the same claims share one answer, so the claims are asked once each.
    """
    known = Batch.objects.known_on(selection.as_of)
    claims = set(known.values_list("place_path", flat=True))
    answers: dict[frozenset[str], bool] = {}
    complete = set()
    for path in paths:
        around = frozenset(claim for claim in claims if is_within(path, claim))
        if around not in answers:
            answers[around] = compute.coverage_of(selection, path).is_complete
        if answers[around]:
            complete.add(path)
    return frozenset(complete)


def residents_of(selection: Selection, paths: list[str]) -> dict[str, PersonYears]:
    """Person-years of each place whose population is known in every year asked for."""
    years = [(year, populations_on(paths, year)) for year in selection.years()]
    found = {}
    for path in paths:
        figures = [(year, of.get(path)) for year, of in years]
        known = [(year, figure) for year, figure in figures if figure is not None]
        if len(known) < len(years):
            continue
        found[path] = PersonYears(
            sum(f.persons * selection.months_in(y) / 12 for y, f in known),
            tuple(dict.fromkeys(figure.source for _year, figure in known)),
            all(figure.is_verified for _year, figure in known),
        )
    return found
