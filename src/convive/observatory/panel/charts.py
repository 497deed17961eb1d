"""The panel's charts as Vega-Lite specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

from convive.observatory.panel.compute import INNER, OUTER
from convive.stats import funnel_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convive.observatory.panel.presenters import FunnelPart, PanelPage

WIDTH, HEIGHT = 760, 320
OWN, MIDDLE, WIDE, NARROW, OTHER = "#b0541f", "#14506b", "#e3eef3", "#a9c9d8", "#4a7a3a"
POINT = "#7c8894"
LIMIT_POINTS = 80
# Above this share of the points nothing is cut off; a few extreme ones set no scale.
_SHOWN_SHARE = 99.7

Spec = dict[str, Any]


def years_spec(page: PanelPage) -> Spec:
    """Bands of the panel's rates by year, the place over them."""
    spread = [
        {
            "year": band.year,
            **dict(
                zip(("p5", "p25", "p50", "p75", "p95"), band.percentiles, strict=True)
            ),
        }
        for band in page.bands
        if band.percentiles
    ]
    own = [
        {
            "year": row.year,
            "rate": float(row.own.rate.estimate),
            "lower": float(row.own.rate.lower),
            "upper": float(row.own.rate.upper),
            "who": page.place.name,
        }
        for row in page.rows
        if row.own
    ]
    layers = [*_bands(spread), *_own_points(own)]
    if page.unit:
        layers.append(_other(page))
    return _frame(page.panel.name_text, layers)


def _frame(title: str, layers: Sequence[Spec]) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "background": "white",
        "title": {"text": title, "anchor": "start"},
        "layer": list(layers),
        "config": {"font": "DejaVu Sans, Arial, sans-serif", "axis": {"grid": False}},
    }


def _x_year() -> Spec:
    axis = {"format": "d", "title": None, "tickMinStep": 1}
    return {
        "field": "year",
        "type": "quantitative",
        "axis": axis,
        "scale": {"zero": False, "nice": False, "padding": 12},
    }


def _y(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": _("Rate per 100,000"),
        "scale": {"zero": True},
    }


def _colours() -> Spec:
    words = [_("5 to 95 %"), _("25 to 75 %"), _("median")]
    return {"domain": words, "range": [WIDE, NARROW, MIDDLE]}


def _bands(spread: list[Spec]) -> list[Spec]:
    if not spread:
        return []
    data = {"values": spread}
    colour = {"type": "nominal", "scale": _colours(), "legend": {"title": None}}
    wide, narrow, middle = _colours()["domain"]

    def layer(mark: Spec, low: str, high: str | None, word: str) -> Spec:
        encoding: Spec = {
            "x": _x_year(),
            "y": _y(low),
            "color": {"datum": word, **colour},
        }
        if high:
            encoding["y2"] = {"field": high}
        return {"data": data, "mark": mark, "encoding": encoding}

    area = {"type": "area", "opacity": 1}
    return [
        layer(area, "p5", "p95", wide),
        layer(area, "p25", "p75", narrow),
        layer({"type": "line", "strokeWidth": 2}, "p50", None, middle),
    ]


def _own_points(own: list[Spec]) -> list[Spec]:
    if not own:
        return []
    data = {"values": own}
    rule = {"type": "rule", "color": OWN, "strokeWidth": 2}
    point = {"type": "point", "filled": True, "size": 70, "color": OWN, "opacity": 1}
    word = {"type": "text", "align": "right", "dx": -8, "dy": -8, "color": OWN,
            "fontWeight": "bold", "fontSize": 13}  # fmt: skip
    whisker = {"x": _x_year(), "y": _y("lower"), "y2": {"field": "upper"}}
    named = {"data": {"values": own[:1]}, "mark": word}
    spot = {"x": _x_year(), "y": _y("rate")}
    return [
        {"data": data, "mark": rule, "encoding": whisker},
        {"data": data, "mark": point, "encoding": spot},
        named | {"encoding": spot | {"text": {"field": "who"}}},
    ]


def _other(page: PanelPage) -> Spec:
    years = page.unit.years if page.unit else ()
    values = [{"year": y.year, "rate": y.value} for y in years if y.value is not None]
    mark = {"type": "line", "color": OTHER, "strokeDash": [6, 3], "strokeWidth": 2}
    encoding = {"x": _x_year(), "y": _y("rate")}
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def unit_spec(page: PanelPage) -> Spec:
    """One of the panel's places by itself, over the panel's bands."""
    spread = years_spec(page)
    title = page.unit.name if page.unit else ""
    return spread | {"title": {"text": title, "anchor": "start"}}


def funnel_spec(part: FunnelPart, place: str) -> Spec:
    """Rate against population, with the limits of chance around the mean."""
    funnel = part.funnel
    top = float(np.percentile(funnel.rate, _SHOWN_SHARE))
    if part.own:
        top = max(top, float(part.own.rate.estimate))
    top *= 1.1
    points = [
        {"population": float(n), "rate": round(float(min(rate, top)), 2)}
        for n, rate in zip(funnel.population, funnel.rate, strict=True)
    ]
    dots = {"type": "point", "size": 14, "color": POINT, "filled": True, "opacity": 0.6}
    layers = [
        {"data": {"values": points}, "mark": dots, "encoding": _xy(top)},
        *_limits(funnel.population, funnel.mean, top),
    ]
    if part.own:
        spot = {
            "population": part.own.population,
            "rate": float(part.own.rate.estimate),
            "who": place,
        }
        data, point = {"values": [spot]}, {"type": "point", "filled": True, "size": 110}
        text = {"type": "text", "dy": -14, "color": OWN, "fontWeight": "bold",
                "fontSize": 13}  # fmt: skip
        layers += [
            {
                "data": data,
                "mark": point | {"color": OWN, "opacity": 1},
                "encoding": _xy(top),
            },
            {
                "data": data,
                "mark": text,
                "encoding": _xy(top) | {"text": {"field": "who"}},
            },
        ]
    return _frame(str(part.year), layers)


def _xy(top: float, field: str = "rate") -> Spec:
    return {
        "x": {
            "field": "population",
            "type": "quantitative",
            "scale": {"type": "log", "nice": False, "padding": 8},
            "axis": {"title": _("Residents"), "format": ",.0f", "tickCount": 6},
        },
        "y": _y(field) | {"scale": {"domain": [0, top], "nice": False}},
    }


def _limits(population: Any, mean: float, top: float) -> list[Spec]:  # noqa: ANN401
    grid = np.geomspace(population.min(), population.max(), LIMIT_POINTS)
    layers: list[Spec] = []
    for level, dash in ((INNER, [5, 3]), (OUTER, [1, 0])):
        limits = funnel_limits(mean, grid, level)
        for line in (limits.lower, limits.upper):
            values = [
                {"population": float(n), "rate": float(value)}
                for n, value in zip(grid, line, strict=True)
                if value <= top
            ]
            mark = {"type": "line", "color": MIDDLE, "strokeDash": dash}
            layers.append(
                {"data": {"values": values}, "mark": mark, "encoding": _xy(top)}
            )
    middle = {"type": "rule", "color": MIDDLE, "strokeWidth": 1.5}
    only_y = {"y": _xy(top)["y"]}
    layers.append(
        {"data": {"values": [{"rate": mean}]}, "mark": middle, "encoding": only_y}
    )
    return layers
