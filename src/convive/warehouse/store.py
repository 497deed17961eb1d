"""Immutable batches of incidents on disk, and the tables over the recorded ones."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from convive.warehouse.schema import INCIDENT_SCHEMA, PLAIN_SCHEMA
from convive.warehouse.slices import Slice, place_column, select

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import ibis.expr.types as ir
    from numpy.typing import NDArray

BATCH_SHIFT = 32
_ROWS_PER_GROUP = 128 * 1024
# Coded columns hold few values; the others would only fill a dictionary in vain.
_DICTIONARIES = [f.name for f in INCIDENT_SCHEMA if pa.types.is_dictionary(f.type)]
_ENCODINGS = {
    "row_id": "DELTA_BINARY_PACKED",
    "source_row": "DELTA_BINARY_PACKED",
    "incident_id": "DELTA_BYTE_ARRAY",
}
_KEPT_VIEWS = 64


class WarehouseError(Exception):
    """The store is not as the records say. The sentence names the batch."""


@dataclass(frozen=True)
class BatchManifest:
    """What a batch holds, beside it on disk."""

    number: int
    rows: int
    retired: int
    incidents_sha256: str
    retired_sha256: str
    retires_from: tuple[int, ...] = ()  # batches that hold the retired rows
    schema_version: int = 1


class Warehouse:
    """The incidents below one folder.

    A batch's files are written to a temporary folder, flushed to disk, and renamed in
    one step; the caller records the batch only then. A query names the batches that
    are recorded, so a folder that is not recorded never counts.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._local = threading.local()
        self._manifests: dict[int, BatchManifest] = {}

    def batch_folder(self, number: int) -> Path:
        return self.root / "incidents" / f"batch-{number:08d}"

    def write_batch(
        self, number: int, incidents: pa.Table, retired: NDArray[np.int64]
    ) -> BatchManifest:
        """Write a batch durably.

        Parameters
        ----------
        number : int
            Above zero and not used before.
        incidents : pyarrow Table
            Columns of INCIDENT_SCHEMA without `row_id`.
        retired : ndarray of int64, shape (n,)
            Rows of earlier batches that stop counting where this one counts.

        Returns
        -------
        BatchManifest

        Raises
        ------
        WarehouseError
            If the number is taken or the table's columns are others.

        Notes
        -----
        row_id = number * 2**32 + position.

        References
        ----------
        Pillai T. et al. (2014). All file systems are not created equal. OSDI, 433-448:
        why a rename is preceded by a flush and followed by one of the folder.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> warehouse = Warehouse(pathlib.Path(tempfile.mkdtemp()))
        >>> empty = INCIDENT_SCHEMA.remove(0).empty_table()
        >>> warehouse.write_batch(1, empty, np.array([], dtype=np.int64)).rows
        0
        """
        folder = self.batch_folder(number)
        if folder.exists():
            message = f"batch {number} has been written already"
            raise WarehouseError(message)
        table = _with_row_ids(number, incidents)
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = folder.with_name(f".{folder.name}.tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        rows, gone = temporary / "incidents.parquet", temporary / "retired.parquet"
        pq.write_table(
            table,
            rows,
            compression="zstd",
            compression_level=1,
            row_group_size=_ROWS_PER_GROUP,
            use_dictionary=_DICTIONARIES,
            column_encoding=_ENCODINGS,
        )
        pq.write_table(pa.table({"row_id": retired}), gone)
        manifest = BatchManifest(
            number=number,
            rows=table.num_rows,
            retired=len(retired),
            incidents_sha256=_sha256(rows),
            retired_sha256=_sha256(gone),
            retires_from=tuple(np.unique(retired >> BATCH_SHIFT).tolist()),
        )
        text = json.dumps(asdict(manifest), indent=1)
        (temporary / "manifest.json").write_text(text, encoding="utf-8")
        for path in (*temporary.iterdir(), temporary):
            _flush(path)
        temporary.rename(folder)
        _flush(folder.parent)
        return manifest

    def manifest(self, number: int) -> BatchManifest:
        path = self.batch_folder(number) / "manifest.json"
        if not path.exists():
            message = f"batch {number} is recorded but its files are missing"
            raise WarehouseError(message)
        if number not in self._manifests:  # never edited, so read once
            self._manifests[number] = self._read_manifest(path)
        return self._manifests[number]

    def _read_manifest(self, path: Path) -> BatchManifest:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return BatchManifest(**stored | {"retires_from": tuple(stored["retires_from"])})

    def sweep(self, keep: Collection[int]) -> list[int]:
        """Remove what no record names.

        Parameters
        ----------
        keep : collection of int
            Numbers of all batches that are or were recorded.

        Returns
        -------
        list of int
            Numbers of the batches removed, whole or half-written.

        Raises
        ------
        OSError
            If a folder cannot be removed.

        Notes
        -----
        Call it while no import is running.

        References
        ----------
        Pillai T. et al. (2014). All file systems are not created equal. OSDI, 433-448.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> Warehouse(pathlib.Path(tempfile.mkdtemp())).sweep([])
        []
        """
        removed = []
        for folder in sorted((self.root / "incidents").glob("*batch-*")):
            number = int(folder.name.removesuffix(".tmp").rpartition("-")[2])
            if folder.name.startswith(".") or number not in keep:
                self._manifests.pop(number, None)
                shutil.rmtree(folder)
                removed.append(number)
        return removed

    def incidents(self, batches: Collection[int]) -> ir.Table:
        """The rows that count when exactly these batches do.

        Parameters
        ----------
        batches : collection of int
            Recorded batches of the wanted vintage.

        Returns
        -------
        ibis Table
            Columns of INCIDENT_SCHEMA.

        Raises
        ------
        WarehouseError
            If the files of a batch are missing.

        Notes
        -----
        Rows of the batches minus the rows that one of them retires. Batches that lose
        no row are read straight; only the others are compared with the retired ones.

        References
        ----------
        Pillai T. et al. (2014). All file systems are not created equal. OSDI, 433-448.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> warehouse = Warehouse(pathlib.Path(tempfile.mkdtemp()))
        >>> warehouse.incidents([]).to_pyarrow().num_rows
        0
        """
        manifests = [self.manifest(number) for number in sorted(batches)]
        filled = [m.number for m in manifests if m.rows]
        if not filled:
            return ibis.memtable(PLAIN_SCHEMA.empty_table())
        return self._view(tuple(m.number for m in manifests), manifests)

    def matches(
        self, batches: Collection[int], source: str, given: pa.Table, place: str = ""
    ) -> pa.Table:
        """Which given records an office's list holds already, and whether unchanged.

        Parameters
        ----------
        batches : collection of int
            Recorded batches.
        source : str
            The office whose list it is.
        given : pyarrow Table
            incident_id and content_hash of the records at hand.
        place : str
            Only records inside it; '' is everywhere.

        Returns
        -------
        pyarrow Table
            position (in `given`), row_id and is_same of each record found.

        Raises
        ------
        WarehouseError
            If the files of a batch are missing.

        Notes
        -----
        The store is joined where it lies: memory grows with what is found.

        References
        ----------
        Pillai T. et al. (2014). All file systems are not created equal. OSDI, 433-448.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> warehouse = Warehouse(pathlib.Path(tempfile.mkdtemp()))
        >>> given = pa.table({"incident_id": ["7"], "content_hash": [1]})
        >>> warehouse.matches([], "pnc", given).num_rows
        0
        """
        live = self.incidents(batches)
        mine = live.filter(live.source == source)
        if place:
            mine = mine.filter(mine[place_column(place)] == place)
        position = pa.array(np.arange(given.num_rows))
        numbered = given.select(["incident_id", "content_hash"])
        here = ibis.memtable(numbered.append_column("position", position))
        both = mine.join(here, mine.incident_id == here.incident_id)
        return both.select(
            position=here.position,
            row_id=mine.row_id,
            is_same=mine.content_hash == here.content_hash,
        ).to_pyarrow()

    def absent(
        self, batches: Collection[int], source: str, slice_: Slice, given: pa.Table
    ) -> pa.Table:
        """Rows of an office's list, in a place and period, that the given ones lack.

        Parameters
        ----------
        batches : collection of int
            Recorded batches.
        source : str
            The office whose list it is.
        slice_ : Slice
            Where and when.
        given : pyarrow Table
            incident_id of the records at hand.

        Returns
        -------
        pyarrow Table
            row_id.

        Raises
        ------
        WarehouseError
            If the files of a batch are missing.

        Notes
        -----
        What a Replace takes out.

        References
        ----------
        Pillai T. et al. (2014). All file systems are not created equal. OSDI, 433-448.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> from datetime import date
        >>> warehouse = Warehouse(pathlib.Path(tempfile.mkdtemp()))
        >>> slice_ = Slice("sv", date(2010, 1, 1), date(2010, 1, 31))
        >>> given = pa.table({"incident_id": ["7"]})
        >>> warehouse.absent([], "pnc", slice_, given).num_rows
        0
        """
        live = self.incidents(batches)
        inside = select(live.filter(live.source == source), slice_)
        here = ibis.memtable(given.select(["incident_id"]))
        left = inside.anti_join(here, "incident_id")
        return left.select("row_id").to_pyarrow()

    def _view(
        self, numbers: tuple[int, ...], manifests: list[BatchManifest]
    ) -> ir.Table:
        """The live rows under a name of their own, made once in each thread."""
        if not hasattr(self._local, "views"):
            # DuckDB's Python connections are not for sharing between threads.
            self._local.connection = ibis.duckdb.connect()
            self._local.views = OrderedDict()
            self._local.made = 0
        views: OrderedDict[tuple[int, ...], ir.Table] = self._local.views
        if numbers not in views:
            self._local.made += 1
            name = f"live_{self._local.made}"
            rows = self._live(name, manifests)
            views[numbers] = self._local.connection.create_view(name, rows)
            if len(views) > _KEPT_VIEWS:
                self._drop(views.popitem(last=False)[1].get_name())
        views.move_to_end(numbers)
        return views[numbers]

    def _live(self, name: str, manifests: list[BatchManifest]) -> ir.Table:
        filled = [m.number for m in manifests if m.rows]
        retiring = [m.number for m in manifests if m.retired]
        losing = {number for m in manifests for number in m.retires_from}
        whole = [number for number in filled if number not in losing]
        worn = [number for number in filled if number in losing]
        if not worn:
            return self._read(whole, "incidents", f"{name}_whole")
        retired = self._read(retiring, "retired", f"{name}_retired")
        left = self._read(worn, "incidents", f"{name}_worn")
        left = left.anti_join(retired, "row_id")
        if not whole:
            return left
        return self._read(whole, "incidents", f"{name}_whole").union(left)

    def _read(self, numbers: list[int], part: str, name: str) -> ir.Table:
        paths = [str(self.batch_folder(n) / f"{part}.parquet") for n in numbers]
        return self._local.connection.read_parquet(paths, table_name=name)

    def _drop(self, name: str) -> None:
        for part in ("", "_whole", "_worn", "_retired"):
            self._local.connection.drop_view(f"{name}{part}", force=True)


def _with_row_ids(number: int, incidents: pa.Table) -> pa.Table:
    wanted = INCIDENT_SCHEMA.names[1:]
    if set(incidents.column_names) != set(wanted):
        odd = set(incidents.column_names) ^ set(wanted)
        message = f"the columns of batch {number} differ: {', '.join(sorted(odd))}"
        raise WarehouseError(message)
    row_id = (number << BATCH_SHIFT) + np.arange(incidents.num_rows, dtype=np.int64)
    columns = [pa.array(row_id), *(incidents[name] for name in wanted)]
    return pa.table(columns, names=INCIDENT_SCHEMA.names).cast(INCIDENT_SCHEMA)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
