"""What those who do not work with the records may be shown. See ADR 0006.

Months are withheld by calendar year, whatever period is asked for: a year's table is
its twelve months beside the year's total, closed by complementary cells. A period's
total is shown only when it is a sum of shown years and shown months, so that asking
for a longer or a shorter period gives no equation that the year's table did not.
Groups and hours are given for one whole calendar year at a time: two such tables
never overlap.

Not protected: differences between an offence and its parts, between a place and those
inside it, and between two vintages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext_lazy

from convive.accounts.permissions import may_see_exact
from convive.incidents.compute import months_between
from convive.observatory import compute
from convive.stats import suppress_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.selection import Selection

# Minimum count shown to those who do not work with the records.
SMALLEST_SHOWN = 5
# The same for a small count and for one that hides it: a reader must not tell.
WITHHELD = gettext_lazy("withheld")


@dataclass(frozen=True)
class Withheld:
    """Months, and totals of years, that stay inside."""

    months: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    # Whether the withheld years hide each other in a total that takes in all of them.
    is_sum_safe: bool = False

    def hides(self, since: date, until: date) -> bool:
        """Whether the total of these months must not be shown."""
        asked = frozenset(months_between(since, until))
        unknown_years = set()
        for year in range(since.year, until.year + 1):
            mine = frozenset(month for month in self.months if month.year == year)
            if not mine & asked:
                continue
            if not mine <= asked:
                return True
            if year in self.years:
                unknown_years.add(year)
        if not unknown_years:
            return False
        return unknown_years != self.years or not self.is_sum_safe


def withheld_of(
    selection: Selection, place_path: str, user: User | AnonymousUser
) -> Withheld:
    if may_see_exact(user, place_path):
        return Withheld()
    return withhold(compute.every_month(selection, place_path))


def withhold(counts: Mapping[date, int]) -> Withheld:
    """From all months of an offence in a place; one that is absent is zero."""
    months: set[date] = set()
    totals: dict[int, int] = {}
    for year in sorted({month.year for month in counts}):
        days = [date(year, month, 1) for month in range(1, 13)]
        row = [counts.get(day, 0) for day in days]
        shown = suppress_table(row, SMALLEST_SHOWN)
        months |= {days[i] for i in np.flatnonzero(shown.is_withheld[0])}
        if not shown.has_margins or 0 < sum(row) < SMALLEST_SHOWN:
            totals[year] = sum(row)
    is_sum_safe = len(totals) > 1 and sum(totals.values()) >= SMALLEST_SHOWN
    return Withheld(frozenset(months), frozenset(totals), is_sum_safe)


def may_see_groups(selection: Selection, user: User | AnonymousUser) -> bool:
    return selection.is_one_year or may_see_exact(user, selection.where)


def shown_groups(
    counts: Sequence[int], selection: Selection, user: User | AnonymousUser
) -> list[int | None]:
    """Counts of groups that add up to a total which stands on another page."""
    if may_see_exact(user, selection.where) or not counts:
        return list(counts)
    if not may_see_groups(selection, user):
        return [None] * len(counts)
    table = suppress_table(list(counts), SMALLEST_SHOWN)
    return [None if np.isnan(value) else int(value) for value in table.values[0]]
