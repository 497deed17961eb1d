"""Vega-Lite to the SVG files of the methods' pages, one a language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import vl_convert

if TYPE_CHECKING:
    from collections.abc import Callable

    # The English and the Spanish of a text; the one of the picture comes back.
    Texts = Callable[[str, str], str]

FOLDER = Path(__file__).parent
INK, QUIET, ALARM, SAFE, SPARE = "#1f2933", "#9aa5b1", "#b3261e", "#0b6e8f", "#b07d12"
CONFIG = {
    "background": "white",
    "font": "DejaVu Sans, sans-serif",
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "gridColor": "#e4e7eb"},
    "legend": {"labelFontSize": 12, "titleFontSize": 12},
    "title": {"fontSize": 14, "anchor": "start"},
    "range": {"category": [SAFE, ALARM, SPARE, QUIET, INK]},
}


def draw(name: str, specify: Callable[[Texts], dict[str, Any]]) -> None:
    """Write `name`-en.svg and `name`-es.svg."""
    for language, place in (("en", 0), ("es", 1)):
        spec = specify(lambda *texts, place=place: texts[place])
        spec.setdefault("width", 600)
        spec.setdefault("height", 280)
        locale = {"format_locale": "es-MX"} if language == "es" else {}
        svg = vl_convert.vegalite_to_svg({**spec, "config": CONFIG}, **locale)
        (FOLDER / f"{name}-{language}.svg").write_text(svg, encoding="utf-8")
