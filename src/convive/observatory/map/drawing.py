"""Outlines and counts as a light SVG: own projection, integers, no library."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import shapely

from convive.warehouse import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WIDTH, HEIGHT = 1000, 760
MARGIN = 8
# YlGnBu of ColorBrewer: told apart by the colour-blind and in grey print.
FILLS = {
    "c0": "#ffffcc",
    "c1": "#a1dab4",
    "c2": "#41b6c4",
    "c3": "#2c7fb8",
    "c4": "#253494",
    "zero": "#ffffff",
    "withheld": "url(#map-dots)",
    "no_data": "url(#map-hatch)",
    "no_population": "url(#map-hatch)",
}
INK, PAPER, LINE = "#1b2430", "#ffffff", "#5b6672"
PATTERNS = (
    '<pattern id="map-hatch" width="10" height="10" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="10" height="10" fill="#f2f2f2"/>'
    '<path d="M0 0V10" stroke="#8a8f96" stroke-width="4"/></pattern>'
    '<pattern id="map-dots" width="10" height="10" patternUnits="userSpaceOnUse">'
    '<rect width="10" height="10" fill="#ece6f0"/>'
    '<circle cx="5" cy="5" r="2" fill="#6b5a7a"/></pattern>'
)


@dataclass(frozen=True)
class Frame:
    """Degrees to units of the drawing: plate carrée, narrowed by the mid latitude."""

    west: float
    north: float
    scale: float  # units a degree of latitude
    squeeze: float
    width: int
    height: int

    def place(self, longitude: float, latitude: float) -> tuple[int, int]:
        x = (longitude - self.west) * self.squeeze * self.scale + MARGIN
        y = (self.north - latitude) * self.scale + MARGIN
        return round(x), round(y)


@dataclass(frozen=True)
class Sheet:
    """The outlines of a map, projected once."""

    frame: Frame
    paths: dict[str, str]  # SVG path data by place path


def frame_of(box: Box) -> Frame:
    squeeze = math.cos(math.radians((box.south + box.north) / 2))
    across = max((box.east - box.west) * squeeze, 1e-6)
    down = max(box.north - box.south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN) / down)
    return Frame(
        box.west,
        box.north,
        scale,
        squeeze,
        round(across * scale) + 2 * MARGIN,
        round(down * scale) + 2 * MARGIN,
    )


def project(shapes: Mapping[str, shapely.Geometry]) -> Sheet:
    paths = sorted(shapes)
    listed = [shapes[path] for path in paths]
    frame = frame_of(Box(*(float(edge) for edge in shapely.total_bounds(listed))))
    # Finer than a unit is not seen and weighs much.
    thin = shapely.simplify(listed, 1.0 / frame.scale)
    return Sheet(
        frame,
        {path: _data(shape, frame) for path, shape in zip(paths, thin, strict=True)},
    )


def _data(shape: shapely.Geometry, frame: Frame) -> str:
    rings = [
        ring
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
    return "".join(_ring(shapely.get_coordinates(ring), frame) for ring in rings)


def _ring(coordinates: Iterable[tuple[float, float]], frame: Frame) -> str:
    points = [frame.place(float(x), float(y)) for x, y in coordinates]
    steps, at = [], points[0]
    for x, y in points[1:-1]:
        if (x, y) != at:
            steps.append(f"{x - at[0]} {y - at[1]}")
            at = (x, y)
    if len(steps) < 2:  # a line is not an area
        return ""
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z"


@dataclass(frozen=True)
class Drawn:
    """One outline with its style, its words and where it leads."""

    data: str
    style: str
    title: str
    href: str = ""
    is_own: bool = False


def areas(drawn: Iterable[Drawn]) -> str:
    # The own place last, so that its thick line lies over its neighbours'.
    return "".join(_area(item) for item in sorted(drawn, key=lambda item: item.is_own))


def _area(item: Drawn) -> str:
    line = f'stroke="{INK}" stroke-width="4"' if item.is_own else ""
    path = (
        f'<path class="{item.style}" fill="{FILLS[item.style]}" {line} d="{item.data}">'
        f"<title>{escape(item.title)}</title></path>"
    )
    if not item.href:
        return path
    return f'<a href={quoteattr(item.href)} tabindex="-1">{path}</a>'


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    radius: float
    title: str


def dots(drawn: Iterable[Dot]) -> str:
    """Circles whose area, not width, is in proportion."""
    body = "".join(
        f'<circle cx="{dot.x}" cy="{dot.y}" r="{dot.radius:.1f}">'
        f"<title>{escape(dot.title)}</title></circle>"
        for dot in drawn
    )
    return (
        '<g class="dots" fill="#b0541f" fill-opacity=".6" stroke="#5c2708" '
        f'stroke-width=".7">{body}</g>'
    )


def figure(frame: Frame, body: str, label: str) -> str:
    """For a page: its colours follow the stylesheet, its words are the page's."""
    return (
        f'<svg class="map-drawing" viewBox="0 0 {frame.width} {frame.height}" '
        f'role="group" aria-label={quoteattr(label)}><defs>{PATTERNS}</defs>'
        f'<g stroke="{LINE}" stroke-width="1.2" stroke-linejoin="round">{body}</g>'
        "</svg>"
    )
