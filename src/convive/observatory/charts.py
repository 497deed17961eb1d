"""Vega-Lite specifications, drawn to SVG or PNG on the server."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

import vl_convert
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from convive.observatory.presenters import Series

# Legible to the colour-blind and on white paper.
SURE, PROVISIONAL = "#14506b", "#e0a458"
WIDTH, HEIGHT = 760, 260


def series_spec(series: Series) -> dict[str, Any]:
    """Bars by month; provisional months in another colour, unknown ones left out."""
    sure, provisional = _("final"), _("provisional")
    values = [
        {
            "month": row.month.isoformat(),
            "count": row.count,
            "state": provisional if row.is_provisional else sure,
        }
        for row in series.months
        if row.count is not None
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "background": "white",
        "title": {"text": series.about.title, "anchor": "start"},
        "data": {"values": values},
        "mark": "bar",
        "encoding": {
            "x": {
                "field": "month",
                "type": "temporal",
                "timeUnit": "yearmonth",
                "title": None,
            },
            "y": {"field": "count", "type": "quantitative", "title": _("Incidents")},
            "color": {
                "field": "state",
                "type": "nominal",
                "title": None,
                "scale": {
                    "domain": [sure, provisional],
                    "range": [SURE, PROVISIONAL],
                },
            },
        },
        "config": {"font": "DejaVu Sans, Arial, sans-serif", "axis": {"grid": False}},
    }


def to_svg(spec: dict[str, Any]) -> bytes:
    return _draw(json.dumps(spec, sort_keys=True), "svg")


def to_png(spec: dict[str, Any]) -> bytes:
    return _draw(json.dumps(spec, sort_keys=True), "png")


@functools.lru_cache(maxsize=128)
def _draw(spec: str, kind: str) -> bytes:
    if kind == "png":
        png: bytes = vl_convert.vegalite_to_png(spec, scale=2)
        return png
    svg: str = vl_convert.vegalite_to_svg(spec)
    return svg.encode()
