"""The incidents room's door to the warehouse."""

from __future__ import annotations

import fcntl
import functools
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import models

from convive.incidents.models import Batch, ImportMode, Nature
from convive.warehouse import Slice, Warehouse
from convive.warehouse.slices import place_column
from convive.warehouse.store import BATCH_SHIFT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    import ibis.expr.types as ir
    from numpy.typing import NDArray


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def warehouse() -> Warehouse:
    return _warehouse(settings.WAREHOUSE_ROOT)


@functools.lru_cache(maxsize=4)
def _warehouse(root: Path) -> Warehouse:
    return Warehouse(root)


@contextmanager
def exclusive() -> Iterator[None]:
    """Let one import at a time change the store; a crash releases the lock."""
    settings.WAREHOUSE_ROOT.mkdir(parents=True, exist_ok=True)
    with (settings.WAREHOUSE_ROOT / "import.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def incidents_known_on(as_of: datetime | None = None) -> ir.Table:
    numbers = Batch.objects.known_on(as_of).values_list("number", flat=True)
    return warehouse().incidents(list(numbers))


@dataclass(frozen=True)
class Difference:
    """What a checked file would change: rows to write, and rows that stop counting."""

    new: int
    changed: int
    unchanged: int
    rows: pa.Table
    retired: NDArray[np.int64]

    @property
    def removed(self) -> int:
        return len(self.retired) - self.changed

    @property
    def is_empty(self) -> bool:
        return not self.rows.num_rows and not len(self.retired)


def _own_place(place_path: str) -> str:
    """The place itself; of a zone, its municipality."""
    return "/".join(place_path.split("/")[:3])


def difference(
    accepted: pa.Table, place_path: str, source: str, mode: str
) -> Difference:
    """Compare with what the office's list held until now."""
    numbers = list(Batch.objects.recorded().values_list("number", flat=True))
    # Each municipality's police may count its cases from 1: a number is known again
    # only within the place that the file is about.
    found = warehouse().matches(numbers, source, accepted, _own_place(place_path))
    position, row_id = (found[name].to_numpy() for name in ("position", "row_id"))
    is_same = found["is_same"].to_numpy()
    is_new = np.ones(accepted.num_rows, dtype=bool)
    is_new[position] = False
    write = is_new.copy()
    write[position[~is_same]] = True
    retired = row_id[~is_same]
    if mode == ImportMode.REPLACE and accepted.num_rows:
        absent = _absent(numbers, accepted, place_path, source)
        retired = np.concatenate([retired, absent])
    return Difference(
        new=int(is_new.sum()),
        changed=int((~is_same).sum()),
        unchanged=int(is_same.sum()),
        rows=accepted if write.all() else accepted.filter(pa.array(write)),
        retired=retired.astype(np.int64),
    )


def _absent(
    numbers: list[int], accepted: pa.Table, place_path: str, source: str
) -> NDArray[np.int64]:
    """Live rows of the place, in the file's span of days, that the file leaves out."""
    span = pc.min_max(accepted["occurred_on"]).as_py()
    slice_ = Slice(_own_place(place_path), span["min"], span["max"])
    rows: NDArray[np.int64] = (
        warehouse().absent(numbers, source, slice_, accepted)["row_id"].to_numpy()
    )
    return rows


@dataclass(frozen=True)
class Coverage:
    """Whether the batches claim to hold every incident of a question."""

    is_complete: bool
    months_missing: tuple[date, ...]
    provisional_from: date | None
    natures: frozenset[str]
    notes: tuple[str, ...]

    @property
    def is_simulated(self) -> bool:
        return Nature.SIMULATED in self.natures


def batches_behind(slice_: Slice, as_of: datetime | None = None) -> list[Batch]:
    """Batches whose claims of completeness touch the question."""
    known = Batch.objects.known_on(as_of).select_related("crosswalk").order_by("number")
    return [batch for batch in known if _touches(batch, slice_)]


def _touches(batch: Batch, slice_: Slice) -> bool:
    claim, asked = batch.place_path, slice_.place
    related = (
        asked == claim or asked.startswith(f"{claim}/") or claim.startswith(f"{asked}/")
    )
    if slice_.sources and batch.source not in slice_.sources:
        return False
    if batch.covers_from is None or batch.covers_until is None:
        return related
    in_time = batch.covers_from <= slice_.until and batch.covers_until >= slice_.since
    return related and in_time


def coverage(slice_: Slice, as_of: datetime | None = None) -> Coverage:
    """A month counts as known when claims cover all of it for all of the codes."""
    behind = batches_behind(slice_, as_of)
    holding = [batch for batch in behind if _holds(batch, slice_)]
    missing = tuple(
        month
        for month in months_between(slice_.since, slice_.until)
        if not any(_covers_month(batch, month) for batch in holding)
    )
    provisional = [b.provisional_from for b in holding if b.provisional_from]
    return Coverage(
        is_complete=not missing,
        months_missing=missing,
        provisional_from=min(provisional, default=None),
        natures=frozenset(batch.nature for batch in holding),
        notes=tuple(dict.fromkeys(b.note_text for b in holding if b.note)),
    )


def _holds(batch: Batch, slice_: Slice) -> bool:
    claim = batch.place_path
    inside = slice_.place == claim or slice_.place.startswith(f"{claim}/")
    codes: Iterable[str] = batch.covers_iccs or [""]
    asked = slice_.iccs or ("",)
    return inside and all(any(a.startswith(code) for code in codes) for a in asked)


def _covers_month(batch: Batch, month: date) -> bool:
    if batch.covers_from is None or batch.covers_until is None:
        return False
    following = next_month(month)
    is_begun = batch.covers_from <= month
    return (
        is_begun and (batch.covers_until - month).days >= (following - month).days - 1
    )


def months_between(since: date, until: date) -> list[date]:
    months, month = [], since.replace(day=1)
    while month <= until:
        months.append(month)
        month = next_month(month)
    return months


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def live_rows(row_ids: NDArray[np.int64], source: str) -> list[dict[str, Any]]:
    """A few live records by the warehouse's numbers."""
    if not len(row_ids):
        return []
    wanted = _live(source).filter(lambda row: row.row_id.isin(row_ids.tolist()))
    rows: list[dict[str, Any]] = wanted.to_pyarrow().to_pylist()
    return rows


def earlier_rows(
    row_ids: NDArray[np.int64], source: str, numbers: list[str]
) -> dict[str, dict[str, Any]]:
    """Of many live records those with a few of the office's numbers, by number."""
    wanted = ibis.memtable(pa.table({"row_id": row_ids}))
    live = _live(source).filter(lambda row: row.incident_id.isin(numbers))
    rows = live.semi_join(wanted, "row_id").to_pyarrow().to_pylist()
    return {row["incident_id"]: row for row in rows}


def live_numbers(row_ids: NDArray[np.int64], source: str) -> pa.Array:
    """The office's own numbers of live records, however many."""
    wanted = ibis.memtable(pa.table({"row_id": row_ids}))
    found = _live(source).semi_join(wanted, "row_id").select("incident_id")
    return found.to_pyarrow()["incident_id"].combine_chunks()


def _live(source: str) -> ir.Table:
    live = incidents_known_on()
    return live.filter(live.source == source)


def batches_built_on(undone: list[Batch]) -> list[int]:
    """Later batches that took records of these out, to change or replace them."""
    numbers = [batch.number for batch in undone]
    later = Batch.objects.recorded().filter(
        models.Q(changed__gt=0) | models.Q(removed__gt=0),
        number__gt=min(numbers),
        source__in={batch.source for batch in undone},
    )
    return [
        number
        for number in later.order_by("number").values_list("number", flat=True)
        if number not in numbers and _retires(number, numbers)
    ]


def _retires(number: int, numbers: list[int]) -> bool:
    path = warehouse().batch_folder(number) / "retired.parquet"
    batches = pq.read_table(path)["row_id"].to_numpy() >> BATCH_SHIFT
    return bool(np.isin(batches, numbers).any())


def identities_now(source: str, place_path: str) -> pl.DataFrame:
    """Live records of an office in a place: number, content and row."""
    live = incidents_known_on()
    municipality = "/".join(place_path.split("/")[:3])
    mine = (live.source == source) & (live[place_column(municipality)] == municipality)
    columns = ("incident_id", "content_hash", "row_id")
    return pl.DataFrame(live.filter(mine).select(*columns).to_pyarrow())
