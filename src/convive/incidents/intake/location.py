"""Where each incident happened, from the best that its row says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from django.utils.translation import gettext_noop as _
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from rapidfuzz import fuzz, process

from convive.incidents.intake.headings import Field
from convive.incidents.intake.outcome import IntakeError
from convive.places.names import place_key
from convive.warehouse.schema import Precision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.incidents.intake.columns import Columns
    from convive.incidents.intake.reference import Reference, Spot

    Floats = NDArray[np.float64]

# UTM zones of the Americas, tried in turn when numbers are no degrees.
_PROJECTED = ("EPSG:32616", "EPSG:32615", "EPSG:32614", "EPSG:32617", "EPSG:32618",
              "EPSG:32613", "EPSG:32719", "EPSG:32718", "EPSG:32717")  # fmt: skip
_MUNICIPALITY_LEVEL = 2
_CLOSE_NAME = 88


@dataclass
class Location:
    longitude: Floats
    latitude: Floats
    municipality: NDArray[np.object_]
    zone: NDArray[np.object_]
    precision: NDArray[np.object_]


def locate(columns: Columns, reference: Reference) -> Location:
    """Coordinates first, then the gazetteer, then the municipality alone."""
    longitude, latitude = _coordinates(columns, reference)
    size = columns.height
    place = Location(
        longitude,
        latitude,
        np.full(size, None, dtype=object),
        np.full(size, None, dtype=object),
        np.full(size, str(Precision.MUNICIPALITY), dtype=object),
    )
    named = _named_municipality(columns, reference)
    has_point = ~np.isnan(longitude)
    _from_points(columns, reference, place, has_point)
    place.municipality[~has_point] = named[~has_point]
    if reference.municipality_locator is None:
        place.municipality[has_point] = named[has_point]
    _from_texts(columns, reference, place, ~has_point)
    _refuse_unplaced(columns, reference, place)
    return place


def _coordinates(columns: Columns, reference: Reference) -> tuple[Floats, Floats]:
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
    nowhere = half | ((x == 0) & (y == 0))
    x[nowhere] = y[nowhere] = np.nan
    return _in_degrees(columns, reference, (x, y))


def _numbers(columns: Columns, field: Field) -> Floats:
    texts = columns.text(field)
    numbers = texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    unreadable = texts.is_not_null() & (numbers.is_null() | ~numbers.is_finite())
    columns.refuse(
        unreadable.fill_null(False),
        field,
        _("“%(value)s” is not a coordinate. Write a number such as 13,7187."),
    )
    values: Floats = numbers.fill_null(np.nan).to_numpy(writable=True)
    values[~np.isfinite(values)] = np.nan
    return values


def _in_degrees(
    columns: Columns, reference: Reference, xy: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    x, y = xy
    known = ~np.isnan(x)
    crs = columns.mapping.crs
    if not crs and known.any() and np.median(np.abs(x[known])) > 180:
        crs = _guess_crs(reference, x[known], y[known])
    if crs and crs != "EPSG:4326":
        x[known], y[known] = _transform(crs, x[known], y[known])
    outside = known & ~((np.abs(x) <= 180) & (np.abs(y) <= 90))
    columns.refuse(
        outside,
        Field.LATITUDE,
        _("The coordinates are not degrees. Say in which reference system they are."),
    )
    x[outside] = y[outside] = np.nan
    return x, y


def _transform(crs: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    try:
        transformer = Transformer.from_crs(CRS(crs), "EPSG:4326", always_xy=True)
    except CRSError as error:
        raise IntakeError(
            _("“%(crs)s” is not a reference system. Write, for example, EPSG:32616."),
            crs=crs,
        ) from error
    return transformer.transform(x, y)


def _guess_crs(reference: Reference, x: Floats, y: Floats) -> str:
    """The projection that puts most of a sample inside the place."""
    locator = reference.municipality_locator
    if locator is None:
        return ""
    sample = slice(None, 500)
    for crs in _PROJECTED:
        found = locator.locate(*_transform(crs, x[sample], y[sample]))
        inside = [path for path in found if path and _is_inside(path, reference)]
        if len(inside) > len(found) / 2:
            return crs
    return ""


def _is_inside(path: str, reference: Reference) -> bool:
    return path == reference.place_path or path.startswith(f"{reference.place_path}/")


def _from_points(
    columns: Columns,
    reference: Reference,
    place: Location,
    has_point: NDArray[np.bool_],
) -> None:
    place.precision[has_point] = str(Precision.COORDINATES)
    if not has_point.any():
        return
    x, y = place.longitude[has_point], place.latitude[has_point]
    if reference.zone_locator is not None:
        place.zone[has_point] = reference.zone_locator.locate(x, y)
    if reference.municipality_locator is None:
        return
    found = reference.municipality_locator.locate(x, y)
    place.municipality[has_point] = found
    inside = pl.Series(found.tolist(), dtype=pl.String).fill_null("")
    inside_mask = (inside == reference.place_path) | inside.str.starts_with(
        f"{reference.place_path}/"
    )
    outside = np.flatnonzero(has_point)[~inside_mask.to_numpy()]
    _refuse_outside(columns, reference, place, outside)


def _refuse_outside(
    columns: Columns,
    reference: Reference,
    place: Location,
    outside: NDArray[np.int64],
) -> None:
    locator = reference.municipality_locator
    if locator is None or not len(outside):
        return
    x, y = place.longitude[outside], place.latitude[outside]
    exchanged = ~_is_none(locator.locate(y, x))
    mask = np.zeros(columns.height, dtype=bool)
    mask[outside[exchanged]] = True
    columns.refuse(
        mask,
        Field.LATITUDE,
        _("Latitude and longitude are exchanged: the point falls in the place only "
          "the other way round."),
    )  # fmt: skip
    mask[:] = False
    mask[outside[~exchanged]] = True
    columns.refuse(
        mask,
        Field.LATITUDE,
        _("The coordinates fall outside %(place)s. Correct them, or leave them blank."),
        place=reference.place_path,
    )


def _named_municipality(columns: Columns, reference: Reference) -> NDArray[np.object_]:
    own = reference.place_path
    default = "/".join(own.split("/")[: _MUNICIPALITY_LEVEL + 1])
    is_one = default.count("/") == _MUNICIPALITY_LEVEL
    answer = np.full(columns.height, default if is_one else None, dtype=object)
    texts = columns.text(Field.MUNICIPALITY)
    if not reference.municipalities or not texts.len() or texts.is_null().all():
        return answer
    table = {
        text: _municipality(place_key(text), reference)
        for text in texts.drop_nulls().unique().to_list()
    }
    paths = np.array([table.get(text) for text in texts.to_list()], dtype=object)
    written = texts.is_not_null().to_numpy()
    answer[written] = paths[written]
    columns.refuse(
        written & _is_none(paths),
        Field.MUNICIPALITY,
        _("“%(value)s” is not a municipality of %(place)s. Correct the name, or add "
          "it as a spelling of its place."),
        place=own,
    )  # fmt: skip
    return answer


def _is_none(paths: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.fromiter((path is None for path in paths), dtype=bool, count=len(paths))


def _municipality(key: str, reference: Reference) -> str | None:
    if key in reference.municipalities:
        return reference.municipalities[key]
    close = process.extract(
        key,
        reference.municipalities.keys(),
        scorer=fuzz.ratio,
        score_cutoff=_CLOSE_NAME,
        limit=2,
    )
    # Two names that are close alike are no answer.
    if not close or (len(close) > 1 and close[0][1] == close[1][1]):
        return None
    return reference.municipalities[close[0][0]]


def _from_texts(
    columns: Columns,
    reference: Reference,
    place: Location,
    pointless: NDArray[np.bool_],
) -> None:
    if reference.gazetteer is None or not pointless.any():
        return
    known: dict[tuple[str, str], Spot | None] = {}
    for field in (Field.LOCATION, Field.NEIGHBOURHOOD):
        texts = columns.text(field)
        wanted = pointless & np.isnan(place.longitude) & texts.is_not_null().to_numpy()
        for row in np.flatnonzero(wanted).tolist():
            within = place.municipality[row] or reference.place_path
            key = (texts[row], within)
            if key not in known:
                known[key] = reference.gazetteer.match(*key)
            if spot := known[key]:
                _put(place, row, spot)


def _put(place: Location, row: int, spot: Spot) -> None:
    place.longitude[row], place.latitude[row] = spot.longitude, spot.latitude
    place.precision[row] = str(spot.precision)
    place.municipality[row] = spot.municipality
    place.zone[row] = spot.zone


def _refuse_unplaced(columns: Columns, reference: Reference, place: Location) -> None:
    unplaced = _is_none(place.municipality)
    unplaced[list(columns.problems)] = False
    columns.refuse(
        unplaced,
        Field.MUNICIPALITY,
        _("The row says nowhere in which municipality of %(place)s it happened. Give "
          "coordinates or a municipality."),
        place=reference.place_path,
    )  # fmt: skip
