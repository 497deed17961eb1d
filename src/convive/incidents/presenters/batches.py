"""Shapes of the pages of batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convive.accounts.permissions import places_where
from convive.accounts.roles import Permission
from convive.core.models import AuditEntry
from convive.incidents import compute, importing, offices, policies
from convive.incidents.models import Batch
from convive.incidents.presenters import words
from convive.incidents.workflow import BatchStatus

if TYPE_CHECKING:
    from datetime import datetime

    from convive.accounts.models import User
    from convive.incidents.models import BatchQuerySet


def visible_batches(user: User) -> BatchQuerySet:
    """Batches of the places whose incidents the person may see."""
    return Batch.objects.inside(places_where(user, Permission.SEE_INCIDENTS))


def places_of(batches: BatchQuerySet) -> list[tuple[str, str]]:
    paths = list(batches.order_by().values_list("place_path", flat=True).distinct())
    names = words.place_names(paths)
    return [(path, names.get(path, path)) for path in sorted(paths)]


def sources_of(batches: BatchQuerySet) -> list[str]:
    return sorted(batches.order_by().values_list("source", flat=True).distinct())


@dataclass(frozen=True)
class BatchLine:
    batch: Batch
    place: str
    office: str


def present_lines(batches: list[Batch]) -> list[BatchLine]:
    names = words.place_names([batch.place_path for batch in batches])
    return [
        BatchLine(
            batch,
            names.get(batch.place_path, batch.place_path),
            offices.label(batch.source),
        )
        for batch in batches
    ]


@dataclass(frozen=True)
class BatchPage:
    batch: Batch
    place: str
    office: str
    new: int
    kinds: list[str]
    may_withdraw: bool
    withdrawn_by: str
    withdrawal_reason: str


def present_batch(batch: Batch, user: User) -> BatchPage:
    withdrawal = _withdrawal(batch)
    return BatchPage(
        batch=batch,
        place=words.place_name(batch.place_path),
        office=offices.label(batch.source),
        new=batch.accepted - batch.changed,
        kinds=[words.value_text("iccs", code) for code in batch.covers_iccs],
        may_withdraw=policies.may_withdraw(user, batch),
        withdrawn_by=withdrawal.actor_name if withdrawal else "",
        withdrawal_reason=withdrawal.facts.get("reason", "") if withdrawal else "",
    )


def _withdrawal(batch: Batch) -> AuditEntry | None:
    if batch.status != BatchStatus.WITHDRAWN:
        return None
    told = AuditEntry.objects.about(batch).filter(at__gte=batch.withdrawn_at)
    return next((entry for entry in told if "reason" in entry.facts), None)


@dataclass(frozen=True)
class Undoing:
    """What undoing a batch would do, said before it is done."""

    batch: Batch
    stop: int  # records that stop counting
    back: int  # records that it had changed or removed
    refusal: str
    repeated_in: list[int]  # later batches that counted on its records

    @property
    def until(self) -> datetime | None:
        return self.batch.recorded_at


def present_undoing(batch: Batch) -> Undoing:
    built_on = compute.batches_built_on(batch.family())
    later = Batch.objects.recorded().filter(
        number__gt=batch.number, source=batch.source, unchanged__gt=0
    )
    return Undoing(
        batch=batch,
        stop=batch.accepted,
        back=batch.changed + batch.removed,
        refusal=importing.built_on(built_on) if built_on else "",
        repeated_in=sorted(
            later.inside([batch.place_path]).values_list("number", flat=True)
        ),
    )
