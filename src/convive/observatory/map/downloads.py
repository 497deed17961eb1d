"""Files of the map, after its disclosure control, with source and licence inside."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from convive.incidents import iccs
from convive.observatory import files
from convive.observatory.actions import Download
from convive.observatory.map import compute, page, picture, points
from convive.observatory.map.features import area_features
from convive.observatory.map.presenters import present_areas
from convive.observatory.map.scope import sheet_of
from convive.observatory.presenters import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.files import Told
    from convive.observatory.map.presenters import AreaMap
    from convive.observatory.map.scope import Scope
    from convive.observatory.presenters import About, Cell
    from convive.observatory.selection import Selection

    Feature = dict[str, Any]

TYPES = {
    "csv": files.TYPES["csv"],
    "xlsx": files.TYPES["xlsx"],
    "svg": files.TYPES["svg"],
    "png": files.TYPES["png"],
    "geojson": "application/geo+json",
}
FORMATS = {"areas": tuple(TYPES), "points": ("csv", "geojson")}
# More than a country's incidents of a year; a file beyond it says so in its notes.
MOST_POINTS = 500_000
_DECIMALS = 4


def make_areas(
    file_format: str, selection: Selection, scope: Scope, user: User | AnonymousUser
) -> Download:
    shown = present_areas(selection, scope, user)
    makers: dict[str, Callable[[], bytes]] = {
        "csv": lambda: files.to_csv(_table(shown), _told(shown)),
        "xlsx": lambda: files.to_xlsx(_table(shown), _told(shown)),
        "geojson": lambda: _dump(_collection(shown)),
        "svg": lambda: _svg(shown, selection),
        "png": lambda: picture.png(_svg(shown, selection)),
    }
    content = makers[file_format]()
    return Download(
        "map-areas", file_format, content, len(shown.areas), shown.about.batches
    )


def _told(shown: AreaMap) -> Told:
    notes = tuple(picture.notes_of(shown))
    return files.provenance(dataclasses.replace(shown.about, notes=notes))


def _table(shown: AreaMap) -> Table:
    limits = _("of the rate") if shown.is_rate else _("of the count")
    columns = (
        _("path"),
        _("place"),
        _("incidents"),
        _("rate per 100,000"),
        _("lower limit (95 %%) %(of)s") % {"of": limits},
        _("upper limit (95 %%) %(of)s") % {"of": limits},
        _("state"),
        _("note"),
    )
    rows: list[list[Cell]] = [
        [
            area.path,
            area.name,
            area.count,
            *(_rounded(limit) for limit in (area.rate, area.lower, area.upper)),
            area.count_text if area.count is None else "",
            area.note,
        ]
        for area in shown.areas
    ]
    return Table(columns, rows)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _svg(shown: AreaMap, selection: Selection) -> bytes:
    sheet = sheet_of(shown.boundaries)
    if sheet is None:
        return b""
    body = page.areas_body(shown, sheet, selection, with_links=False)
    return picture.svg(sheet.frame, body, shown, picture.notes_of(shown))


def _collection(shown: AreaMap) -> Feature:
    features = area_features(shown, 10.0**-_DECIMALS, 0.0)
    known = [area.count for area in shown.areas if area.count is not None]
    return {
        "type": "FeatureCollection",
        "title": shown.about.title,
        "period": shown.about.period,
        "measure": shown.measure_label,
        "n": sum(known),
        "is_simulated": shown.about.is_simulated,
        "notes": picture.notes_of(shown),
        "boundary_sources": list(shown.origins),
        "features": features,
    }


def _dump(content: Feature) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def make_points(file_format: str, selection: Selection, about: About) -> Download:
    found = compute.drawable(selection)
    rows = compute.points(selection, compute.EVERYWHERE, MOST_POINTS)
    notes = [*about.notes, *points.left_out(found)]
    if len(rows) < found.drawn:
        notes.append(_("The file holds the latest %(count)s.") % {"count": len(rows)})
    about = dataclasses.replace(about, notes=tuple(notes))
    if file_format == "csv":
        content = files.to_csv(_points_table(rows), files.provenance(about))
    else:
        content = _dump(_points_collection(rows, about))
    return Download("map-points", file_format, content, len(rows), about.batches)


def _points_table(rows: list[compute.Row]) -> Table:
    columns = (_("date"), "iccs", _("offence"), _("precision"),
               _("longitude"), _("latitude"))  # fmt: skip
    table: list[list[Cell]] = [
        [
            f"{row['occurred_on']}",
            str(row["iccs"]),
            iccs.label(str(row["iccs"])),
            points.precision_label(str(row["precision"])),
            f"{row['longitude']:.5f}",
            f"{row['latitude']:.5f}",
        ]
        for row in rows
    ]
    return Table(columns, table)


def _points_collection(rows: list[compute.Row], about: About) -> Feature:
    return {
        "type": "FeatureCollection",
        "title": about.title,
        "period": about.period,
        "n": len(rows),
        "is_simulated": about.is_simulated,
        "notes": list(about.notes),
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [
                        round(float(str(row["longitude"])), 5),
                        round(float(str(row["latitude"])), 5),
                    ],
                },
                "properties": {
                    "occurred_on": f"{row['occurred_on']}",
                    "iccs": row["iccs"],
                    "precision": row["precision"],
                },
            }
            for row in rows
        ],
    }
