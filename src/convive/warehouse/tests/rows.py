"""Incident rows for tests, given only what matters to each."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from convive.warehouse import INCIDENT_SCHEMA

USUAL = {
    "source": "pnc",
    "content_hash": 1,
    "occurred_on": date(2010, 1, 15),
    "iccs": "0101",
    "offence_text": "Homicidio",
    "victim_sex": "male",
    "age_group": "20-24",
    "mechanism": "firearm",
    "relationship": "unknown",
    "precision": "coordinates",
    "longitude": -89.72,
    "latitude": 13.72,
    "country": "sv",
    "department": "sv/sonsonate",
    "municipality": "sv/sonsonate/sonsonate",
    "source_row": 1,
}
_SCHEMA = pa.schema([field for field in INCIDENT_SCHEMA if field.name != "row_id"])


def incident_rows(*given: dict[str, object]) -> pa.Table:
    rows = [USUAL | {"incident_id": str(i)} | row for i, row in enumerate(given)]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)
