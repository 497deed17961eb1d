"""Which quarantined rows a person looks at, as the address says it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from convive.incidents.models import QuarantinedRow, RowProblem
from convive.incidents.workflow import QuarantineStatus

if TYPE_CHECKING:
    from django.http import QueryDict

    from convive.incidents.models import QuarantineQuerySet


@dataclass(frozen=True)
class Chosen:
    """Empty fields choose everything."""

    batch: int | None = None
    place: str = ""
    column: str | None = None
    reason: str = ""  # `reason_key` of a sentence
    status: str = QuarantineStatus.OPEN

    def query(self, **changes: object) -> str:
        """The address's query, with some fields changed."""
        asked = {**vars(self), **changes}
        return urlencode({k: v for k, v in asked.items() if v not in {None, ""}})


def reason_key(sentence: str) -> str:
    return hashlib.blake2b(sentence.encode(), digest_size=4).hexdigest()


def choose(query: QueryDict) -> Chosen:
    batch, status = query.get("batch", ""), query.get("status", "")
    return Chosen(
        batch=int(batch) if batch.isdecimal() and len(batch) < 18 else None,
        place=query.get("place", ""),
        column=query.get("column"),
        reason=query.get("reason", ""),
        status=status if status in QuarantineStatus.values else QuarantineStatus.OPEN,
    )


def rows_in(places: list[str], chosen: Chosen) -> QuarantineQuerySet:
    """Rows of the person's places in the chosen state, batch and place."""
    counting = QuarantinedRow.objects.counting().within(places)
    if chosen.status == QuarantineStatus.OPEN:
        rows = QuarantinedRow.objects.open().within(places)
    else:
        rows = counting.filter(status=chosen.status)
    if chosen.batch is not None:
        rows = rows.filter(batch=chosen.batch)
    if chosen.place:
        rows = rows.within([chosen.place])
    return rows


def with_reason(rows: QuarantineQuerySet, chosen: Chosen) -> QuarantineQuerySet:
    """Of these rows, those with the chosen problem."""
    if not chosen.reason:
        return rows
    sentences = RowProblem.objects.values_list("sentence", flat=True).distinct()
    known = [s for s in sentences if reason_key(s) == chosen.reason]
    found = RowProblem.objects.filter(sentence__in=known)
    if chosen.column is not None:
        found = found.filter(column=chosen.column)
    return rows.filter(pk__in=found.values("row"))
