"""Writes of the observatory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from convive.core import audit
from convive.observatory.models import Release

if TYPE_CHECKING:
    from convive.core.actors import Actor
    from convive.observatory.selection import Selection


@dataclass(frozen=True)
class Download:
    """A file made of what a page shows, after its disclosure control."""

    table: str
    file_format: str
    content: bytes
    rows: int
    batches: tuple[int, ...]


@audit.action
def record_release(*, by: Actor, selection: Selection, download: Download) -> Release:
    """Enter a download in the release ledger."""
    release = Release.objects.create(
        by_id=by.pk,
        by_name=by.get_username(),
        place_path=selection.where,
        table=download.table,
        file_format=download.file_format,
        query=selection.query,
        rows=download.rows,
        sha256=hashlib.sha256(download.content).hexdigest(),
        batches=list(download.batches),
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s downloaded %(table)s of %(place)s as %(format)s"),
        about=release,
        place_path=selection.where,
        table=download.table,
        place=selection.where,
        format=download.file_format,
    )
    return release
