"""Pictures of what an intervention changed: series, panels, power, displacement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, QUIET, SAFE, SPARE, draw

from convive.stats import (
    interrupted_time_series,
    minimum_detectable_effect,
    staggered_did,
    weighted_displacement_quotient,
)

if TYPE_CHECKING:
    from drawing import Texts

START = 36


def field(name: str, title: str | None = None, **more: Any) -> dict[str, Any]:
    return {"field": name, "type": "quantitative", "title": title, **more}


def rule(axis: str, value: float, colour: str = INK) -> dict[str, Any]:
    return {
        "mark": {"type": "rule", "strokeDash": [4, 4], "color": colour},
        "encoding": {axis: {"datum": value}},
    }


def series(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(7)
    month = np.arange(60)
    past = 42 * 1.004**month * np.exp(0.15 * np.sin(np.pi * month / 6))
    counts = rng.poisson(past * np.where(month < START, 1, 0.72))
    found = interrupted_time_series(counts, START, frequency=12)
    rows = found.to_frame().to_dicts()
    x = field("period", said("month", "mes"), scale={"domain": [0, 60], "nice": False})
    title = said("assaults a month", "agresiones al mes")
    since = {"transform": [{"filter": f"datum.period >= {START}"}]}

    def line(name: str, colour: str) -> dict[str, Any]:
        return {
            "mark": {"type": "line", "color": colour, "strokeWidth": 2},
            "encoding": {"x": x, "y": field(name, title)},
        }

    band = since | {
        "mark": {"type": "area", "color": ALARM, "opacity": 0.15},
        "encoding": {"x": x, "y": field("lower", title), "y2": {"field": "upper"}},
    }
    points = {
        "mark": {"type": "point", "filled": True, "color": QUIET, "opacity": 1},
        "encoding": {"x": x, "y": field("observed", title)},
    }
    words = [
        {"period": 44, "fitted": 80, "say": said("without it", "sin programa")},
        {"period": 47, "fitted": 22, "say": said("with it", "con programa")},
        {"period": 20, "fitted": 68, "say": said("before", "antes")},
    ]
    text = {
        "data": {"values": words},
        "mark": {"type": "text", "fontSize": 12, "color": INK},
        "encoding": {"x": x, "y": field("fitted", title), "text": {"field": "say"}},
    }
    averted = round(found.averted[-1])
    return {
        "title": said(
            f"Some {averted} assaults fewer in two years than could be expected",
            f"Unas {averted} agresiones menos en dos años de las que cabía esperar",
        ),
        "data": {"values": rows},
        "layer": [
            band,
            points,
            line("fitted", SAFE),
            since | line("expected", ALARM),
            rule("x", START - 0.5),
            text,
        ],
    }


def panel(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    years, units = np.arange(2012, 2022), 90
    first = np.repeat([2015.0, 2017.0, 2019.0, np.inf], [20, 20, 20, 30])
    since = years - first[:, None]
    rates = rng.normal(60, 12, (units, 1)) + np.cumsum(rng.normal(0, 4, len(years)))
    rates = rates + rng.normal(0, 6, rates.shape)
    rates -= np.where(since >= 0, 4 + 2 * np.minimum(since, 3), 0)
    found = staggered_did(rates, first, periods=years, rng=rng)
    rows = found.by_event_time.to_frame().to_dicts()
    x = field(
        "at",
        said("years since the programme began", "años desde que empezó el programa"),
        scale={"domain": [-6.5, 6.5], "nice": False},
        axis={"tickCount": 13, "format": "d"},
    )
    title = said(
        "homicides a 100 000, more or fewer", "homicidios por 100 000, más o menos"
    )
    side = {
        "condition": {"test": "datum.at < 0", "value": QUIET},
        "value": SAFE,
    }

    def bars(lower: str, upper: str, width: int) -> dict[str, Any]:
        return {
            "mark": {"type": "rule", "strokeWidth": width},
            "encoding": {
                "x": x,
                "y": field(lower, title),
                "y2": {"field": upper},
                "color": side,
            },
        }

    return {
        "title": said(
            "No difference before, fewer homicides after",
            "Ninguna diferencia antes, menos homicidios después",
        ),
        "data": {"values": rows},
        "layer": [
            bars("band_lower", "band_upper", 1),
            bars("lower", "upper", 4),
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {"x": x, "y": field("estimate", title), "color": side},
            },
            rule("y", 0),
            rule("x", -0.5),
        ],
    }


def power(said: Texts) -> dict[str, Any]:
    rows = []
    for monthly in (5, 15, 50):
        found = minimum_detectable_effect(
            np.full(24, float(monthly)),
            12,
            reductions=np.arange(1, 31) / 50,
            simulations=2000,
            rng=np.random.default_rng(monthly),
        )
        name = said(f"{monthly} a month", f"{monthly} al mes")
        rows += [row | {"size": name} for row in found.to_frame().to_dicts()]
    x = field("reduction", said("true reduction", "reducción verdadera"))
    y = field(
        "power",
        said("evaluations that see it", "evaluaciones que la ven"),
        scale={"domain": [0, 1]},
    )
    x["axis"] = y["axis"] = {"format": ".0%"}
    sizes = list(dict.fromkeys(row["size"] for row in rows))
    colour = {
        "field": "size",
        "type": "nominal",
        "title": said("events before", "hechos antes"),
        "scale": {"domain": sizes, "range": [SPARE, ALARM, SAFE]},
    }
    return {
        "title": said(
            "A year before and a year after: what can be seen",
            "Un año antes y un año después: qué puede verse",
        ),
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            rule("y", 0.8),
        ],
    }


def displacement(said: Texts) -> dict[str, Any]:
    cases = (
        (said("spread of benefit", "el beneficio se extendió"), (400, 240), (300, 220)),
        (said("nothing moved", "nada se desplazó"), (400, 240), (300, 300)),
        (said("half moved", "la mitad se desplazó"), (400, 240), (300, 380)),
        (said("all moved and more", "se desplazó todo y más"), (400, 240), (300, 500)),
    )
    rows = []
    for name, target, buffer in cases:
        found = weighted_displacement_quotient(target, buffer, (900, 900))
        rows.append(found.to_frame().to_dicts()[0] | {"case": name})
    y = {
        "field": "case",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 220},
    }
    x = field(
        "lower",
        said(
            "weighted displacement quotient (95 %)",
            "cociente ponderado de desplazamiento (95 %)",
        ),
    )
    return {
        "title": said(
            "Of 160 events fewer inside, how many went next door",
            "De 160 hechos menos adentro, cuántos se fueron al lado",
        ),
        "height": 200,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 5, "color": QUIET},
                "encoding": {"x": x, "x2": {"field": "upper"}, "y": y},
            },
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 90,
                    "color": SAFE,
                    "opacity": 1,
                },
                "encoding": {"x": field("estimate", x["title"]), "y": y},
            },
            rule("x", 0),
            rule("x", -1, ALARM),
        ],
    }


if __name__ == "__main__":
    draw("interrupted_time_series", series)
    draw("staggered_did", panel)
    draw("minimum_detectable_effect", power)
    draw("weighted_displacement_quotient", displacement)
