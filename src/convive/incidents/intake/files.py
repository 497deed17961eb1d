"""Bytes of an upload, made safe: kind by content, bombs refused, text decoded."""

from __future__ import annotations

import codecs
import gzip
import zipfile
import zlib
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext_noop as _

from convive.incidents.intake.outcome import IntakeError

if TYPE_CHECKING:
    from pathlib import Path

INFLATED_LIMIT_BYTES = 1024**3
# Spreadsheets compress well; a bomb compresses a thousandfold.
RATIO_LIMIT = 200
_SMALL_BYTES = 10 * 1024**2
_CHUNK_BYTES = 1024**2
_CLEARLY_MORE = 10
_NOTHING = b"\xef\xbb\xbf\xff\xfe \t\r\n;,\x00"


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
    if len(content) < _SMALL_BYTES and not content.strip(_NOTHING):
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


def as_utf8(content: bytes) -> tuple[bytes, str]:
    """The text in UTF-8 without a mark, and the name of the encoding it had."""
    text, encoding = _transcoded(content)
    # PostgreSQL takes no NUL, and no office means one.
    return (text.replace(b"\0", b"") if b"\0" in text else text), encoding


def _transcoded(content: bytes) -> tuple[bytes, str]:
    if content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
        if not _is_utf8(content):
            content = content.decode("utf-8", errors="replace").encode()
        return content, "utf-8-sig"
    if encoding := _sixteen_bits(content):
        return content.decode(encoding, errors="replace").encode(), encoding
    if _is_utf8(content):
        return content, "utf-8"
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    high = int((np.frombuffer(content, dtype=np.uint8) >= 0x80).sum())
    accents = (high - broken) // 2
    # A few damaged bytes do not make a file of many good accents Windows-1252.
    if accents > _CLEARLY_MORE * broken:
        return text.encode(), "utf-8"
    return content.decode("cp1252", errors="replace").encode(), "cp1252"


def _sixteen_bits(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = content[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > len(head) // 4 else ""


def _is_utf8(content: bytes) -> bool:
    """Whether it is valid, looked at in place: no copy of a large text is made."""
    offsets = pa.array([0, len(content)], pa.int64()).buffers()[1]
    buffers = [None, offsets, pa.py_buffer(content)]
    text = pa.Array.from_buffers(pa.large_binary(), 1, buffers)
    try:
        text.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True
