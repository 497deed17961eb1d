"""Where each incident happened, from the best that its row says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext_noop as _

from convive.incidents.intake.coded import Coded
from convive.incidents.intake.coordinates import (
    is_inside,
    place_numbers,
    read_degrees,
)
from convive.incidents.intake.headings import Field
from convive.incidents.intake.naming import named_municipality
from convive.warehouse.schema import Precision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.incidents.intake.columns import Columns
    from convive.incidents.intake.reference import Locator, Reference, Spot

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Location:
    longitude: Floats
    latitude: Floats
    municipality: Coded
    zone: Coded
    precision: Coded


def locate(columns: Columns, reference: Reference) -> Location:
    """Coordinates first, then the gazetteer, then the municipality alone."""
    longitude, latitude = read_degrees(columns, reference)
    has_point = ~np.isnan(longitude)
    place = Location(
        longitude,
        latitude,
        named_municipality(columns, reference, has_point),
        Coded.constant(None, columns.height),
        Coded.constant(str(Precision.MUNICIPALITY), columns.height),
    )
    if has_point.any():
        place = _from_points(columns, reference, place, has_point)
    for field in (Field.LOCATION, Field.NEIGHBOURHOOD):
        place = _from_texts(columns, reference, place, field)
    _refuse_unplaced(columns, reference, place)
    return place


def _from_points(
    columns: Columns, reference: Reference, place: Location, has_point: Mask
) -> Location:
    exact = Coded.constant(str(Precision.COORDINATES), columns.height)
    place = replace(place, precision=place.precision.put(has_point, exact))
    if reference.zone_locator is not None:
        zone = _places_of(reference.zone_locator, place)
        place = replace(place, zone=place.zone.put(has_point, zone))
    if reference.municipality_locator is None:
        return place
    found = _places_of(reference.municipality_locator, place)
    inside = found.where(lambda path: is_inside(path, reference.place_path))
    _refuse_outside(columns, reference, place, has_point & ~inside)
    return replace(place, municipality=place.municipality.put(has_point, found))


def _places_of(locator: Locator, place: Location) -> Coded:
    numbers = place_numbers(locator, place.longitude, place.latitude)
    return Coded(numbers, tuple(locator.paths))


def _refuse_outside(
    columns: Columns, reference: Reference, place: Location, outside: Mask
) -> None:
    locator = reference.municipality_locator
    if locator is None or not outside.any():
        return
    turned = replace(place, longitude=place.latitude, latitude=place.longitude)
    exchanged = outside & ~_places_of(locator, turned).is_null
    columns.refuse(
        exchanged,
        Field.LATITUDE,
        _("Latitude and longitude are exchanged: the point falls in the place only "
          "the other way round."),
    )  # fmt: skip
    columns.refuse(
        outside & ~exchanged,
        Field.LATITUDE,
        _("The coordinates fall outside %(place)s. Correct them, or leave them blank."),
        place=reference.place_path,
    )


def _from_texts(
    columns: Columns, reference: Reference, place: Location, field: Field
) -> Location:
    """Place what has no point yet by its words, each pair of text and place once."""
    texts = columns.coded(field)
    wanted = np.isnan(place.longitude) & ~texts.is_null
    if reference.gazetteer is None or not wanted.any():
        return place
    at, pairs = texts.take(wanted).pair(place.municipality.take(wanted))
    spots = [
        reference.gazetteer.match(text, within or reference.place_path)
        if text
        else None
        for text, within in pairs
    ]
    numbers = np.zeros(columns.height, dtype=np.int32)
    numbers[wanted] = at
    wanted[wanted] = np.array([spot is not None for spot in spots])[at]
    return _put(place, wanted, numbers, spots)


def _put(
    place: Location, where: Mask, numbers: NDArray[np.int32], spots: list[Spot | None]
) -> Location:
    at = numbers[where]
    nan = float("nan")
    place.longitude[where] = np.array([s.longitude if s else nan for s in spots])[at]
    place.latitude[where] = np.array([s.latitude if s else nan for s in spots])[at]
    columns = {
        "precision": tuple(str(s.precision) if s else None for s in spots),
        "municipality": tuple(s.municipality if s else None for s in spots),
        "zone": tuple(s.zone if s else None for s in spots),
    }
    return replace(
        place,
        **{
            name: getattr(place, name).put(where, Coded(numbers, words))
            for name, words in columns.items()
        },
    )


def _refuse_unplaced(columns: Columns, reference: Reference, place: Location) -> None:
    unplaced = place.municipality.is_null.copy()
    unplaced[list(columns.problems)] = False
    columns.refuse(
        unplaced,
        Field.MUNICIPALITY,
        _("The row says nowhere in which municipality of %(place)s it happened. Give "
          "coordinates or a municipality."),
        place=reference.place_path,
    )  # fmt: skip
