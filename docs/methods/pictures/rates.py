"""Pictures of rates, their ratios and their standardisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drawing import ALARM, INK, QUIET, SAFE, draw
from places import NAMES, POPULATION, counts

from convive.stats import crude_rate, directly_standardised_rate, rate_ratio

if TYPE_CHECKING:
    from drawing import Texts

PER = ("a year per 100,000", "por año y 100,000 habitantes")


def intervals(x: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    """A bar from `lower` to `upper` and a point at `estimate`."""
    bar = {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y}
    return [
        {"mark": {"type": "rule", "size": 3, "color": QUIET}, "encoding": bar},
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {
                "x": {**x, "field": "estimate"},
                "y": y,
                "color": {"value": SAFE},
            },
        },
    ]


def crude(said: Texts) -> dict[str, Any]:
    rate = crude_rate(counts(7), POPULATION).to_frame()
    rows = [{"place": n, **r} for n, r in zip(NAMES, rate.to_dicts(), strict=True)]
    x = {
        "type": "quantitative",
        "title": said(f"homicides {PER[0]}", f"homicidios {PER[1]}"),
        "axis": {"tickCount": 8},
    }
    y = {
        "field": "place",
        "type": "nominal",
        "sort": NAMES,
        "title": None,
        "axis": {"labelLimit": 220},
    }
    return {
        "title": said(
            "The fewer the people, the wider what chance allows",
            "Cuanta menos gente, más ancho lo que el azar permite",
        ),
        "height": 340,
        "data": {"values": rows},
        "layer": intervals(x, y),
    }


def ratio(said: Texts) -> dict[str, Any]:
    before, after = counts(21), counts(22)
    rows = []
    for name, people, first, second in zip(
        NAMES, POPULATION, before.tolist(), after.tolist(), strict=True
    ):
        found = rate_ratio(second, people, first, people)
        if first and second:
            rows.append(
                {
                    "place": name,
                    "estimate": found.estimate,
                    "lower": max(found.lower, 0.05),
                    "upper": min(found.upper, 20),
                }
            )
    x = {
        "type": "quantitative",
        "scale": {"type": "log", "domain": [0.05, 20], "nice": False},
        "axis": {"values": [0.1, 0.25, 0.5, 1, 2, 4, 10]},
        "title": said(
            "this year's rate over last year's",
            "tasa de este año sobre la del anterior",
        ),
    }
    y = {
        "field": "place",
        "type": "nominal",
        "sort": NAMES,
        "title": None,
        "axis": {"labelLimit": 220},
    }
    one = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": ALARM, "strokeDash": [4, 3]},
        "encoding": {"x": {"datum": 1}},
    }
    return {
        "title": said(
            "Bars across 1: no change is proven",
            "Barras sobre el 1: sin cambio probado",
        ),
        "height": 300,
        "data": {"values": rows},
        "layer": [one, *intervals(x, y)],
    }


def standardised(said: Texts) -> dict[str, Any]:
    # Ages 0-14, 15-29, 30-44, 45 and over: equal rates at each age in both places.
    young, old = [64_000, 68_000, 32_000, 20_000], [36_000, 38_000, 44_000, 66_000]
    standard = [1_700_000, 1_700_000, 1_200_000, 1_400_000]
    events = [[4, 61, 16, 4], [2, 34, 22, 13]]
    both = [young, old]
    crude_of = crude_rate([sum(e) for e in events], [sum(p) for p in both])
    rate_of = directly_standardised_rate(events, both, standard)
    names = said("young town", "pueblo joven"), said("older town", "pueblo mayor")
    rows = [
        {
            "place": name,
            "kind": kind,
            "estimate": float(rate.estimate[i]),
            "lower": float(rate.lower[i]),
            "upper": float(rate.upper[i]),
        }
        for kind, rate in (
            (said("crude", "bruta"), crude_of),
            (said("standardised", "estandarizada"), rate_of),
        )
        for i, name in enumerate(names)
    ]
    x = {
        "type": "quantitative",
        "title": said(f"homicides {PER[0]}", f"homicidios {PER[1]}"),
    }
    y = {"field": "place", "type": "nominal", "sort": list(names), "title": None}
    panel = {
        "field": "kind",
        "type": "nominal",
        "sort": None,
        "title": None,
        "header": {
            "labelAngle": 0,
            "labelAlign": "left",
            "labelFontSize": 13,
            "labelColor": INK,
        },
    }
    return {
        "title": said(
            "As if both had the country's ages",
            "Como si ambos tuvieran las edades del país",
        ),
        "data": {"values": rows},
        "facet": {"row": panel},
        "spec": {"width": 460, "height": 80, "layer": intervals(x, y)},
    }


if __name__ == "__main__":
    draw("crude_rate", crude)
    draw("rate_ratio", ratio)
    draw("directly_standardised_rate", standardised)
