"""Bytes of an upload, made safe: kind by content, bombs refused, text decoded."""

from __future__ import annotations

import codecs
import gzip
import zipfile
import zlib
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop as _

from convive.incidents.intake.outcome import IntakeError

if TYPE_CHECKING:
    from pathlib import Path

INFLATED_LIMIT_BYTES = 1024**3
# Spreadsheets compress well; a bomb compresses a thousandfold.
RATIO_LIMIT = 200
_SMALL_BYTES = 10 * 1024**2
_CHUNK_BYTES = 1024**2


class Kind(StrEnum):
    TEXT = "text"
    WORKBOOK = "workbook"


def open_file(path: Path) -> tuple[Kind, bytes]:
    """Say what the file is by its first bytes and give its content, inflated."""
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = _inflate(path, len(content))
    if content.startswith(b"PK\x03\x04"):
        _refuse_bomb(path)
        return Kind.WORKBOOK, content
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return Kind.WORKBOOK, content
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        raise IntakeError(
            _("This is not a table. Save it as XLSX or CSV and upload that.")
        )
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n;,\x00"):
        raise IntakeError(_("The file is empty."))
    return Kind.TEXT, content


def _inflate(path: Path, size: int) -> bytes:
    parts, total = [], 0
    try:
        with gzip.open(path) as file:
            while part := file.read(_CHUNK_BYTES):
                total += len(part)
                _refuse_expansion(size, total)
                parts.append(part)
    except (OSError, EOFError, zlib.error) as error:
        raise IntakeError(
            _("The compressed file is damaged. Send it again from the original.")
        ) from error
    return b"".join(parts)


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise IntakeError(
            _("The workbook is damaged. Open it, save it again and upload that.")
        ) from error
    _refuse_expansion(path.stat().st_size, total)


def _refuse_expansion(packed: int, unpacked: int) -> None:
    is_bomb = unpacked > max(packed * RATIO_LIMIT, _SMALL_BYTES)
    if is_bomb or unpacked > INFLATED_LIMIT_BYTES:
        raise IntakeError(
            _("The file unpacks to more than is safe. Split it into smaller files.")
        )


def decode(content: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: UTF-8, UTF-16 or Windows-1252."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding
    head = content[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return content.decode("utf-16-le", errors="replace"), "utf-16-le"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"
