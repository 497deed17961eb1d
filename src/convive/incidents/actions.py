"""Writes of the incidents room."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core import audit, jobs
from convive.incidents import compute, policies, uploads
from convive.incidents.classification.actions import TermRow as TermRow
from convive.incidents.classification.actions import save_crosswalk as save_crosswalk
from convive.incidents.intake import (
    Checked,
    Mapping,
    Note,
    Rejected,
)
from convive.incidents.models import (
    Batch,
    ImportDraft,
    ImportMode,
    MappingProfile,
    Nature,
    QuarantinedRow,
    RowProblem,
)
from convive.incidents.policies import ImportRefusedError as ImportRefusedError
from convive.incidents.quarantine.actions import settle_rows
from convive.incidents.reference import latest_crosswalk
from convive.incidents.workflow import (
    BATCH_MOVES,
    BatchStatus,
    DraftStatus,
    QuarantineStatus,
)

if TYPE_CHECKING:
    from collections.abc import Mapping as ByKey
    from collections.abc import Sequence
    from pathlib import Path

    from convive.core.actors import Actor
    from convive.core.models import Job
    from convive.incidents.uploads import Stored


@dataclass(frozen=True)
class Claim:
    """What is said of a file as a whole: its nature, and what it holds completely."""

    nature: str = Nature.REAL
    note: str = ""
    iccs: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    provisional_from: date | None = None

    def to_json(self) -> dict[str, Any]:
        days = ("since", "until", "provisional_from")
        kept = {name: str(day) for name in days if (day := getattr(self, name))}
        return {"nature": self.nature, "note": self.note, "iccs": self.iccs} | kept

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Claim:
        days = {
            name: date.fromisoformat(stored[name])
            for name in ("since", "until", "provisional_from")
            if name in stored
        }
        return cls(
            stored.get("nature", Nature.REAL),
            stored.get("note", ""),
            tuple(stored.get("iccs", ())),
            **days,
        )


@dataclass(frozen=True)
class Order:
    """An import as asked for."""

    file: Path
    place_path: str
    source: str
    file_name: str = ""
    sheet_name: str = ""  # of a workbook; '' takes the likeliest
    profile: str = ""
    mapping: Mapping | None = None
    mode: str = ImportMode.ADD
    claim: Claim = field(default_factory=Claim)
    # Where the claim names no days: claim what such a file usually holds completely.
    has_usual_claim: bool = False

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
    notes: tuple[Note, ...] = ()

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
        file_sha256=compute.file_digest(order.file),
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


DRAFT_LIFE = timedelta(days=30)


@audit.action
def start_draft(
    *,
    by: Actor,
    stored: Stored,
    file_name: str,
    place_path: str,
    source: str,
    claim: Claim,
) -> ImportDraft:
    """Take note of an uploaded file; nothing is imported yet."""
    draft = ImportDraft.objects.create(
        place_path=place_path,
        source=source,
        file_name=file_name,
        file_sha256=stored.sha256,
        stored_as=stored.name,
        claim=claim.to_json(),
        by_id=by.pk,
        by_name=by.get_username(),
    )
    _tell(by, draft, gettext_noop("%(by)s uploaded %(file)s for %(place)s"))
    return draft


@audit.action
def understand_draft(
    *, by: Actor, draft: ImportDraft, sheet_name: str, reading: dict[str, Any]
) -> None:
    """Keep what was read of the file; what was understood before no longer holds."""
    draft = _lock(draft, DraftStatus.UPLOADED, by_its_own_work=True)
    draft.sheet_name, draft.reading = sheet_name, reading
    draft.mapping, draft.preview = {}, {}
    draft.save()
    _tell(by, draft, gettext_noop("%(by)s read the headings of %(file)s"))


@audit.action
def map_draft(*, by: Actor, draft: ImportDraft, mapping: Mapping) -> None:
    """Say what each column holds; an earlier preview no longer holds."""
    draft = _lock(draft, DraftStatus.UPLOADED)
    draft.mapping, draft.preview = mapping.to_json(), {}
    draft.save()
    _tell(by, draft, gettext_noop("%(by)s said what the columns of %(file)s hold"))


@audit.action
def begin_work(
    *,
    by: Actor,
    draft: ImportDraft,
    task: Any,  # noqa: ANN401 - django-tasks has no public generic type
    title: str,
) -> Job:
    """Start a draft's next piece of work, one at a time."""
    draft = ImportDraft.objects.select_for_update().get(pk=draft.pk)
    policies.check_free(draft)
    job = jobs.start(
        by=by,
        task=task,
        title=title,
        title_facts={"file": draft.file_name},
        place_path=draft.place_path,
        draft_id=str(draft.pk),
    )
    ImportDraft.objects.filter(pk=draft.pk).update(job_id=job.pk)
    _tell(by, draft, gettext_noop("%(by)s set the work on %(file)s going"))
    return job


@audit.action
def decide_draft(*, by: Actor, draft: ImportDraft, mode: str, claim: Claim) -> None:
    """Choose Add or Replace, and what is claimed of the file."""
    draft = _lock(draft, DraftStatus.CHECKED)
    draft.mode, draft.claim = mode, claim.to_json()
    draft.save()
    _tell(by, draft, gettext_noop("%(by)s decided how to import %(file)s"), mode=mode)


@audit.action
def keep_preview(*, by: Actor, draft: ImportDraft, preview: dict[str, Any]) -> None:
    """Keep what an import would do, for the person to decide."""
    draft = _lock(draft, DraftStatus.CHECKED, by_its_own_work=True)
    draft.preview = preview
    draft.save()
    _tell(by, draft, gettext_noop("%(by)s checked %(file)s before importing it"))


@audit.action
def finish_draft(*, by: Actor, draft: ImportDraft, batch: Batch | None) -> None:
    """Close an imported draft. Its file goes: the batch holds what it said."""
    draft = _lock(draft, DraftStatus.IMPORTED, by_its_own_work=True)
    draft.batch = batch
    draft.save()
    _remove_file(draft)
    _tell(by, draft, gettext_noop("%(by)s finished the import of %(file)s"))


@audit.action
def discard_draft(*, by: Actor, draft: ImportDraft) -> None:
    """Give up a file that was not imported."""
    draft = _lock(draft, DraftStatus.DISCARDED)
    draft.save()
    _remove_file(draft)
    _tell(by, draft, gettext_noop("%(by)s discarded %(file)s without importing it"))


@audit.action
def sweep_drafts(*, by: Actor) -> int:
    """Discard drafts that nobody went on with, and files that no draft names."""
    old = ImportDraft.objects.unfinished().filter(
        created_at__lt=timezone.now() - DRAFT_LIFE
    )
    idle = [draft for draft in old if not policies.is_busy(draft)]
    for draft in idle:
        discard_draft(by=by, draft=draft)
    kept = ImportDraft.objects.unfinished().values_list("stored_as", flat=True)
    uploads.sweep(set(kept), time.time() - DRAFT_LIFE.total_seconds())
    if not idle:
        audit.unchanged()
    return len(idle)


def _lock(
    draft: ImportDraft, status: DraftStatus, *, by_its_own_work: bool = False
) -> ImportDraft:
    """Move a draft under lock; only its own work may do so while work is under way."""
    locked = ImportDraft.objects.select_for_update().get(pk=draft.pk)
    if not by_its_own_work:
        policies.check_free(locked)
    policies.check_move(locked, status)
    locked.status = status
    return locked


def _remove_file(draft: ImportDraft) -> None:
    transaction.on_commit(functools.partial(uploads.remove, draft.stored_as))


def _tell(by: Actor, draft: ImportDraft, sentence: str, mode: str = "") -> None:
    audit.record(
        by=by,
        sentence=sentence,
        about=draft,
        place_path=draft.place_path,
        file=draft.file_name,
        place=draft.place_path,
        mode=mode,
    )


@audit.action
def rename_profile(*, by: Actor, profile: MappingProfile, name: str) -> None:
    old, profile.name = profile.name, name
    profile.save()
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s renamed the profile %(old)s to %(name)s"),
        about=profile,
        place_path=profile.place_path,
        changes={"name": [old, name]},
        old=old,
        name=name,
    )


@audit.action
def delete_profile(*, by: Actor, profile: MappingProfile) -> None:
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s deleted the profile %(name)s"),
        about=profile,
        place_path=profile.place_path,
        name=profile.name,
    )
    profile.delete()
