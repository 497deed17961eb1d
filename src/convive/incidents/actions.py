"""Writes of the incidents room."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.incidents import compute
from convive.incidents.classification.actions import TermRow as TermRow
from convive.incidents.classification.actions import save_crosswalk as save_crosswalk
from convive.incidents.intake import (
    Checked,
    Mapping,
    Rejected,
)
from convive.incidents.models import (
    Batch,
    ImportMode,
    MappingProfile,
    Nature,
    QuarantinedRow,
    RowProblem,
)
from convive.incidents.quarantine.actions import settle_rows
from convive.incidents.reference import latest_crosswalk
from convive.incidents.workflow import BATCH_MOVES, BatchStatus, QuarantineStatus

if TYPE_CHECKING:
    from collections.abc import Mapping as ByKey
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from convive.core.actors import Actor


class ImportRefusedError(Exception):
    """The import cannot be done; the sentence says why."""


@dataclass(frozen=True)
class Claim:
    """What is said of a file as a whole: its nature, and what it holds completely."""

    nature: str = Nature.REAL
    note: str = ""
    iccs: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    provisional_from: date | None = None


@dataclass(frozen=True)
class Order:
    """An import as asked for."""

    file: Path
    place_path: str
    source: str
    file_name: str = ""
    profile: str = ""
    mapping: Mapping | None = None
    mode: str = ImportMode.ADD
    claim: Claim = field(default_factory=Claim)

    @property
    def shown_name(self) -> str:
        return self.file_name or self.file.name


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do."""

    read: int
    new: int
    changed: int
    unchanged: int
    removed: int
    rejected: list[Rejected]
    unclassified: dict[str, int]
    batch: Batch | None

    @property
    def accepted(self) -> int:
        return self.read - len(self.rejected)


@audit.action
def begin_batch(
    *,
    by: Actor,
    order: Order,
    mapping: Mapping | None = None,
    headings: Sequence[str] = (),
) -> Batch:
    """Take a number for an import. It counts for nothing until it is recorded."""
    claim = order.claim
    batch = Batch.objects.create(
        place_path=order.place_path,
        source=order.source,
        nature=claim.nature,
        note=claim.note,
        file_name=order.shown_name,
        file_sha256=hashlib.sha256(order.file.read_bytes()).hexdigest(),
        mode=order.mode,
        crosswalk=latest_crosswalk(order.place_path),
        covers_iccs=list(claim.iccs),
        covers_from=claim.since,
        covers_until=claim.until,
        provisional_from=claim.provisional_from,
        by_id=by.pk,
        by_name=by.get_username(),
        mapping=mapping.to_json() if mapping else {},
        headings=list(headings),
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s began to import %(file)s into %(place)s"),
        about=batch,
        place_path=order.place_path,
        file=order.shown_name,
        place=order.place_path,
    )
    return batch


@audit.action
def record_batch(
    *,
    by: Actor,
    batch: Batch,
    checked: Checked,
    change: compute.Difference,
    mended: ByKey[int, dict[str, str]] | None = None,
    again: Sequence[int] = (),
) -> Batch:
    """Make a written batch count, with its quarantine, in one transaction.

    `mended` are the quarantined rows that it takes in, and how each was corrected;
    `again` those that it brings once more, so that each waits once.
    """
    _move(batch, BatchStatus.RECORDED)
    batch.recorded_at = timezone.now()
    batch.read = checked.read
    batch.accepted = change.rows.num_rows
    batch.changed = change.changed
    batch.unchanged = change.unchanged
    batch.removed = change.removed
    batch.quarantined = _quarantine(batch, checked.rejected)
    batch.save()
    QuarantinedRow.objects.filter(pk__in=again).update(again_in=batch)
    if mended:
        settle_rows(by=by, batch=batch, mended=mended)
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s imported %(file)s: %(new)s new, %(changed)s changed, "
            "%(removed)s removed, %(bad)s in quarantine"
        ),
        about=batch,
        place_path=batch.place_path,
        file=batch.file_name,
        new=change.new,
        changed=change.changed,
        removed=change.removed,
        bad=batch.quarantined,
    )
    return batch


def _move(batch: Batch, status: BatchStatus) -> None:
    """Move a batch under lock, so that two moves cannot both be the first."""
    now = Batch.objects.select_for_update().get(pk=batch.pk)
    if status not in BATCH_MOVES[BatchStatus(now.status)]:
        raise ImportRefusedError(
            _("Batch %(number)s is %(status)s; that cannot be done now.")
            % {"number": batch.number, "status": now.get_status_display()}
        )
    batch.status = status


def _quarantine(batch: Batch, rejected: list[Rejected]) -> int:
    rows = [
        QuarantinedRow(
            batch=batch,
            row_number=row.row_number,
            raw=row.raw,
            problems=[
                {
                    "column": problem.column,
                    "value": problem.value,
                    "sentence": problem.sentence,
                    "facts": problem.facts,
                }
                for problem in row.problems
            ],
        )
        for row in rejected
    ]
    kept = QuarantinedRow.objects.bulk_create(rows, batch_size=500)
    found = [problem for row in kept for problem in row.as_found()]
    RowProblem.objects.bulk_create(found, batch_size=500)
    return len(kept)


@audit.action
def abandon_batch(*, by: Actor, batch: Batch) -> None:
    """Give up a batch that was never recorded."""
    _move(batch, BatchStatus.ABANDONED)
    batch.save()
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s gave up batch %(number)s, which was not whole"),
        about=batch,
        place_path=batch.place_path,
        number=batch.number,
    )


@audit.action
def withdraw_batch(*, by: Actor, batch: Batch, reason: str = "") -> None:
    """Undo an import: its rows stop counting, and those it replaced count again.

    Batches derived from it go with it, and the rows that it mended wait again.
    Call it through `importing.undo_import`, which waits for a running import.
    """
    _move(batch, BatchStatus.WITHDRAWN)
    batch.withdrawn_at = timezone.now()
    batch.save()
    batch.mended_rows.update(status=QuarantineStatus.OPEN, mended_in=None)
    for derived in batch.family()[1:]:
        # One that came with another derivative is gone already.
        derived.refresh_from_db()
        if derived.status == BatchStatus.RECORDED:
            withdraw_batch(by=by, batch=derived, reason=reason)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s undid the import of %(file)s"),
        about=batch,
        place_path=batch.place_path,
        file=batch.file_name,
        reason=reason,
    )


@audit.action
def save_profile(
    *, by: Actor, name: str, place_path: str, source: str, mapping: Mapping
) -> MappingProfile:
    """Keep what was learnt about an office's file."""
    profile, _is_new = MappingProfile.objects.update_or_create(
        name=name,
        place_path=place_path,
        defaults={"source": source, "mapping": mapping.to_json()},
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s kept the profile %(name)s of %(place)s"),
        about=profile,
        place_path=place_path,
        name=name,
        place=place_path,
    )
    return profile
