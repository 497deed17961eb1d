"""Uploaded files on their way in: bounded, private, and gone when they have served."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from django.core.files.uploadedfile import UploadedFile

# A body this many times too large is not even read to its end.
GIVE_UP_RATIO = 10
# Headings of the parts and the form's other fields.
FORM_BYTES = 64 * 1024


class UploadLimit(FileUploadHandler):
    """Lets no more than the limit reach memory or disk; the rest is read and dropped.

    Reading on, rather than closing, lets the browser show our sentence instead of a
    broken connection.
    """

    is_over = False
    _told_bytes = 0
    _seen_bytes = 0

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ANN401 - as in Django
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self._told_bytes = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        limit = settings.UPLOAD_LIMIT_BYTES
        if self._told_bytes > limit * GIVE_UP_RATIO:
            self.is_over = True
            raise StopUpload(connection_reset=True)
        if self._told_bytes > limit + FORM_BYTES:
            self.is_over = True
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._seen_bytes += len(raw_data)
        if self._seen_bytes > settings.UPLOAD_LIMIT_BYTES:
            self.is_over = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


@dataclass(frozen=True)
class Stored:
    name: str  # below UPLOAD_ROOT
    sha256: str
    size_bytes: int


def store(upload: UploadedFile[Any]) -> Stored:
    """Keep a file under a name that nobody can guess, for this account only."""
    settings.UPLOAD_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    name, digest, size = secrets.token_hex(16), hashlib.sha256(), 0
    descriptor = os.open(path_of(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return Stored(name, digest.hexdigest(), size)


def path_of(name: str) -> Path:
    path: Path = settings.UPLOAD_ROOT / name
    return path


def remove(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def sweep(keep: Collection[str], older_than: float) -> int:
    """Remove files that no draft names, such as those of a crash while uploading."""
    if not settings.UPLOAD_ROOT.exists():
        return 0
    removed = 0
    for path in settings.UPLOAD_ROOT.iterdir():
        if path.name not in keep and path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def sheet_names(path: Path) -> list[str]:
    """Sheets of a workbook whose size has been checked; none for a text file."""
    from python_calamine import CalamineError, CalamineWorkbook

    with path.open("rb") as file:
        if file.read(4) not in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            return []
        file.seek(0)
        try:
            return list(CalamineWorkbook.from_filelike(file).sheet_names)
        except CalamineError:
            return []
