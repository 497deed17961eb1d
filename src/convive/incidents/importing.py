"""One import from file to recorded batch, whole at every instant."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow.compute as pc
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core.actors import System
from convive.core.jobs import silent
from convive.incidents import actions, compute
from convive.incidents.actions import Order, Outcome
from convive.incidents.claiming import usual_claim
from convive.incidents.intake import Mapping, check, read_sheet, recognise
from convive.incidents.models import Batch, ImportMode, MappingProfile
from convive.incidents.policies import ImportRefusedError
from convive.incidents.quarantine import context, returning, settling
from convive.incidents.reference import reference_for
from convive.incidents.workflow import BatchStatus
from convive.warehouse import UNCLASSIFIED

if TYPE_CHECKING:
    from convive.core.actors import Actor
    from convive.core.jobs import Progress
    from convive.incidents.intake import Checked, Sheet


# Steps of an import, by how far it is when each begins.
_READING = (0, 100, gettext_noop("Reading the file"))
_CHECKING = (20, 100, gettext_noop("Checking each row"))
_COMPARING = (60, 100, gettext_noop("Comparing with what is known"))
_WRITING = (75, 100, gettext_noop("Writing the batch"))
_RECORDING = (90, 100, gettext_noop("Recording the batch"))


@dataclass(frozen=True)
class Reading:
    """A file understood and checked, and the quarantined rows that came back in it."""

    sheet: Sheet
    mapping: Mapping
    checked: Checked
    mended: dict[int, dict[str, str]] = field(default_factory=dict)
    # Rejected rows that wait in an earlier batch already.
    waiting: frozenset[int] = frozenset()
    is_return: bool = False

    def without_waiting(self) -> Checked:
        new = [r for r in self.checked.rejected if r.row_number not in self.waiting]
        return dataclasses.replace(self.checked, rejected=new)


def examine(
    order: Order, progress: Progress = silent
) -> tuple[Checked, compute.Difference]:
    """Check a file and compare it with what is known. Nothing is written."""
    reading = _read(order, progress)
    progress(*_COMPARING)
    return reading.checked, _difference(order, reading)


def preview(order: Order) -> Outcome:
    """Say what an import would do. Nothing is written."""
    return _outcome(*examine(order), None)


def run_import(*, by: Actor, order: Order, progress: Progress = silent) -> Outcome:
    """Check, write, record: nothing counts before the last.

    Each step is an action of its own. One transaction around them would give the
    batch's number back after a crash, and a later import would find files under it.
    """
    reading = _read(order, progress)
    progress(*_COMPARING)
    with compute.exclusive():
        recover()
        change = _difference(order, reading)
        if change.is_empty and not _has_news(order, reading.without_waiting()):
            return _outcome(reading.checked, change, None)
        # The last moment to stop that leaves not even a number behind.
        progress(*_WRITING)
        order = _with_usual_claim(order, reading)
        batch = actions.begin_batch(
            by=by,
            order=order,
            mapping=reading.mapping,
            headings=reading.sheet.headings,
        )
        try:
            _write(by, order, batch, (reading, change), progress)
        except Exception as error:
            # If even this cannot be written, the next import clears up.
            with suppress(OSError, DatabaseError):
                recover()
            if isinstance(error, OSError):
                raise _full_disk(error) from error
            raise
    return _outcome(reading.checked, change, batch)


def _write(
    by: Actor,
    order: Order,
    batch: Batch,
    found: tuple[Reading, compute.Difference],
    progress: Progress,
) -> None:
    reading, change = found
    fresh = reading.without_waiting()
    settled = settling.settled_by(order, reading.sheet, fresh)
    if fresh.rejected:
        context.keep(batch.number, reading.sheet, reading.mapping)
    compute.warehouse().write_batch(batch.number, change.rows, change.retired)
    progress(*_RECORDING)
    actions.record_batch(
        by=by,
        batch=batch,
        checked=fresh,
        change=change,
        mended=settled.mended | reading.mended,
        again=settled.again,
    )


def _with_usual_claim(order: Order, reading: Reading) -> Order:
    """Rows back from quarantine, and files without a record, claim nothing."""
    accepted = reading.checked.accepted
    is_silent = not order.has_usual_claim or order.claim.since is not None
    if is_silent or reading.is_return or not accepted.num_rows:
        return order
    span = pc.min_max(accepted["occurred_on"]).as_py()
    codes = set(accepted["iccs"].unique().to_pylist()) - {UNCLASSIFIED}
    usual = usual_claim(span["min"], span["max"], codes)
    claim = dataclasses.replace(
        order.claim,
        iccs=() if usual.is_general else tuple(sorted(codes)),
        since=usual.since,
        until=usual.until,
        provisional_from=order.claim.provisional_from or usual.provisional_from,
    )
    return dataclasses.replace(order, claim=claim)


def _full_disk(error: OSError) -> ImportRefusedError:
    return ImportRefusedError(
        _("The data folder cannot be written: %(reason)s. Nothing was imported. "
          "Make room on the disk and import the file again.")
        % {"reason": error.strerror or error}
    )  # fmt: skip


def undo_import(*, by: Actor, batch: Batch, reason: str = "") -> None:
    """Wait for a running import, which may count on this batch, then withdraw it."""
    with compute.exclusive():
        if later := compute.batches_built_on(batch.family()):
            raise ImportRefusedError(built_on(later))
        actions.withdraw_batch(by=by, batch=batch, reason=reason)


def built_on(later: list[int]) -> str:
    """Why a batch cannot be undone while those that changed its records stand."""
    return _(
        "Later imports changed or removed records of this one. Undo them first: "
        "%(numbers)s."
    ) % {"numbers": ", ".join(map(str, reversed(later)))}


def recover() -> list[int]:
    """Give up batches that a crash left half-done. Needs `compute.exclusive()`."""
    dead = Batch.objects.filter(status=BatchStatus.WRITING)
    for batch in dead:
        actions.abandon_batch(by=System(), batch=batch)
    kept = Batch.objects.filter(
        status__in=[BatchStatus.RECORDED, BatchStatus.WITHDRAWN]
    )
    numbers = set(kept.values_list("number", flat=True))
    context.sweep(numbers)
    return compute.warehouse().sweep(numbers)


def _read(order: Order, progress: Progress = silent) -> Reading:
    progress(*_READING)
    sheet = read_sheet(order.file, sheet=order.sheet_name or None)
    progress(*_CHECKING)
    mapping = order.mapping or _profile(order) or recognise(sheet)
    returned = returning.read_returned(order, sheet)
    if returned is None:
        checked = check(sheet, mapping, reference_for(order.place_path, order.source))
        return Reading(sheet, mapping, checked)
    checked = returned.checked
    if returned.rest is not None:
        reference = reference_for(order.place_path, order.source)
        rest = check(returned.rest, mapping, reference)
        checked = returning.joined(checked, rest)
    return Reading(sheet, mapping, checked, returned.mended, returned.waiting, True)


def _profile(order: Order) -> Mapping | None:
    if not order.profile:
        return None
    kept = MappingProfile.objects.filter(
        name=order.profile, place_path=order.place_path
    ).first()
    if kept is None:
        raise ImportRefusedError(
            _("There is no profile “%(name)s” for %(place)s.")
            % {"name": order.profile, "place": order.place_path}
        )
    return Mapping.from_json(kept.mapping)


def _difference(order: Order, reading: Reading) -> compute.Difference:
    # Rows back from quarantine are a few of their period, never the whole of it.
    mode = ImportMode.ADD if reading.is_return else order.mode
    accepted = reading.checked.accepted
    return compute.difference(accepted, order.place_path, order.source, mode)


def _outcome(
    checked: Checked, change: compute.Difference, batch: Batch | None
) -> Outcome:
    return Outcome(
        read=checked.read,
        new=change.new,
        changed=change.changed,
        unchanged=change.unchanged,
        removed=change.removed,
        rejected=checked.rejected,
        unclassified=checked.unclassified,
        batch=batch,
        notes=checked.notes,
    )


def _has_news(order: Order, checked: Checked) -> bool:
    """Whether the bad rows are others than those of an earlier import of the file."""
    digest = compute.file_digest(order.file)
    earlier = Batch.objects.recorded().filter(
        file_sha256=digest, place_path=order.place_path, source=order.source
    )
    return bool(checked.rejected) and not earlier.exists()
