"""Shapefiles out of a zip: nothing is unpacked to disk, whatever names it holds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import shapely
from django.utils.translation import gettext as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from convive.places import boundaries
from convive.places.boundaries import BoundaryError, Outline

if TYPE_CHECKING:
    from collections.abc import Callable

MEMBERS_LIMIT = 1_000
# Byte 29 of a DBF, where the program that wrote it says its alphabet.
_DRIVERS = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252"}
_DRIVER_BYTE = 29
_BROKEN = (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError)


def read_zip(path: Path) -> list[Outline]:
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive)
    except _BROKEN as error:
        raise BoundaryError(
            _("The zip cannot be opened: it is damaged or has a password.")
        ) from error


def _read(archive: zipfile.ZipFile) -> list[Outline]:
    members = [m for m in archive.infolist() if not _is_clutter(m.filename)]
    claimed = sum(member.file_size for member in members)
    if claimed > boundaries.UNPACKED_LIMIT_BYTES or len(members) > MEMBERS_LIMIT:
        raise BoundaryError(boundaries.too_large())
    by_kind: dict[str, list[zipfile.ZipInfo]] = {}
    for member in members:
        kind = PurePosixPath(member.filename).suffix.lower().lstrip(".")
        by_kind.setdefault(kind, []).append(member)
    if "shp" in by_kind:
        return _shapefile(archive, _one(by_kind))
    for kind in ("geojson", "json"):
        if kind in by_kind:
            return boundaries.from_geojson(_content(archive, by_kind[kind][0]))
    raise BoundaryError(
        _("The zip holds neither a shapefile (.shp, .shx, .dbf, .prj) nor a GeoJSON.")
    )


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not parts or "__MACOSX" in parts or parts[-1].startswith("._")


def _one(by_kind: dict[str, list[zipfile.ZipInfo]]) -> dict[str, zipfile.ZipInfo]:
    """The parts of the only shapefile, by their ending."""
    names = [member.filename for member in by_kind["shp"]]
    if len(names) > 1:
        raise BoundaryError(
            _("The zip holds several shapefiles: %(names)s. Zip one alone.")
            % {"names": ", ".join(names)}
        )
    stem = PurePosixPath(names[0]).with_suffix("")
    parts = {
        kind: member
        for kind, members in by_kind.items()
        for member in members
        if PurePosixPath(member.filename).with_suffix("") == stem
    }
    if missing := {"shp", "dbf"} - parts.keys():
        raise BoundaryError(
            _("The zipped shapefile lacks its parts: %(missing)s.")
            % {"missing": ", ".join(sorted(missing))}
        )
    return parts


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's bytes; its declared size may lie, so the reading is bounded too."""
    with archive.open(member) as opened:
        content = opened.read(boundaries.UNPACKED_LIMIT_BYTES + 1)
    if len(content) > boundaries.UNPACKED_LIMIT_BYTES:
        raise BoundaryError(boundaries.too_large())
    return content


def _shapefile(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]
) -> list[Outline]:
    import shapefile

    texts = {
        kind: _content(archive, parts[kind]).decode("ascii", errors="replace").strip()
        for kind in ("prj", "cpg")
        if kind in parts
    }
    table = _content(archive, parts["dbf"])
    opened = {
        kind: io.BytesIO(table if kind == "dbf" else _content(archive, parts[kind]))
        for kind in ("shp", "dbf", "shx")
        if kind in parts
    }
    to_degrees = _to_degrees(texts.get("prj", ""))
    encoding = _encoding(texts.get("cpg", ""), table)
    try:
        reader = shapefile.Reader(**opened, encoding=encoding, encodingErrors="replace")
        items = list(reader.iterShapeRecords())
    except BoundaryError:
        raise
    except Exception as error:
        # pyshp raises struct.error, IndexError, ValueError and its own for damage.
        raise BoundaryError(
            _("The shapefile is damaged: its parts do not belong together or are cut.")
        ) from error
    return [_outline(i, item, to_degrees) for i, item in enumerate(items, start=1)]


def _outline(
    number: int,
    item: Any,  # noqa: ANN401 - pyshp has no types
    to_degrees: Callable[..., Any] | None,
) -> Outline:
    has_points = bool(getattr(item.shape, "points", None))
    try:
        drawn = item.shape.__geo_interface__ if has_points else None
        shape = shapely.geometry.shape(drawn) if drawn else shapely.Polygon()
    except Exception as error:
        # As above: a shape of too few points, or of a kind that no file should hold.
        raise BoundaryError(
            _("Outline %(number)s of the shapefile cannot be read.")
            % {"number": number}
        ) from error
    return boundaries.outline(number, item.record.as_dict(), shape, to_degrees)


def _encoding(declared: str, table: bytes) -> str:
    """What the .cpg says, else what the table's header says, else what it reads as."""
    if declared:
        digits = "".join(c for c in declared if c.isdigit())
        is_utf8 = digits in {"8", "65001"}
        name = "utf-8" if is_utf8 else f"cp{digits}" if digits else declared
        name = "latin-1" if digits.startswith("8859") else name
        try:
            "".encode(name)
        except LookupError as error:
            raise BoundaryError(
                _("The .cpg names the alphabet “%(name)s”, which is unknown. Write "
                  "UTF-8 or 1252 in it.")
                % {"name": declared[:40]}
            ) from error  # fmt: skip
        return name
    driver = table[_DRIVER_BYTE] if len(table) > _DRIVER_BYTE else 0
    if driver in _DRIVERS:
        return _DRIVERS[driver]
    try:
        table.decode("utf-8")
    except UnicodeDecodeError:
        # The header holds bytes of its own, so the records decide.
        start = int.from_bytes(table[8:10], "little")
        try:
            table[start:].decode("utf-8")
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _to_degrees(projection: str) -> Callable[..., Any] | None:
    if not projection:
        return None
    try:
        return boundaries.projection(CRS.from_wkt(projection))
    except CRSError as error:
        raise BoundaryError(
            _("The .prj of the shapefile names no known reference system. Save it in "
              "WGS 84 (EPSG:4326).")
        ) from error  # fmt: skip
