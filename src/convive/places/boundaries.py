"""Outlines out of GeoJSON or a zipped shapefile, in WGS 84 and valid."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from django.utils.translation import gettext as _
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

if TYPE_CHECKING:
    from pathlib import Path

UNPACKED_LIMIT_BYTES = 400 * 1024**2
_DRAWING_TOLERANCE = 0.0008  # degrees, some 90 m
_DRAWING_DECIMALS = 0.0001


class BoundaryError(Exception):
    """The file cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Outline:
    properties: dict[str, Any]
    shape: shapely.Geometry

    @property
    def drawing(self) -> dict[str, Any]:
        thin = shapely.simplify(self.shape, _DRAWING_TOLERANCE)
        round_ = shapely.set_precision(thin, _DRAWING_DECIMALS)
        drawn = self.shape if round_.is_empty else round_
        geojson: dict[str, Any] = json.loads(shapely.to_geojson(drawn))
        return geojson


def read_outlines(path: Path) -> list[Outline]:
    is_zip = zipfile.is_zipfile(path)
    found = _shapefile(path) if is_zip else _geojson(path)
    if not found:
        raise BoundaryError(_("The file holds no outline."))
    return found


def _geojson(path: Path) -> list[Outline]:
    import gzip

    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    try:
        features = json.loads(content)["features"]
        return [_outline(f["properties"] or {}, f["geometry"]) for f in features]
    except (ValueError, KeyError, TypeError, shapely.errors.GEOSException) as error:
        raise BoundaryError(
            _("The file is not a GeoJSON collection of outlines.")
        ) from error


def _outline(properties: dict[str, Any], geometry: dict[str, Any]) -> Outline:
    return Outline(properties, _valid(shapely.from_geojson(json.dumps(geometry))))


def _valid(shape: shapely.Geometry) -> shapely.Geometry:
    """Mended where lines cross, and only its areas."""
    mended = shapely.make_valid(shape) if not shapely.is_valid(shape) else shape
    parts = [p for p in shapely.get_parts(mended) if p.geom_type == "Polygon"]
    if not parts:
        raise BoundaryError(_("An outline in the file is not an area."))
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]


def _shapefile(path: Path) -> list[Outline]:
    import shapefile

    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > UNPACKED_LIMIT_BYTES:
            raise BoundaryError(_("The file unpacks to more than is safe."))
        parts = {
            member.filename.rpartition(".")[2].lower(): member
            for member in members
            if not member.filename.startswith("__MACOSX")
        }
        missing = {"shp", "dbf", "shx"} - parts.keys()
        if missing:
            raise BoundaryError(
                _("The zipped shapefile lacks its parts: %(missing)s.")
                % {"missing": ", ".join(sorted(missing))}
            )
        opened = {
            kind: io.BytesIO(archive.read(parts[kind]))
            for kind in ("shp", "dbf", "shx")
        }
        projection = archive.read(parts["prj"]).decode() if "prj" in parts else ""
    reader = shapefile.Reader(**opened, encoding="utf-8", encodingErrors="replace")
    to_degrees = _to_degrees(projection)
    return [
        Outline(
            item.record.as_dict(),
            _valid(
                shapely.transform(
                    shapely.geometry.shape(item.shape.__geo_interface__),
                    to_degrees,
                    interleaved=False,
                )
            ),
        )
        for item in reader.iterShapeRecords()
    ]


def _to_degrees(projection: str) -> Any:  # noqa: ANN401 - a callable of pyproj
    if not projection:
        return lambda x, y: (x, y)
    try:
        system = CRS.from_wkt(projection)
    except CRSError as error:
        raise BoundaryError(_("The projection of the shapefile is unknown.")) from error
    return Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform
