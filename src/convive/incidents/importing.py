"""One import from file to recorded batch, whole at every instant."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core.actors import System
from convive.core.jobs import silent
from convive.incidents import actions, compute
from convive.incidents.actions import ImportRefusedError, Order, Outcome
from convive.incidents.intake import Mapping, check, read_sheet, recognise
from convive.incidents.models import Batch, MappingProfile
from convive.incidents.reference import reference_for
from convive.incidents.workflow import BatchStatus

if TYPE_CHECKING:
    from convive.core.actors import Actor
    from convive.core.jobs import Progress
    from convive.incidents.intake import Checked


def preview(order: Order) -> Outcome:
    """Say what an import would do. Nothing is written."""
    checked = _check(order)
    return _outcome(checked, _difference(order, checked), None)


def run_import(*, by: Actor, order: Order, progress: Progress = silent) -> Outcome:
    """Check, write, record: nothing counts before the last.

    Each step is an action of its own. One transaction around them would give the
    batch's number back after a crash, and a later import would find files under it.
    """
    progress(0, 3, gettext_noop("Reading the file"))
    checked = _check(order)
    progress(1, 3, gettext_noop("Comparing with what is known"))
    with compute.exclusive():
        recover()
        change = _difference(order, checked)
        if change.is_empty and not _has_news(order, checked):
            return _outcome(checked, change, None)
        batch = actions.begin_batch(by=by, order=order)
        progress(2, 3, gettext_noop("Writing the batch"))
        _write(batch, change)
        actions.record_batch(by=by, batch=batch, checked=checked, change=change)
    progress(3, 3, gettext_noop("Done"))
    return _outcome(checked, change, batch)


def _write(batch: Batch, change: compute.Difference) -> None:
    try:
        compute.warehouse().write_batch(batch.number, change.rows, change.retired)
    except OSError as error:
        # If even this cannot be written, the next import clears up.
        with suppress(OSError, DatabaseError):
            recover()
        raise ImportRefusedError(
            _("The data folder cannot be written: %(reason)s. Nothing was imported. "
              "Make room on the disk and import the file again.")
            % {"reason": error.strerror or error}
        ) from error  # fmt: skip


def undo_import(*, by: Actor, batch: Batch, reason: str = "") -> None:
    """Wait for a running import, which may count on this batch, then withdraw it."""
    with compute.exclusive():
        actions.withdraw_batch(by=by, batch=batch, reason=reason)


def recover() -> list[int]:
    """Give up batches that a crash left half-done. Needs `compute.exclusive()`."""
    dead = Batch.objects.filter(status=BatchStatus.WRITING)
    for batch in dead:
        actions.abandon_batch(by=System(), batch=batch)
    kept = Batch.objects.filter(
        status__in=[BatchStatus.RECORDED, BatchStatus.WITHDRAWN]
    )
    return compute.warehouse().sweep(set(kept.values_list("number", flat=True)))


def _check(order: Order) -> Checked:
    sheet = read_sheet(order.file)
    mapping = order.mapping or _profile(order) or recognise(sheet)
    return check(sheet, mapping, reference_for(order.place_path, order.source))


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


def _difference(order: Order, checked: Checked) -> compute.Difference:
    return compute.difference(
        checked.accepted, order.place_path, order.source, order.mode
    )


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
