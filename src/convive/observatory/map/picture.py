"""The map as a file of its own: title, legend and sources are in the picture."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import vl_convert
from django.utils.translation import gettext as _

from convive.observatory.map import drawing
from convive.observatory.map.drawing import FILLS, INK, LINE, PAPER, PATTERNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convive.observatory.map.drawing import Frame
    from convive.observatory.map.presenters import AreaMap, LegendRow

WIDTH = drawing.WIDTH
HEAD = 92
ROW = 34
LINE_HEIGHT = 24
LETTERS = 105  # of a note, to a line
FONT = "DejaVu Sans, Arial, sans-serif"


def svg(frame: Frame, body: str, shown: AreaMap, notes: Sequence[str]) -> bytes:
    legend = _legend(shown.legend, HEAD + frame.height + 20)
    begin = HEAD + frame.height + 40 + ROW * ((len(shown.legend) + 1) // 2)
    lines = [line for note in notes for line in textwrap.wrap(note, LETTERS)]
    height = begin + LINE_HEIGHT * len(lines) + 16
    left = (WIDTH - frame.width) // 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="{FONT}" fill="{INK}">',
        f"<defs>{PATTERNS}</defs>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        _text(16, 40, 28, shown.about.title),
        _text(16, 74, 20, f"{shown.measure_label} · {shown.about.period}"),
        f'<g transform="translate({left} {HEAD})" stroke="{LINE}" stroke-width="1.2" '
        f'stroke-linejoin="round">{body}</g>',
        legend,
        *_notes(lines, begin),
        "</svg>",
    ]
    return "".join(parts).encode()


def png(content: bytes) -> bytes:
    drawn: bytes = vl_convert.svg_to_png(content.decode(), scale=1.5)
    return drawn


def notes_of(shown: AreaMap, extra: Iterable[str] = ()) -> list[str]:
    """What a reader of the file must know, with where the outlines come from."""
    said = list(shown.about.notes)
    if shown.about.is_simulated:
        said.insert(0, _("Simulated data."))
    said += [*extra, *shown.sentences]
    said += [_("Outlines: %(source)s") % {"source": one} for one in shown.origins]
    return said


def _legend(rows: Sequence[LegendRow], top: int) -> str:
    drawn = []
    for position, row in enumerate(rows):
        x, y = 16 + (position % 2) * (WIDTH // 2), top + (position // 2) * ROW
        drawn.append(
            f'<rect x="{x}" y="{y}" width="40" height="24" fill="{FILLS[row.style]}" '
            f'stroke="{LINE}"/>'
            + _text(x + 52, y + 19, 18, f"{row.label}  (n = {row.size})")
        )
    return "".join(drawn)


def _notes(lines: Sequence[str], top: int) -> list[str]:
    return [
        _text(16, top + LINE_HEIGHT * position, 16, line)
        for position, line in enumerate(lines)
    ]


def _text(x: int, y: int, size: int, words: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}">{escape(words)}</text>'
