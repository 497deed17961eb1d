"""Numbers of a file into degrees: decimal commas, projections, exchanged columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from django.utils.translation import gettext_noop as _
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from convive.incidents.intake.headings import Field
from convive.incidents.intake.outcome import IntakeError, Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.incidents.intake.columns import Columns
    from convive.incidents.intake.reference import Locator, Reference

    Floats = NDArray[np.float64]
    Pair = tuple[Floats, Floats]

WGS84 = "EPSG:4326"
# Tried where numbers are no degrees; the one that puts most points inside wins.
# UTM zones of the Americas, El Salvador's and Mexico's Lambert cones, Colombia's
# single origin, and what web maps use.
_PROJECTED = (
    "EPSG:32616", "EPSG:32615", "EPSG:32614", "EPSG:32617", "EPSG:32618",
    "EPSG:32613", "EPSG:32612", "EPSG:32611", "EPSG:32719", "EPSG:32718",
    "EPSG:32717", "EPSG:5460", "EPSG:6372", "EPSG:9377", "EPSG:3116", "EPSG:3857",
)  # fmt: skip
_SAMPLE_ROWS = 500
_DEGREES = re.compile(
    r"([+-]?\d{1,3})\s*[°º:\s]\s*(\d{1,2}(?:[.,]\d+)?)"
    r"(?:\s*['’′:\s]\s*(\d{1,2}(?:[.,]\d+)?))?\s*(?:[\"”″]|''|’’)?\s*$"
)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?$")
_SIDE = re.compile(r"^([NSEOW])\b\s*|\s*([NSEOW])\.?$", re.IGNORECASE)


def read_degrees(columns: Columns, reference: Reference) -> Pair:
    """Longitude and latitude of each row, NaN where the row gives none."""
    x, y = (_numbers(columns, field) for field in (Field.LONGITUDE, Field.LATITUDE))
    half = np.isnan(x) != np.isnan(y)
    half[list(columns.problems)] = False
    columns.refuse(
        half & np.isnan(x),
        Field.LONGITUDE,
        _("The longitude is missing although there is a latitude."),
    )
    columns.refuse(
        half & np.isnan(y),
        Field.LATITUDE,
        _("The latitude is missing although there is a longitude."),
    )
    nowhere = np.isnan(x) | np.isnan(y) | ((x == 0) & (y == 0))
    x[nowhere] = y[nowhere] = np.nan
    return _in_degrees(columns, reference, (x, y))


def _numbers(columns: Columns, field: Field) -> Floats:
    if not columns.has(field):
        return np.full(columns.height, np.nan)
    texts = columns.text(field)
    numbers = texts.cast(pl.Float64, strict=False)
    odd = (texts.is_not_null() & numbers.is_null()).arg_true()
    values: Floats = numbers.fill_null(np.nan).to_numpy(writable=True)
    if len(odd):
        values[odd.to_numpy()] = _written_otherwise(texts.gather(odd))
    values[~np.isfinite(values)] = np.nan
    columns.refuse(
        texts.is_not_null().to_numpy() & np.isnan(values),
        field,
        _("“%(value)s” is not a coordinate. Write a number such as 13,7187."),
    )
    return values


def _written_otherwise(texts: pl.Series) -> Floats:
    """Numbers with a decimal comma, and whatever else `parse_coordinate` knows."""
    numbers = texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    odd = numbers.is_null().arg_true()
    values: Floats = numbers.fill_null(np.nan).to_numpy(writable=True)
    values[odd.to_numpy()] = [parse_coordinate(text) for text in texts.gather(odd)]
    return values


def parse_coordinate(text: str) -> float:
    """Degrees, minutes and seconds; a compass letter; grouped thousands. Else NaN."""
    side = _SIDE.search(text.strip())
    bare = _SIDE.sub("", text.strip())
    letter = (side[1] or side[2]).upper() if side else ""
    sign = -1.0 if letter in {"S", "W", "O"} else 1.0
    if match := _DEGREES.match(bare):
        whole, minutes, seconds = (
            float((part or "0").replace(",", ".")) for part in match.groups()
        )
        if match[1].startswith("-"):
            sign = -1.0
        if minutes >= 60 or seconds >= 60:
            return float("nan")
        return sign * (abs(whole) + minutes / 60 + seconds / 3600)
    if match := _GROUPED.match(bare):
        bare = bare.replace(match[1], "")
    try:
        return sign * float(bare.rstrip("°º ").replace(",", "."))
    except ValueError:
        return float("nan")


def _in_degrees(columns: Columns, reference: Reference, xy: Pair) -> Pair:
    x, y = xy
    given = ~np.isnan(x)
    crs = columns.mapping.crs
    if not crs and given.any():
        crs, (x, y) = _recognised(columns, reference, (x, y), given)
    if crs and crs != WGS84:
        x[given], y[given] = _transform(crs, x[given], y[given])
    outside = given & ~((np.abs(x) <= 180) & (np.abs(y) <= 90))
    columns.refuse(
        outside,
        Field.LATITUDE,
        _("The coordinates are not degrees. Say in which reference system they are."),
    )
    x[outside] = y[outside] = np.nan
    return x, y


def _recognised(
    columns: Columns, reference: Reference, xy: Pair, given: NDArray[np.bool_]
) -> tuple[str, Pair]:
    """What the office left unsaid, where all of its rows say it."""
    x, y = xy
    locator = reference.municipality_locator
    if locator is None:
        return "", xy
    sample = x[given][:: max(1, int(given.sum()) // _SAMPLE_ROWS)]
    if np.median(np.abs(sample)) > 180:
        crs, exchanged = _guess_crs(reference, locator, (x[given], y[given]))
        if crs:
            columns.notes.append(
                Note(
                    _("The coordinates were read as %(crs)s (%(name)s)."),
                    {"crs": crs, "name": CRS(crs).name},
                )
            )
        return crs, (y, x) if exchanged else (x, y)
    return "", _turned(columns, locator, (x, y), given)


def _guess_crs(reference: Reference, locator: Locator, xy: Pair) -> tuple[str, bool]:
    """The projection that puts most of a sample inside the place."""
    x, y = (values[:: max(1, len(values) // _SAMPLE_ROWS)] for values in xy)
    best, answer = len(x) / 2, ("", False)
    for crs in _PROJECTED:
        for exchanged in (False, True):
            pair = (y, x) if exchanged else (x, y)
            codes = place_numbers(locator, *_transform(crs, *pair))
            inside = np.array(
                [is_inside(p, reference.place_path) for p in locator.paths]
            )
            count = int(inside[codes].sum())
            if count > best:
                best, answer = count, (crs, exchanged)
    return answer


def _turned(
    columns: Columns, locator: Locator, xy: Pair, given: NDArray[np.bool_]
) -> Pair:
    """Exchange the columns or restore the minus sign, if that mends every row."""
    x, y = (values[given] for values in xy)
    # Nearly always the first rows settle it.
    for rows in (slice(None, _SAMPLE_ROWS), slice(_SAMPLE_ROWS, None)):
        if _found(locator, x[rows], y[rows]).any():
            return xy
    ways = (
        ((y, x), _("Latitude and longitude stood exchanged in every row; they were "
                   "put right.")),
        ((-x, y), _("The longitudes had lost their minus sign in every row; they were "
                    "read as west.")),
        ((-y, x), _("Latitude and longitude stood exchanged and without minus sign in "
                    "every row; they were put right.")),
    )  # fmt: skip
    for (lon, lat), sentence in ways:
        if _found(locator, lon, lat).all():
            columns.notes.append(Note(sentence))
            xy[0][given], xy[1][given] = lon, lat
            break
    return xy


def _found(locator: Locator, x: Floats, y: Floats) -> NDArray[np.bool_]:
    nowhere = np.array([path is None for path in locator.paths])
    mask: NDArray[np.bool_] = ~nowhere[place_numbers(locator, x, y)]
    return mask


def place_numbers(locator: Locator, x: Floats, y: Floats) -> NDArray[np.int32]:
    """Position in `locator.paths` of each point's place; the last is None."""
    sane = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    if not sane.all():
        x, y = np.where(sane, x, np.nan), np.where(sane, y, np.nan)
    numbers = locator.positions(x, y)
    return np.where(numbers < 0, len(locator.paths) - 1, numbers).astype(np.int32)


def is_inside(path: str | None, place: str) -> bool:
    return path is not None and (path == place or path.startswith(f"{place}/"))


def _transform(crs: str, x: Floats, y: Floats) -> Pair:
    try:
        transformer = Transformer.from_crs(CRS(crs), WGS84, always_xy=True)
    except CRSError as error:
        raise IntakeError(
            _("“%(crs)s” is not a reference system. Write, for example, EPSG:32616."),
            crs=crs,
        ) from error
    lon, lat = transformer.transform(x, y)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
