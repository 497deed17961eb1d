"""Vega-Lite specifications, drawn to SVG or PNG on the server: the common part."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import vl_convert
from django.utils import formats
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convive.observatory.presenters import About

    Spec = dict[str, Any]

# Legible to the colour-blind and on white paper.
SURE, PROVISIONAL = "#14506b", "#e0a458"
WIDTH, HEIGHT = 760, 260
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
THEME = {"font": "DejaVu Sans, Arial, sans-serif", "axis": {"grid": False}}


def _theme() -> Spec:
    """Numbers as the reader's language writes them."""
    number = {
        "decimal": formats.get_format("DECIMAL_SEPARATOR"),
        "thousands": formats.get_format("THOUSAND_SEPARATOR"),
        "grouping": [3],
        "currency": ["", ""],
    }
    return THEME | {"locale": {"number": number}}


def framed(about: About, title: str, chart: Spec) -> Spec:
    """A chart that says what it shows wherever it is pasted."""
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": HEIGHT,
        "background": "white",
        "title": {
            "text": title,
            "subtitle": about.caption,
            "subtitleColor": "#4a5666",
            "anchor": "start",
        },
        "config": _theme(),
    } | chart


def told(**fields: str) -> list[Spec]:
    """What the mouse is told of a mark: field and its name in the reader's language."""
    return [{"field": field, "title": title} for field, title in fields.items()]


def bars(about: About, title: str, groups: Sequence[tuple[str, int]]) -> Spec:
    """Lying bars in the order of their table."""
    values = [{"group": label, "count": count} for label, count in groups]
    chart = {
        "height": {"step": 22},
        "data": {"values": values},
        "mark": {"type": "bar", "color": SURE},
        "encoding": {
            "tooltip": told(group=_("Group"), count=_("Incidents")),
            "y": {
                "field": "group",
                "type": "nominal",
                "sort": None,
                "title": None,
                "axis": {"labelLimit": 240},
            },
            "x": {
                "field": "count",
                "type": "quantitative",
                "title": _("Incidents"),
                "axis": {"tickMinStep": 1},
            },
        },
    }
    return framed(about, title, chart)


def to_svg(spec: Spec) -> bytes:
    return _draw(json.dumps(spec, sort_keys=True), "svg")


def to_png(spec: Spec) -> bytes:
    return _draw(json.dumps(spec, sort_keys=True), "png")


def described(svg: bytes, lines: Sequence[str]) -> bytes:
    """The drawing with its source in words inside, for whoever opens the file."""
    words = escape(" · ".join(lines)).encode()
    head, mark, rest = svg.partition(b">")
    return head + mark + b"<desc>" + words + b"</desc>" + rest


@functools.lru_cache(maxsize=128)
def _draw(spec: str, kind: str) -> bytes:
    if kind == "png":
        png: bytes = vl_convert.vegalite_to_png(spec, scale=2)
        return png
    svg: str = vl_convert.vegalite_to_svg(spec)
    return svg.encode()
