"""Corrected rows become a batch of their own, whole at every instant."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.incidents import actions, compute, importing
from convive.incidents.actions import Outcome
from convive.incidents.intake import IntakeError
from convive.incidents.models import Batch
from convive.incidents.quarantine import checking
from convive.incidents.quarantine.actions import (
    begin_derived_batch,
    keep_corrections,
    settle_rows,
)

if TYPE_CHECKING:
    from collections.abc import Mapping as ByKey

    from convive.core.actors import Actor
    from convive.incidents.quarantine.checking import Tried


def mend(
    *, by: Actor, batch: Batch, corrections: ByKey[int, dict[str, str]]
) -> Outcome:
    """Take in what the intake accepts of the corrected rows; the rest goes on waiting.

    Only rows that wait in quarantine are looked at: a row mended by someone else in
    the meantime stays as that person left it.
    """
    with compute.exclusive():
        importing.recover()
        waiting = {
            row.row_number: row.pk
            for row in batch.quarantine.open().filter(row_number__in=corrections)
        }
        if not waiting:
            raise IntakeError(_("This row does not wait any longer."))
        asked = {n: cells for n, cells in corrections.items() if n in waiting}
        tried = checking.try_again(batch, asked)
        change = checking.difference(batch, tried)
        mended = {waiting[n]: asked[n] for n in tried.accepted}
        new = _write(by, batch, tried, change, mended) if mended else None
        if tried.rejected:
            keep_corrections(by=by, batch=batch, cells=asked, rejected=tried.rejected)
    return Outcome(
        read=len(asked),
        new=change.new,
        changed=change.changed,
        unchanged=change.unchanged,
        removed=0,
        rejected=list(tried.rejected),
        unclassified={},
        batch=new,
    )


def _write(
    by: Actor,
    batch: Batch,
    tried: Tried,
    change: compute.Difference,
    mended: dict[int, dict[str, str]],
) -> Batch:
    if change.is_empty:
        holder = Batch.objects.get(number=checking.batch_holding(batch, tried))
        settle_rows(by=by, batch=holder, mended=mended)
        return holder
    text = json.dumps([batch.number, mended], sort_keys=True)
    new = begin_derived_batch(
        by=by,
        like=batch,
        sources=[batch],
        file_name=_name(batch, tried),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    compute.warehouse().write_batch(new.number, change.rows, change.retired)
    # Rows still bad wait in their own batch, not in this one too.
    taken = checking.only_accepted(tried)
    return actions.record_batch(
        by=by, batch=new, checked=taken, change=change, mended=mended
    )


def _name(batch: Batch, tried: Tried) -> str:
    rows = ", ".join(str(number) for number in sorted(tried.accepted)[:5])
    more = ", …" if len(tried.accepted) > 5 else ""
    name = _("%(file)s, mended: row %(rows)s") % {
        "file": batch.file_name,
        "rows": rows + more,
    }
    return name[:255]


def same_problem(batch: Batch, column: str, value: str) -> dict[int, dict[str, str]]:
    """Cells, by row number, of the waiting rows with this value in this column."""
    rows = batch.quarantine.open().filter(found__column=column, found__value=value)
    return {row.row_number: row.cells for row in rows.distinct()}


def mend_alike(
    *, by: Actor, batch: Batch, column: str, value: str, correct: str
) -> Outcome:
    """Write one text in place of another in every waiting row of the batch."""
    alike = same_problem(batch, column, value)
    corrections = {
        number: cells | {column: correct}
        for number, cells in alike.items()
        if cells.get(column, "").strip() == value
    }
    return mend(by=by, batch=batch, corrections=corrections)
