"""Pictures of rates of small areas: shrunken, mapped and set in a funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, QUIET, SAFE, draw
from places import NAMES, POPULATION, counts

from convive.stats import (
    bym2_rate,
    crude_rate,
    empirical_bayes_rate,
    funnel_limits,
    spatial_weights,
)

if TYPE_CHECKING:
    from drawing import Texts

SIDE = 14
PER = ("events a year per 100,000", "hechos por año y 100,000 habitantes")


def shrunken(said: Texts) -> dict[str, Any]:
    found = empirical_bayes_rate(counts(11), POPULATION)
    rows = [
        {"place": name, "people": people, "rate": rate, "end": end}
        for i, (name, people) in enumerate(zip(NAMES, POPULATION, strict=True))
        for end, rate in (
            (said("its own", "la propia"), found.crude[i]),
            (said("empirical Bayes", "bayesiana empírica"), found.estimate[i]),
        )
    ]
    x = {
        "field": "end",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelAngle": 0},
    }
    y = {"field": "rate", "type": "quantitative", "title": said(*PER)}
    size = {
        "field": "people",
        "type": "quantitative",
        "title": said("people", "habitantes"),
        "scale": {"range": [15, 350]},
    }
    return {
        "title": said(
            "Places of few people are drawn in most",
            "Los lugares de poca gente se mueven más",
        ),
        "data": {"values": rows},
        "height": 320,
        "layer": [
            {
                "mark": {"type": "line", "color": QUIET},
                "encoding": {"x": x, "y": y, "detail": {"field": "place"}},
            },
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "color": SAFE,
                    "opacity": 0.8,
                },
                "encoding": {"x": x, "y": y, "size": size},
            },
        ],
    }


def mapped(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(2016)
    row, column = np.indices((SIDE, SIDE)).reshape(2, -1)
    high = np.exp(-((row - 4) ** 2 + (column - 9) ** 2) / 14)
    people = rng.uniform(800, 9_000, SIDE**2)
    events = rng.poisson(people * 4e-4 * (0.6 + 3 * high))
    weights = spatial_weights(np.column_stack([row, column]), within_m=1.1)
    found = bym2_rate(events, people, weights)
    rows = [
        {"row": int(r), "column": int(c), "rate": min(float(v), 250), "kind": kind}
        for kind, values in (
            (said("crude", "bruta"), found.crude),
            ("BYM2", found.estimate),
        )
        for r, c, v in zip(row, column, values, strict=True)
    ]
    plain = {"type": "ordinal", "axis": None}
    return {
        "title": said(
            "196 invented places, the same year", "196 lugares inventados, el mismo año"
        ),
        "width": 240,
        "height": 240,
        "data": {"values": rows},
        "mark": "rect",
        "encoding": {
            "x": {**plain, "field": "column"},
            "y": {**plain, "field": "row"},
            "color": {
                "field": "rate",
                "type": "quantitative",
                "scale": {"scheme": "blues", "domain": [0, 250]},
                "title": [
                    said("events a year", "hechos por año"),
                    said("per 100,000", "y 100,000 hab."),
                ],
            },
            "column": {
                "field": "kind",
                "type": "nominal",
                "sort": [said("crude", "bruta"), "BYM2"],
                "title": None,
                "header": {"labelFontSize": 13, "labelColor": INK},
            },
        },
    }


def funnel(said: Texts) -> dict[str, Any]:
    events = counts(5)
    events[NAMES.index("Acajutla")] = 42
    rate = crude_rate(events, POPULATION)
    shared = float(events.sum() / POPULATION.sum() * 100_000)
    people = np.geomspace(4_500, 90_000, 60)
    rows = [
        {"people": n, "lower": low, "upper": high, "level": f"{level:.1%}"}
        for level in (0.95, 0.998)
        for n, low, high in zip(
            *vars(funnel_limits(shared, people, level)).values(), strict=True
        )
    ]
    points = [
        {"people": n, "rate": r, "place": name if name == "Acajutla" else ""}
        for name, n, r in zip(NAMES, POPULATION, rate.estimate, strict=True)
    ]
    x = {
        "field": "people",
        "type": "quantitative",
        "title": said("people", "habitantes"),
        "scale": {"domain": [0, 90_000]},
    }
    y = {"type": "quantitative", "title": said(*PER)}
    dash = {
        "field": "level",
        "type": "nominal",
        "title": said("limits", "límites"),
        "legend": {"symbolStrokeColor": INK},
    }
    lines = [
        {
            "data": {"values": rows},
            "mark": {"type": "line", "color": QUIET},
            "encoding": {"x": x, "y": {**y, "field": side}, "strokeDash": dash},
        }
        for side in ("lower", "upper")
    ]
    return {
        "title": said(
            "One place is outside what chance explains",
            "Un lugar está fuera de lo que el azar explica",
        ),
        "height": 300,
        "layer": [
            *lines,
            {
                "mark": {"type": "rule", "color": SAFE},
                "encoding": {"y": {"datum": shared}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "rate"},
                    "color": {
                        "condition": {"test": "datum.place != ''", "value": ALARM},
                        "value": SAFE,
                    },
                },
            },
            {
                "data": {"values": points},
                "mark": {"type": "text", "dx": 10, "align": "left", "fontSize": 12},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "rate"},
                    "text": {"field": "place"},
                },
            },
        ],
    }


if __name__ == "__main__":
    draw("empirical_bayes_rate", shrunken)
    draw("bym2_rate", mapped)
    draw("funnel_limits", funnel)
