"""Immutable batches of incidents on disk, and the tables over the recorded ones."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from convive.warehouse.schema import INCIDENT_SCHEMA, PLAIN_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import ibis.expr.types as ir
    from numpy.typing import NDArray

BATCH_SHIFT = 32
_ROWS_PER_GROUP = 128 * 1024
_IDENTITY = (
    "incident_id",
    "content_hash",
    "row_id",
    "occurred_on",
    "iccs",
    "country",
    "department",
    "municipality",
)


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
        pq.write_table(table, rows, compression="zstd", row_group_size=_ROWS_PER_GROUP)
        pq.write_table(pa.table({"row_id": retired}), gone)
        manifest = BatchManifest(
            number, table.num_rows, len(retired), _sha256(rows), _sha256(gone)
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
        return BatchManifest(**json.loads(path.read_text(encoding="utf-8")))

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
        Rows of the batches minus the rows that one of them retires.

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
        rows = self._read("incidents.parquet", filled)
        retiring = [m.number for m in manifests if m.retired]
        if not retiring:
            return rows
        return rows.anti_join(self._read("retired.parquet", retiring), "row_id")

    def identities(self, batches: Collection[int], source: str) -> pa.Table:
        """What is needed to tell new, changed and unchanged records of an office apart.

        Parameters
        ----------
        batches : collection of int
            Recorded batches.
        source : str
            The office whose list it is.

        Returns
        -------
        pyarrow Table
            incident_id, content_hash, row_id, occurred_on, iccs and places.

        Raises
        ------
        WarehouseError
            If the files of a batch are missing.

        Notes
        -----
        One row a live record.

        References
        ----------
        Pillai T. et al. (2014). All file systems are not created equal. OSDI, 433-448.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> warehouse = Warehouse(pathlib.Path(tempfile.mkdtemp()))
        >>> warehouse.identities([], "pnc").num_rows
        0
        """
        live = self.incidents(batches)
        return live.filter(live.source == source).select(*_IDENTITY).to_pyarrow()

    def _read(self, file_name: str, numbers: Collection[int]) -> ir.Table:
        paths = [str(self.batch_folder(number) / file_name) for number in numbers]
        return self._connection().read_parquet(paths)

    def _connection(self) -> ibis.BaseBackend:
        # DuckDB's Python connections are not for sharing between threads.
        if not hasattr(self._local, "connection"):
            self._local.connection = ibis.duckdb.connect()
        connection: ibis.BaseBackend = self._local.connection
        return connection


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
