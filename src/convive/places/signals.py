"""What the places room asks of the rooms above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal

if TYPE_CHECKING:
    from datetime import date, datetime

    from convive.places.models import Place


@dataclass(frozen=True)
class Use:
    """A file whose records were given to the place, or to one inside it."""

    label: str
    recorded_at: datetime
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Usage:
    records: int  # that count now
    files: tuple[Use, ...]


# Sent with `place` and `with_count`; receivers answer with a `Usage`.
place_used = Signal()


def usage_of(place: Place, *, with_count: bool = False) -> Usage:
    answers: list[tuple[Any, Any]] = place_used.send(
        sender=type(place), place=place, with_count=with_count
    )
    usages: list[Usage] = [answer for _receiver, answer in answers]
    files = tuple(use for usage in usages for use in usage.files)
    return Usage(sum(usage.records for usage in usages), files)
