"""The incident warehouse: immutable Parquet batches, asked through Ibis. No Django."""

from convive.warehouse.points import (
    Box,
    Exclusion,
    grid_counts,
    points_in_box,
    precision_counts,
)
from convive.warehouse.schema import INCIDENT_SCHEMA, UNCLASSIFIED
from convive.warehouse.slices import Slice, count_by, points_in, records
from convive.warehouse.store import BatchManifest, Warehouse, WarehouseError

__all__ = [
    "INCIDENT_SCHEMA",
    "UNCLASSIFIED",
    "BatchManifest",
    "Box",
    "Exclusion",
    "Slice",
    "Warehouse",
    "WarehouseError",
    "count_by",
    "grid_counts",
    "points_in",
    "points_in_box",
    "precision_counts",
    "records",
]
