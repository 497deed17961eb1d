"""Pictures of withholding, of the attack on it and of rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, QUIET, SAFE, SPARE, draw

from convive.stats import attack_table, round_table, suppress_table

if TYPE_CHECKING:
    from drawing import Texts

THRESHOLD = 5
PLACES = ["Acajutla", "Izalco", "Juayúa", "Nahuizalco", "Sonsonate"]
OFFENCES = [("homicide", "homicidio"), ("assault", "lesiones"), ("robbery", "robo")]
OFFENCES += [("extortion", "extorsión"), ("theft", "hurto")]
# Invented.
COUNTS = np.array(
    [
        [9, 31, 22, 12, 48],
        [6, 18, 0, 7, 25],
        [2, 12, 9, 8, 14],
        [7, 16, 11, 3, 19],
        [21, 64, 58, 33, 97],
    ]
)


def names(said: Texts) -> tuple[list[str], list[str]]:
    total = said("total", "total")
    return [*PLACES, total], [*(said(*offence) for offence in OFFENCES), total]


def withheld(said: Texts) -> dict[str, Any]:
    places, offences = names(said)
    true = suppress_table(COUNTS, 1).with_margins
    shown = suppress_table(COUNTS, THRESHOLD).with_margins
    kinds = [
        said("shown", "se publica"),
        said("withheld: 1 to 4", "se reserva: de 1 a 4"),
        said("withheld: hides those", "se reserva: oculta esas"),
    ]
    rows = [
        {
            "place": places[row],
            "offence": offences[column],
            "kind": kinds[int(hidden) + int(hidden and count >= THRESHOLD)],
            "count": f"{count:.0f}",
        }
        for (row, column), count in np.ndenumerate(true)
        for hidden in [np.isnan(shown[row, column])]
    ]
    x = {"field": "offence", "sort": offences, "title": None, "type": "nominal"}
    y = {"field": "place", "sort": places, "title": None, "type": "nominal"}
    colour = {
        "field": "kind",
        "scale": {"domain": kinds, "range": ["#e4e7eb", ALARM, SPARE]},
        "title": None,
        "legend": {"orient": "bottom", "labelLimit": 300},
    }
    axis = {"axis": {"orient": "top", "labelAngle": 0}}
    is_shown = f"datum.kind === '{kinds[0]}'"
    ink = {"condition": {"test": is_shown, "value": INK}, "value": "white"}
    return {
        "title": said(
            "Two small counts, and what is withheld to hide them",
            "Dos cantidades pequeñas, y lo que se reserva para ocultarlas",
        ),
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "white", "strokeWidth": 2},
                "encoding": {"x": x | axis, "y": y, "color": colour},
            },
            {
                "mark": {"type": "text", "fontSize": 13},
                "encoding": {
                    "x": x | axis,
                    "y": y,
                    "text": {"field": "count"},
                    "color": ink,
                },
            },
        ],
    }


def attacked(said: Texts) -> dict[str, Any]:
    places, offences = names(said)
    true = suppress_table(COUNTS, 1).with_margins
    bounds = attack_table(suppress_table(COUNTS, THRESHOLD))
    rows = [
        {
            "cell": f"{places[row]}, {offences[column]}",
            "lower": lower,
            "upper": upper,
            "count": true[row, column],
        }
        for (row, column), lower, upper in zip(
            bounds.position, bounds.lower.round(6), bounds.upper.round(6), strict=True
        )
    ]
    title = said("events", "hechos")
    x = {"field": "lower", "type": "quantitative", "title": title}
    x |= {"scale": {"domain": [0, 10]}, "axis": {"tickMinStep": 1}}
    y = {"field": "cell", "title": None, "sort": None, "axis": {"labelLimit": 220}}
    rule = said("threshold: 5", "umbral: 5")
    return {
        "title": said(
            "What a reader can work out (bar), and the count (point)",
            "Lo que se puede deducir (barra) y la cantidad (punto)",
        ),
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "bar", "height": 12, "color": QUIET},
                "encoding": {"x": x, "x2": {"field": "upper"}, "y": y},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                "encoding": {
                    "x": x | {"field": "count"},
                    "y": y,
                    "color": {
                        "condition": {
                            "test": f"datum.count < {THRESHOLD}",
                            "value": ALARM,
                        },
                        "value": SAFE,
                    },
                },
            },
            {
                "data": {"values": [{"at": THRESHOLD, "label": rule}]},
                "mark": {"type": "rule", "strokeDash": [4, 3], "color": INK},
                "encoding": {"x": {"field": "at", "type": "quantitative"}},
            },
            {
                "data": {"values": [{"at": THRESHOLD, "label": rule}]},
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 12},
                "encoding": {
                    "x": {"field": "at", "type": "quantitative"},
                    "y": {"value": -6},
                    "text": {"field": "label"},
                },
            },
        ],
    }


def rounded(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(1987)
    counts = np.arange(21).reshape(3, 7)
    runs = [round_table(counts, 5, rng=rng).values.ravel() for _ in range(500)]
    rows = [
        {"count": int(count), "shown": int(shown), "share": round(share, 3)}
        for count, column in zip(counts.ravel(), np.array(runs).T, strict=True)
        for shown, times in zip(*np.unique(column, return_counts=True), strict=True)
        for share in [float(times / len(runs))]
    ]
    x = {
        "field": "count",
        "type": "quantitative",
        "title": said("events counted", "hechos contados"),
    }
    y = {
        "field": "shown",
        "type": "quantitative",
        "title": said("number published", "número publicado"),
        "axis": {"values": [0, 5, 10, 15, 20]},
    }
    size = {
        "field": "share",
        "type": "quantitative",
        "title": said("share of 500 roundings", "parte de 500 redondeos"),
        "scale": {"range": [5, 200]},
        "legend": {"format": ".0%", "values": [0.2, 0.6, 1]},
    }
    line = [{"count": 0, "shown": 0}, {"count": 20, "shown": 20}]
    return {
        "title": said(
            "The nearer multiple is the likelier: the mean stays the count",
            "El múltiplo más cercano es más probable: la media no cambia",
        ),
        "data": {"values": rows},
        "layer": [
            {
                "data": {"values": line},
                "mark": {"type": "line", "color": QUIET, "strokeDash": [4, 3]},
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "point", "filled": True, "color": SAFE, "opacity": 1},
                "encoding": {"x": x, "y": y, "size": size},
            },
        ],
    }


if __name__ == "__main__":
    draw("suppress_table", withheld)
    draw("attack_table", attacked)
    draw("round_table", rounded)
