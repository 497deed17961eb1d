"""The drawing of areas as a page shows it, and as the interactive map asks for it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from convive.observatory.map import drawing, scope
from convive.observatory.map.features import area_features
from convive.places.models import PlaceKind

if TYPE_CHECKING:
    from convive.observatory.map.drawing import Sheet
    from convive.observatory.map.presenters import Area, AreaMap
    from convive.observatory.selection import Selection


def areas_body(
    shown: AreaMap, sheet: Sheet, selection: Selection, *, with_links: bool
) -> str:
    return drawing.areas(
        drawing.Drawn(
            data=sheet.paths[area.path],
            style=shown.styles[area.path],
            title=words(area, shown),
            href=link(area, shown, selection) if with_links else "",
            is_own=area.is_own,
        )
        for area in shown.areas
        if area.path in sheet.paths
    )


def areas_figure(shown: AreaMap, selection: Selection) -> str:
    sheet = scope.sheet_of(shown.boundaries)
    if sheet is None:
        return ""
    body = areas_body(shown, sheet, selection, with_links=True)
    label = _("Map: %(title)s, %(period)s. The table holds the same numbers.") % {
        "title": shown.about.title,
        "period": shown.about.period,
    }
    return drawing.figure(sheet.frame, body, label)


def words(area: Area, shown: AreaMap) -> str:
    """What a pointer or a screen reader is told of an area."""
    name = f"{area.name} ({area.above})" if area.above else area.name
    if area.count is None:
        return f"{name}: {area.count_text}"
    counted = _("%(count)s incidents") % {"count": area.count_text}
    if area.rate is None or not shown.is_rate:
        return f"{name}: {counted}"
    rate = _("%(rate)s per 100,000 (95 %% interval %(interval)s)") % {
        "rate": area.rate_text,
        "interval": area.interval,
    }
    return f"{name}: {rate}, {counted}"


def link(area: Area, shown: AreaMap, selection: Selection) -> str:
    """A click goes into the place; a zone has no map of its own, but figures."""
    is_leaf = shown.scope.kind == PlaceKind.ZONE or area.is_own
    name = "observatory:overview" if is_leaf else "observatory:map"
    query = dataclasses.replace(selection, where=area.path).query
    return f"{reverse(name)}?{query}"


@dataclass(frozen=True)
class Row:
    """A line of the table, with where its name leads."""

    area: Area
    href: str
    style: str


def rows(shown: AreaMap, selection: Selection) -> tuple[Row, ...]:
    return tuple(
        Row(
            area,
            link(area, shown, selection) if area.path else "",
            shown.styles.get(area.path, ""),
        )
        for area in shown.areas
    )


@dataclass(frozen=True)
class Switch:
    label: str
    query: str
    is_current: bool


def switches(shown: AreaMap, selection: Selection) -> tuple[Switch, ...]:
    """Rates or counts, and which parts of a country."""
    drawn = shown.scope
    measure = "rate" if shown.is_rate else "count"
    labels = {"rate": _("Rates"), "count": _("Counts")} if shown.has_rates else {}
    by_measure = [
        Switch(label, f"{selection.query}&parts={drawn.kind}&measure={m}", m == measure)
        for m, label in labels.items()
    ]
    kept = f"&measure={drawn.measure}" if drawn.measure else ""
    by_kind = [
        Switch(_kind_label(k), f"{selection.query}&parts={k}{kept}", k == drawn.kind)
        for k in drawn.kinds
    ]
    return (*by_measure, *(by_kind if len(by_kind) > 1 else ()))


def _kind_label(kind: PlaceKind) -> str:
    names = {
        PlaceKind.DEPARTMENT: _("By department"),
        PlaceKind.MUNICIPALITY: _("By municipality"),
    }
    return names.get(kind, str(kind.label))


def layer(shown: AreaMap, selection: Selection) -> dict[str, Any]:
    """The areas for the interactive map, as light as a screen allows."""
    sheet = scope.sheet_of(shown.boundaries)
    tolerance = 0.0 if sheet is None else 0.8 / sheet.frame.scale
    features = area_features(shown, 10.0**-4, tolerance)
    by_path = {area.path: area for area in shown.areas}
    for feature in features:
        area = by_path[feature["properties"]["path"]]
        feature["properties"] = {
            "words": words(area, shown),
            "style": shown.styles[area.path],
            "fill": drawing.FILLS[shown.styles[area.path]],
            "href": link(area, shown, selection),
            "own": area.is_own,
        }
    return {"type": "FeatureCollection", "features": features}
