"""Picture of a rolling back-test of marked areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, SAFE, draw

from convive.stats import rolling_backtest

if TYPE_CHECKING:
    from drawing import Texts

CELLS, DAYS = 400, 3 * 364


def backtest(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(16)
    risk = rng.gamma(0.5, 1, CELLS)
    events = 2_400
    test = rolling_backtest(
        rng.choice(CELLS, events, p=risk / risk.sum()),
        rng.uniform(0, DAYS, events),
        np.ones(CELLS),
        history_days=364,
        window_days=28,
        rng=rng,
    )
    mean = test.mean("hit_rate")
    steps = test.to_frame().with_row_index("step", offset=1).to_dicts()
    band = [{"low": mean.lower, "high": mean.upper, "middle": mean.estimate}]
    x = {
        "field": "step",
        "type": "quantitative",
        "title": said("window of 28 days", "período de 28 días"),
        "scale": {"domain": [0, len(steps) + 1], "nice": False},
    }
    percent = {"axis": {"format": ".0%"}, "scale": {"domain": [0, 0.5]}}
    y = {
        "field": "hit_rate",
        "type": "quantitative",
        "title": said("robberies in the marked cells", "robos en las celdas marcadas"),
        **percent,
    }
    chance = said("chance: 5 %", "azar: 5 %")
    return {
        "title": said(
            "Robberies held by the 5 % of cells that were busiest in the year before",
            "Robos en el 5 % de celdas con más robos en el año anterior",
        ),
        "layer": [
            {
                "data": {"values": band},
                "mark": {"type": "rect", "color": SAFE, "opacity": 0.2},
                "encoding": {
                    "y": {**y, "field": "low"},
                    "y2": {"field": "high"},
                },
            },
            {
                "data": {"values": band},
                "mark": {"type": "rule", "color": SAFE, "strokeWidth": 2},
                "encoding": {"y": {**y, "field": "middle"}},
            },
            {
                "data": {"values": steps},
                "mark": {"type": "line", "point": True, "color": INK},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": [{"hit_rate": 0.05, "label": chance}]},
                "mark": {"type": "rule", "color": ALARM, "strokeDash": [6, 4]},
                "encoding": {"y": y},
            },
            {
                "data": {"values": [{"hit_rate": 0.05, "step": 0, "label": chance}]},
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 4,
                    "dy": -8,
                    "fontSize": 12,
                    "color": ALARM,
                },
                "encoding": {"x": x, "y": y, "text": {"field": "label"}},
            },
        ],
    }


if __name__ == "__main__":
    draw("prediction_accuracy_index", backtest)
