"""Outlines out of GeoJSON or a zipped shapefile, in WGS 84 and valid."""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from django.utils.translation import gettext as _
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

UNPACKED_LIMIT_BYTES = 400 * 1024**2
OUTLINES_LIMIT = 20_000
_DRAWING_TOLERANCE = 0.0008  # degrees, some 90 m
_DRAWING_DECIMALS = 0.0001
_WGS84 = ("EPSG:4326", "OGC:CRS84")
_BROKEN = (zlib.error, EOFError, OSError)


class BoundaryError(Exception):
    """The file cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Outline:
    number: int  # its place in the file, from 1
    properties: dict[str, Any]
    shape: shapely.Geometry
    is_mended: bool = False  # its line crossed itself

    @property
    def drawing(self) -> dict[str, Any]:
        thin = shapely.simplify(self.shape, _DRAWING_TOLERANCE)
        round_ = shapely.set_precision(thin, _DRAWING_DECIMALS)
        drawn = self.shape if round_.is_empty else round_
        geojson: dict[str, Any] = json.loads(shapely.to_geojson(drawn))
        return geojson


def read_outlines(path: Path) -> list[Outline]:
    """Every outline of the file, or a `BoundaryError` naming the one at fault."""
    from convive.places.shapefiles import read_zip

    is_zip = zipfile.is_zipfile(path)
    found = read_zip(path) if is_zip else from_geojson(unpacked(path))
    if not found:
        raise BoundaryError(_("The file holds no outline."))
    return found


def unpacked(path: Path) -> bytes:
    """The content, opened if it is gzip, never beyond what is safe to hold."""
    if path.stat().st_size > UNPACKED_LIMIT_BYTES:
        raise BoundaryError(too_large())
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path.read_bytes()
    try:
        with gzip.open(path) as file:
            content = file.read(UNPACKED_LIMIT_BYTES + 1)
    except _BROKEN as error:
        raise BoundaryError(_("The compressed file is damaged.")) from error
    if len(content) > UNPACKED_LIMIT_BYTES:
        raise BoundaryError(too_large())
    return content


def too_large() -> str:
    megabytes = UNPACKED_LIMIT_BYTES // 1024**2
    return _(
        "The file unpacks to more than %(limit)s MB, which is more than is safe. "
        "Simplify the outlines or send them in parts."
    ) % {"limit": megabytes}


def from_geojson(content: bytes) -> list[Outline]:
    document = _document(content)
    features = _features(document)
    if len(features) > OUTLINES_LIMIT:
        raise BoundaryError(
            _("The file holds %(count)s outlines; at most %(limit)s are read at once.")
            % {"count": len(features), "limit": OUTLINES_LIMIT}
        )
    to_degrees = _projection_named(document)
    return [
        _feature(number, feature, to_degrees)
        for number, feature in enumerate(features, start=1)
    ]


def _document(content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BoundaryError(
            _("The file is neither GeoJSON nor a zipped shapefile. Save it as GeoJSON, "
              "or put the .shp, .shx, .dbf and .prj into one .zip.")
        ) from error  # fmt: skip
    if not isinstance(document, dict):
        raise BoundaryError(_("The file is not a GeoJSON collection of outlines."))
    return document


def _features(document: dict[str, Any]) -> list[Any]:
    """Features of a collection; a single feature or geometry is a collection of one."""
    kind = document.get("type")
    if kind == "Topology":
        raise BoundaryError(_("The file is TopoJSON. Save it as GeoJSON."))
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return list(document["features"])
    if kind == "Feature":
        return [document]
    if kind == "GeometryCollection" and isinstance(document.get("geometries"), list):
        return [{"geometry": geometry} for geometry in document["geometries"]]
    if kind in {"Polygon", "MultiPolygon"}:
        return [{"geometry": document}]
    raise BoundaryError(_("The file is not a GeoJSON collection of outlines."))


def _projection_named(document: dict[str, Any]) -> Callable[..., Any] | None:
    """GeoJSON before 2016 could name its reference system; many offices still do."""
    try:
        name = str(document["crs"]["properties"]["name"])
    except (KeyError, TypeError):
        return None
    try:
        return projection(CRS.from_user_input(name))
    except CRSError as error:
        raise BoundaryError(
            _("The file names the reference system “%(name)s”, which is unknown. Save "
              "it in WGS 84 (EPSG:4326).")
            % {"name": name}
        ) from error  # fmt: skip


def projection(system: CRS) -> Callable[..., Any] | None:
    """What turns x and y of a reference system into degrees; None if they are."""
    if any(system.equals(CRS(known), ignore_axis_order=True) for known in _WGS84):
        return None
    transform: Callable[..., Any] = Transformer.from_crs(
        system, "EPSG:4326", always_xy=True
    ).transform
    return transform


def _feature(
    number: int,
    feature: Any,  # noqa: ANN401 - read from a file
    to_degrees: Callable[..., Any] | None,
) -> Outline:
    if not isinstance(feature, dict):
        raise BoundaryError(_not_an_outline(number))
    properties = feature.get("properties")
    geometry = feature.get("geometry")
    if not geometry:
        raise BoundaryError(_("Outline %(number)s is empty.") % {"number": number})
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, ValueError, RecursionError) as error:
        raise BoundaryError(_not_an_outline(number)) from error
    known = properties if isinstance(properties, dict) else {}
    return outline(number, known, shape, to_degrees)


def _not_an_outline(number: int) -> str:
    return _("Outline %(number)s cannot be read: its geometry is not GeoJSON.") % {
        "number": number
    }


def outline(
    number: int,
    properties: dict[str, Any],
    shape: shapely.Geometry,
    to_degrees: Callable[..., Any] | None,
) -> Outline:
    """An outline in degrees, mended where its line crosses itself; areas only."""
    if shape is None or shape.is_empty:
        raise BoundaryError(_("Outline %(number)s is empty.") % {"number": number})
    flat = shapely.force_2d(shape)
    if to_degrees is not None:
        flat = shapely.transform(flat, to_degrees, interleaved=False)
    _check_degrees(number, flat)
    is_valid = bool(shapely.is_valid(flat))
    mended = flat if is_valid else shapely.make_valid(flat)
    parts = _areas(mended)
    if not parts:
        raise BoundaryError(
            _("Outline %(number)s is not an area (a polygon) but: %(kind)s.")
            % {"number": number, "kind": shape.geom_type}
        )
    whole = shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]
    return Outline(number, properties, whole, is_mended=not is_valid)


def _areas(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Polygons of a geometry, also those inside a collection of collections."""
    found: list[shapely.Geometry] = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and part.area > 0:
            found.append(part)
        elif part.geom_type in {"MultiPolygon", "GeometryCollection"}:
            found += _areas(part)
    return found


def _check_degrees(number: int, shape: shapely.Geometry) -> None:
    points = shapely.get_coordinates(shape)
    x, y = points[0]
    is_finite = bool(abs(points).max() < float("inf"))
    if is_finite and abs(points[:, 0]).max() <= 180 and abs(points[:, 1]).max() <= 90:
        return
    facts = {"number": number, "x": f"{x:.6g}", "y": f"{y:.6g}"}
    if is_finite and abs(points[:, 0]).max() <= 90 and abs(points[:, 1]).max() <= 180:
        raise BoundaryError(
            _("Outline %(number)s begins at %(x)s, %(y)s: latitude and longitude are "
              "exchanged. GeoJSON writes the longitude first.")
            % facts
        )  # fmt: skip
    raise BoundaryError(
        _("Outline %(number)s begins at %(x)s, %(y)s, which are not degrees. Save the "
          "file in WGS 84 (EPSG:4326), or send a shapefile with its .prj.")
        % facts
    )  # fmt: skip
