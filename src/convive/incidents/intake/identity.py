"""Stable numbers of what a row says, so that a second import knows it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from convive.incidents.intake.coded import Coded

Hashes = NDArray[np.uint64]
Column = Coded | pl.Series

# Every accepted column but the number of the record and of its row.
HASHED = (
    "occurred_on", "occurred_minute", "iccs", "offence_text", "victim_sex",
    "victim_age", "mechanism", "relationship", "longitude", "latitude", "precision",
    "location_text", "municipality",
)  # fmt: skip
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_HEX = np.frombuffer(
    "".join(f"{byte:02x}" for byte in range(256)).encode(), dtype=np.uint16
)
# Rows hashed together stay in the processor's cache.
_CHUNK_ROWS = 32 * 1024


def content_hash(rows: Mapping[str, Column]) -> Hashes:
    """64 bits of each row's content, the same in every version of every library.

    With mix() the SplitMix64 finaliser of Steele, Lea and Flood (2014), the hash h of
    a row is built over HASHED in its order: h = 0; then for each column
    h = mix(h * 0x9E3779B97F4A7C15 + c), modulo 2**64, where c is

    - of a text: the first 8 bytes of its BLAKE2b digest (UTF-8, digest_size=8), little
      endian; 0 where there is none;
    - of a whole number or a day (days since 1970-01-01): mix of it as a 64-bit two's
      complement; a missing one counts as -2**63;
    - of a coordinate: the same of its ten-millionths of a degree, about a centimetre.
    """
    columns = [_column(rows[name]) for name in HASHED]
    total = np.zeros(len(columns[0]), dtype=np.uint64)
    for start in range(0, len(total), _CHUNK_ROWS):
        part = total[start : start + _CHUNK_ROWS]
        for column in columns:
            part *= _GOLDEN
            part += column[start : start + _CHUNK_ROWS]
            _mix(part)
    return total


def derived_ids(hashes: Hashes) -> pl.Series:
    """Numbers for records that their office left without one.

    Rows that say the same are told apart by how often it was said before.
    """
    big_endian = np.ascontiguousarray(hashes.astype(">u8"))
    digits = pa.py_buffer(_HEX[big_endian.view(np.uint8)])
    fixed = pa.Array.from_buffers(pa.binary(16), len(hashes), [None, digits])
    texts = pl.Series(fixed.cast(pa.binary()).cast(pa.string()), dtype=pl.String)
    frame = pl.DataFrame({"hash": hashes})
    again = frame.select(pl.int_range(pl.len()).over("hash")).to_series()
    return texts + "-" + again.cast(pl.String)


def _column(values: Column) -> Hashes:
    if isinstance(values, Coded):
        return values.numbers(_text)
    if values.dtype == pl.String:
        return Coded.of(values).numbers(_text)
    if values.dtype == pl.Date:
        values = values.cast(pl.Int32)
    if values.dtype.is_float():
        # Seven decimals of a degree are a centimetre.
        values = (values * 1e7).round()
    numbers = values.cast(pl.Int64).fill_null(np.iinfo(np.int64).min)
    mixed = numbers.to_numpy(writable=True).view(np.uint64)
    for start in range(0, len(mixed), _CHUNK_ROWS):
        _mix(mixed[start : start + _CHUNK_ROWS])
    return mixed


def _text(text: str | None) -> int:
    if text is None:
        return 0
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mix(value: Hashes) -> None:
    """Mix in place."""
    value ^= value >> np.uint64(30)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    value ^= value >> np.uint64(31)
