"""What a file is taken to hold completely when nobody has said otherwise.

Its own span in whole months, up to today. A list with several sections of the
classification is the office's list of all that it records; one with a single section,
such as homicides, says nothing of the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterable

# Months younger than this may still receive records.
FRESH = timedelta(days=62)
_SECTION_DIGITS = 2


@dataclass(frozen=True)
class UsualClaim:
    since: date
    until: date
    provisional_from: date | None
    is_general: bool


def usual_claim(first: date, last: date, codes: Iterable[str]) -> UsualClaim:
    """From the days and the ICCS codes of a file's records."""
    today = timezone.localdate()
    until = min(_month_end(last), today)
    return UsualClaim(
        since=first.replace(day=1),
        until=until,
        provisional_from=until.replace(day=1) if today - until < FRESH else None,
        is_general=len({code[:_SECTION_DIGITS] for code in codes}) > 1,
    )


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
