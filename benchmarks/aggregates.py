"""The observatory's counts over 10,000,000 incidents, beside the bare DuckDB query.

python benchmarks/aggregates.py [ROWS]

Ours goes through the warehouse: recorded batches only, retired rows left out. The peer
asks DuckDB for the same files with the same predicates and knows nothing of retired
rows, so that its counts are slightly too high. Rates with exact intervals are in
benchmarks/rates.py.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa

from convive.warehouse import INCIDENT_SCHEMA, Slice, Warehouse, count_by
from convive.warehouse.schema import AGE_GROUPS, Mechanism, Relationship, Sex

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
YEARS = range(2010, 2020)
BATCHES_A_YEAR = 2
RETIRED_SHARE, RETIRING_BATCHES = 0.01, 3
RUNS = 7
TARGET = 1.5
CODES = ["0101", "0102", "020111", "020112", "0301", "0401", "0402", "0501", "0502",
         "050211", "0701", "0901"]  # fmt: skip
MUNICIPALITIES = [f"sv/departamento-{i % 14}/municipio-{i}" for i in range(262)]

QUESTIONS = {
    "municipality, month, ICCS division": (
        ["municipality", "month", "iccs_division"],
        "municipality, date_trunc('month', occurred_on), "
        "case when iccs = 'unclassified' then iccs else iccs[:4] end",
    ),
    "weekday, hour": (
        ["weekday", "hour"],
        "isodow(occurred_on), occurred_minute // 60",
    ),
    "sex, age": (["victim_sex", "age_group"], "victim_sex, age_group"),
}


def coded(rng: np.random.Generator, words: list[str], size: int) -> pa.Array:
    indices = rng.integers(0, len(words), size, dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(words))


def constant(word: str | None, size: int) -> pa.Array:
    return pa.array([word]).dictionary_encode().take(pa.array(np.zeros(size, np.int32)))


def batch_rows(rng: np.random.Generator, year: int, first: int, size: int) -> pa.Table:
    """Half a year of one office's list, in the order of its days."""
    half = np.datetime64(f"{year}-{1 + 6 * (first % 2):02}-01")
    days = np.sort(rng.integers(0, 181, size))
    where = rng.integers(0, len(MUNICIPALITIES), size, dtype=np.int32)
    departments = [path.rpartition("/")[0] for path in MUNICIPALITIES]
    columns = {
        "source": constant("pnc", size),
        "incident_id": pa.array(np.arange(size) + first * 10_000_000).cast(pa.string()),
        "event_id": pa.nulls(size, pa.string()),
        "content_hash": pa.array(rng.integers(-(2**62), 2**62, size)),
        "occurred_on": pa.array(half + days),
        "occurred_minute": pa.array(rng.integers(0, 1_440, size, dtype=np.int16)),
        "iccs": coded(rng, CODES, size),
        "offence_text": coded(rng, [f"delito {i}" for i in range(40)], size),
        "victim_sex": coded(rng, [*Sex], size),
        "victim_age": pa.array(rng.integers(0, 90, size, dtype=np.int16)),
        "age_group": coded(rng, list(AGE_GROUPS), size),
        "mechanism": coded(rng, [*Mechanism], size),
        "relationship": coded(rng, [*Relationship], size),
        "longitude": pa.array(rng.uniform(-90.2, -87.6, size).round(6)),
        "latitude": pa.array(rng.uniform(13.1, 14.5, size).round(6)),
        "precision": constant("coordinates", size),
        "location_text": pa.nulls(size, pa.string()),
        "country": constant("sv", size),
        "department": pa.DictionaryArray.from_arrays(
            pa.array(where % 14), pa.array(departments[:14])
        ),
        "municipality": pa.DictionaryArray.from_arrays(
            pa.array(where), pa.array(MUNICIPALITIES)
        ),
        "zone": pa.nulls(size, INCIDENT_SCHEMA.field("zone").type),
        "source_row": pa.array(np.arange(size, dtype=np.int32)),
    }
    return pa.table(columns, schema=INCIDENT_SCHEMA.remove(0))


def fill(warehouse: Warehouse) -> list[int]:
    """Batches of half a year; the last three correct rows of three earlier ones."""
    rng = np.random.default_rng(2005)
    count = len(YEARS) * BATCHES_A_YEAR
    size = ROWS // count
    for number in range(1, count + 1):
        retired = np.array([], dtype=np.int64)
        if number > count - RETIRING_BATCHES:
            rows = rng.choice(size, int(size * RETIRED_SHARE), replace=False)
            retired = ((number - 10) << 32) + np.sort(rows).astype(np.int64)
        year = YEARS[(number - 1) // BATCHES_A_YEAR]
        warehouse.write_batch(number, batch_rows(rng, year, number, size), retired)
    return list(range(1, count + 1))


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="convive-benchmark-") as folder:
        compare(Warehouse(Path(folder)))


def compare(warehouse: Warehouse) -> None:
    took = perf_counter()
    batches = fill(warehouse)
    print(f"{ROWS:,} incidents in {len(batches)} batches; "
          f"written in {perf_counter() - took:.0f} s")  # fmt: skip
    peer = duckdb.connect()
    files = [str(warehouse.batch_folder(n) / "incidents.parquet") for n in batches]
    whole = Slice("sv", date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31))
    worst = 0.0
    for name, (dimensions, sql) in QUESTIONS.items():
        query = (
            f"select {sql}, count(*) from read_parquet(?) where country = 'sv' and "
            f"occurred_on between ? and ? group by all order by all"
        )
        given = [files, whole.since, whole.until]
        ours, theirs = [], []
        for _ in range(RUNS):
            ours.append(
                seconds(
                    lambda by=dimensions: count_by(
                        warehouse.incidents(batches), whole, by
                    )
                )
            )
            theirs.append(
                seconds(lambda q=query, p=given: peer.sql(q, params=p).to_arrow_table())
            )
        mine, other = median(ours[1:]), median(theirs[1:])
        worst = max(worst, mine / other)
        print(f"by {name}: convive {mine:.3f} s; DuckDB {other:.3f} s; "
              f"ratio {mine / other:.2f}")  # fmt: skip
    print(f"worst ratio {worst:.2f}; target at most {TARGET}")


if __name__ == "__main__":
    main()
