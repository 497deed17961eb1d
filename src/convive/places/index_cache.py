"""The index over a country's boundaries, built once and kept in the data folder."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np
import shapely
from django.conf import settings

from convive.stats import PolygonIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Changes with the index's arrays, so that a new version does not read old files.
_LAYOUT = b"1"


def polygon_index(boundaries: Sequence[bytes]) -> PolygonIndex:
    """Read the index of exactly these boundaries, or build and keep it."""
    digest = hashlib.sha256(_LAYOUT)
    for boundary in boundaries:
        digest.update(len(boundary).to_bytes(8, "little") + boundary)
    path = settings.HOME / "cache" / f"boundaries-{digest.hexdigest()}.npz"
    if path.exists():
        try:
            return _read(path, boundaries)
        except (OSError, ValueError, KeyError, BadZipFile):
            path.unlink(missing_ok=True)  # damaged: it is made again below
    index = PolygonIndex.from_wkb(boundaries)
    _keep(path, index)
    return index


def _read(path: Path, boundaries: Sequence[bytes]) -> PolygonIndex:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        west, south, width, height = kept["frame"].tolist()
        return PolygonIndex(
            polygons=shapely.from_wkb(np.array(list(boundaries), dtype=object)),
            origin=(west, south),
            cell=(width, height),
            edges=kept["edges"],
            cell_value=kept["cell_value"],
            candidates=(kept["candidates_0"], kept["candidates_1"]),
            rows=(kept["rows_0"], kept["rows_1"]),
        )


def _keep(path: Path, index: PolygonIndex) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    np.savez(
        temporary,
        frame=np.array([*index.origin, *index.cell]),
        edges=index.edges,
        cell_value=index.cell_value,
        candidates_0=index.candidates[0],
        candidates_1=index.candidates[1],
        rows_0=index.rows[0],
        rows_1=index.rows[1],
    )
    temporary.replace(path)
