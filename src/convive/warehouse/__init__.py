"""The incident warehouse: immutable Parquet batches, asked through Ibis. No Django."""

from convive.warehouse.schema import INCIDENT_SCHEMA, UNCLASSIFIED
from convive.warehouse.slices import Slice, count_by, points_in, records
from convive.warehouse.store import BatchManifest, Warehouse, WarehouseError

__all__ = [
    "INCIDENT_SCHEMA",
    "UNCLASSIFIED",
    "BatchManifest",
    "Slice",
    "Warehouse",
    "WarehouseError",
    "count_by",
    "points_in",
    "records",
]
