"""The map of points: counted in cells from afar, one by one from near."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.incidents import iccs
from convive.observatory.map import compute, drawing
from convive.observatory.presenters import number
from convive.warehouse import Box

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convive.observatory.map.compute import Drawable
    from convive.observatory.map.drawing import Sheet
    from convive.observatory.selection import Selection

# Nearer than this, single incidents are sent, as long as they are few.
SINGLE_FROM_ZOOM = 15
MOST_SINGLE = 300
CELL_PIXELS = 72
TILE_PIXELS = 256
MOST_ZOOM = 19
CELLS_ACROSS = 32
LARGEST_DOT = 22

PRECISIONS = {
    "coordinates": gettext_noop("coordinates given by the office"),
    "landmark": gettext_noop("placed by a landmark"),
    "neighbourhood": gettext_noop("placed by the neighbourhood"),
    "municipality": gettext_noop("only the municipality is known"),
}


class WindowError(ValueError):
    """The window asked for cannot be read; the sentence says what it must be."""


@dataclass(frozen=True)
class Window:
    box: Box
    zoom: int

    @property
    def cell(self) -> float:
        """Side of a cell in degrees that is CELL_PIXELS wide on the screen."""
        return 360.0 * CELL_PIXELS / float(TILE_PIXELS << self.zoom)


@dataclass(frozen=True)
class PrecisionRow:
    label: str
    count: str


@dataclass(frozen=True)
class PointMap:
    """How many stand on the map of points, and how many do not and why."""

    drawn: str
    precisions: tuple[PrecisionRow, ...]
    left_out: tuple[str, ...]
    picture: str


def read_window(asked: Mapping[str, str]) -> Window:
    try:
        edges = [float(edge) for edge in asked.get("bbox", "").split(",")]
        west, south, east, north = edges
        zoom = int(asked.get("zoom", ""))
    except ValueError as error:
        raise WindowError(_sentence()) from error
    if not all(math.isfinite(edge) for edge in edges) or west > east or south > north:
        raise WindowError(_sentence())
    return Window(Box(west, south, east, north), min(max(zoom, 0), MOST_ZOOM))


def _sentence() -> str:
    return _("Give the window as bbox=west,south,east,north in degrees, and zoom.")


def present_window(selection: Selection, window: Window) -> dict[str, object]:
    """What the window holds, small enough for a slow line."""
    cells = compute.cells(selection, window.box, window.cell)
    total = sum(int(str(cell["incident_count"])) for cell in cells)
    is_near = window.zoom >= SINGLE_FROM_ZOOM and total <= MOST_SINGLE
    if not is_near:
        return {"kind": "cells", "total": total, "items": [_cell(c) for c in cells]}
    found = compute.points(selection, window.box, MOST_SINGLE)
    return {"kind": "points", "total": total, "items": [_point(p) for p in found]}


def _cell(cell: compute.Row) -> list[float | int]:
    return [_degrees(cell["latitude"]), _degrees(cell["longitude"]),
            int(str(cell["incident_count"]))]  # fmt: skip


def _point(point: compute.Row) -> list[float | str]:
    return [
        _degrees(point["latitude"]),
        _degrees(point["longitude"]),
        f"{point['occurred_on']:%d/%m/%Y}",
        iccs.label(str(point["iccs"])),
        precision_label(str(point["precision"])),
        str(point["precision"]),
    ]


def _degrees(value: object) -> float:
    return round(float(str(value)), 5)


def precision_label(code: str) -> str:
    return _(PRECISIONS[code]) if code in PRECISIONS else code


def labels() -> tuple[tuple[str, str], ...]:
    """Of the precisions that have a point."""
    return tuple((code, _(label)) for code, label in PRECISIONS.items())[:-1]


def present_points(selection: Selection, sheet: Sheet | None) -> PointMap:
    found = compute.drawable(selection)
    return PointMap(
        drawn=number(found.drawn),
        precisions=tuple(
            PrecisionRow(precision_label(code), number(found.by_precision[code]))
            for code in PRECISIONS
            if code in found.by_precision
        ),
        left_out=tuple(left_out(found)),
        picture=picture(selection, sheet) if sheet is not None and found.drawn else "",
    )


def left_out(found: Drawable) -> list[str]:
    said = []
    if found.family_or_sexual:
        said.append(
            _("%(count)s incidents of family or sexual violence and of trafficking are "
              "not on the map of points, so that no point leads to a home. They are in "
              "the counts.")
            % {"count": number(found.family_or_sexual)}
        )  # fmt: skip
    if found.unclassified:
        said.append(
            _("%(count)s incidents whose offence is not classified yet are not on the "
              "map of points, since they may be of that kind. Classify their terms to "
              "show the others.")
            % {"count": number(found.unclassified)}
        )  # fmt: skip
    if found.without_point:
        said.append(
            _("%(count)s incidents have no point: of them only the municipality is "
              "known.")
            % {"count": number(found.without_point)}
        )  # fmt: skip
    return said


def picture(selection: Selection, sheet: Sheet) -> str:
    """Circles over the outlines: the map of points with JavaScript off."""
    frame = sheet.frame
    side = (frame.width / frame.scale) / CELLS_ACROSS
    cells = compute.cells(selection, compute.EVERYWHERE, side)
    most = max((int(str(cell["incident_count"])) for cell in cells), default=1)
    dots = [_dot(cell, most, sheet) for cell in cells]
    outlines = "".join(
        f'<path class="outline" fill="none" d="{data}"/>'
        for data in sheet.paths.values()
    )
    inside = [dot for dot in dots if 0 <= dot.x <= frame.width]
    label = _("Map of points: circles in proportion to the incidents around them")
    return drawing.figure(frame, outlines + drawing.dots(inside), label)


def _dot(cell: compute.Row, most: int, sheet: Sheet) -> drawing.Dot:
    count = int(str(cell["incident_count"]))
    x, y = sheet.frame.place(
        float(str(cell["longitude"])), float(str(cell["latitude"]))
    )
    radius = max(2.0, LARGEST_DOT * math.sqrt(count / most))
    return drawing.Dot(x, y, radius, number(count))
