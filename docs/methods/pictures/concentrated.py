"""Pictures of how few places hold how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, QUIET, SAFE, draw

from convive.stats import crime_concentration, gini, lorenz_curve

if TYPE_CHECKING:
    from drawing import Texts

STREETS = 400


def risks() -> np.ndarray:
    risk = np.random.default_rng(20).gamma(0.6, 1, STREETS)
    return risk / risk.sum()


def lorenz(said: Texts) -> dict[str, Any]:
    counts = np.random.default_rng(21).multinomial(2_000, risks())
    curve = lorenz_curve(counts)
    rows = [
        {"places": round(x, 4), "events": round(y, 4)}
        for x, y in zip(curve.places.tolist(), curve.events.tolist(), strict=True)
    ][::4]
    x = {
        "field": "places",
        "type": "quantitative",
        "title": said(
            "share of the streets, from the quietest on",
            "parte de las calles, desde la más tranquila",
        ),
        "axis": {"format": ".0%"},
    }
    y = {
        "field": "events",
        "type": "quantitative",
        "title": said("share of the robberies", "parte de los robos"),
        "axis": {"format": ".0%"},
    }
    same = [{"places": 0, "events": 0}, {"places": 1, "events": 1}]
    label = [{"places": 0.42, "events": 0.62, "label": f"Gini {gini(counts):.2f}"}]
    return {
        "title": said("Robberies of 400 streets", "Robos en 400 calles"),
        "layer": [
            {
                "data": {"values": same},
                "mark": {"type": "line", "color": QUIET, "strokeDash": [6, 4]},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "area", "color": SAFE, "opacity": 0.25, "line": True},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": label},
                "mark": {"type": "text", "fontSize": 14, "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "label"}},
            },
        ],
    }


def corrected(said: Texts) -> dict[str, Any]:
    rng, alike = np.random.default_rng(22), np.full(STREETS, 1 / STREETS)
    plain = said("plain Gini", "Gini simple")
    ours = said("corrected", "corregido")
    even = said("corrected, all alike", "corregido, todas iguales")
    rows = []
    for events in (10, 20, 40, 80, 150, 300, 600, 1_200, 2_500, 5_000):
        found, other = (
            [
                crime_concentration(counts)
                for counts in rng.multinomial(events, risk, 200)
            ]
            for risk in (risks(), alike)
        )
        of = {
            plain: [one.gini for one in found],
            ours: [one.estimate for one in found],
            even: [one.estimate for one in other],
        }
        rows += [
            {"events": events, "kind": kind, "gini": round(np.mean(values), 4)}
            for kind, values in of.items()
        ]
    names = [plain, ours, even]
    return {
        "title": said(
            "400 unequal streets, with more and more events",
            "400 calles desiguales, con más y más hechos",
        ),
        "data": {"values": rows},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {
                "field": "events",
                "type": "quantitative",
                "scale": {"type": "log"},
                "title": said("events in all", "hechos en total"),
                "axis": {"values": [10, 100, 1000], "format": ",d"},
            },
            "y": {
                "field": "gini",
                "type": "quantitative",
                "title": said("coefficient", "coeficiente"),
                "scale": {"domain": [0, 1]},
            },
            "color": {
                "field": "kind",
                "type": "nominal",
                "title": None,
                "scale": {"domain": names, "range": [ALARM, SAFE, QUIET]},
                "legend": {"labelLimit": 240},
            },
        },
    }


if __name__ == "__main__":
    draw("lorenz_curve", lorenz)
    draw("crime_concentration", corrected)
