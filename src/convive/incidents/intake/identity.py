"""Stable numbers of what a row says, so that a second import knows it again."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

# Every accepted column but the number of the record and of its row.
HASHED = (
    "occurred_on", "occurred_minute", "iccs", "offence_text", "victim_sex",
    "victim_age", "mechanism", "relationship", "longitude", "latitude", "precision",
    "location_text", "municipality",
)  # fmt: skip


def content_hash(rows: pl.DataFrame) -> Hashes:
    """64 bits of each row's content, the same in every version of every library.

    Texts go through BLAKE2b, numbers through the SplitMix64 finaliser of Steele,
    Lea and Flood (2014); columns are combined in their order.
    """
    total = np.zeros(rows.height, dtype=np.uint64)
    for name in HASHED:
        total = _mix(total * np.uint64(0x9E3779B97F4A7C15) + _column(rows[name]))
    return total


def derived_ids(hashes: Hashes) -> pl.Series:
    """Numbers for records that their office left without one.

    Rows that say the same are told apart by how often it was said before.
    """
    frame = pl.DataFrame({"hash": hashes})
    again = frame.select(pl.int_range(pl.len()).over("hash")).to_series()
    texts = [f"{value:016x}" for value in hashes.tolist()]
    return pl.Series(texts) + "-" + again.cast(pl.String)


def _column(values: pl.Series) -> Hashes:
    if values.dtype in (pl.String, pl.Categorical):
        return _texts(values.cast(pl.String))
    if values.dtype == pl.Date:
        values = values.cast(pl.Int32)
    if values.dtype.is_float():
        # Seven decimals of a degree are a centimetre.
        values = (values * 1e7).round()
    numbers = values.cast(pl.Int64).fill_null(np.iinfo(np.int64).min).to_numpy()
    return _mix(numbers.view(np.uint64))


def _texts(values: pl.Series) -> Hashes:
    distinct = values.unique()
    known = {text: _text(text) for text in distinct.to_list()}
    table = pl.DataFrame(
        {"text": list(known), "hash": list(known.values())},
        schema={"text": pl.String, "hash": pl.UInt64},
    )
    joined = values.to_frame("text").join(
        table, on="text", how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["hash"].to_numpy()


def _text(text: str | None) -> int:
    if text is None:
        return 0
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mix(value: Hashes) -> Hashes:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = value ^ (value >> np.uint64(31))
    return mixed
