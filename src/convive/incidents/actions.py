"""Writes of the incidents room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.core.text import fold
from convive.incidents import compute
from convive.incidents.intake import (
    Checked,
    Mapping,
    Note,
    Rejected,
)
from convive.incidents.models import (
    Batch,
    Crosswalk,
    CrosswalkTerm,
    ImportMode,
    MappingProfile,
    Nature,
    QuarantinedRow,
)
from convive.incidents.reference import latest_crosswalk
from convive.incidents.workflow import BATCH_MOVES, BatchStatus

if TYPE_CHECKING:
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
    notes: tuple[Note, ...] = ()

    @property
    def accepted(self) -> int:
        return self.read - len(self.rejected)


@audit.action
def begin_batch(*, by: Actor, order: Order) -> Batch:
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
    *, by: Actor, batch: Batch, checked: Checked, change: compute.Difference
) -> Batch:
    """Make a written batch count, with its quarantine, in one transaction."""
    _move(batch, BatchStatus.RECORDED)
    batch.recorded_at = timezone.now()
    batch.read = checked.read
    batch.accepted = change.rows.num_rows
    batch.changed = change.changed
    batch.unchanged = change.unchanged
    batch.removed = change.removed
    batch.quarantined = _quarantine(batch, checked.rejected)
    batch.save()
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
    return len(QuarantinedRow.objects.bulk_create(rows, batch_size=500))


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

    Call it through `importing.undo_import`, which waits for a running import.
    """
    _move(batch, BatchStatus.WITHDRAWN)
    batch.withdrawn_at = timezone.now()
    batch.save()
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


@dataclass(frozen=True)
class TermRow:
    term: str
    iccs: str
    mechanism: str = ""
    relationship: str = ""
    penal_code_article: str = ""


@audit.action
def save_crosswalk(
    *, by: Actor, country_path: str, terms: list[TermRow], note: str = ""
) -> Crosswalk:
    """Write the next version of a country's crosswalk; versions are never edited."""
    latest = latest_crosswalk(country_path)
    kept = {row.key: row for row in latest.terms.all()} if latest else {}
    for term in terms:
        key = fold(term.term)
        kept[key] = CrosswalkTerm(key=key, **vars(term))
    crosswalk = Crosswalk.objects.create(
        country_path=country_path,
        version=latest.version + 1 if latest else 1,
        note=note,
    )
    for row in kept.values():
        row.pk, row.crosswalk = None, crosswalk
    CrosswalkTerm.objects.bulk_create(kept.values(), batch_size=500)
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s wrote version %(version)s of the offence table of %(country)s"
        ),
        about=crosswalk,
        place_path=country_path,
        version=crosswalk.version,
        country=country_path,
    )
    return crosswalk
