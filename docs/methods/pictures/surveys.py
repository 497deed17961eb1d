"""Picture of a survey's shares, with and without its clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, SAFE, draw

from convive.stats import survey_proportion

if TYPE_CHECKING:
    from drawing import Texts


def shares(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(2019)
    clusters, answers = 40, 25
    own = rng.normal(0, 0.8, clusters)[:, None]
    woman = rng.random((clusters, answers)) < 0.52
    afraid = rng.random((clusters, answers)) < 1 / (1 + np.exp(-own - 0.5 * woman))
    block = np.repeat(range(clusters), answers)
    weights = np.repeat(rng.uniform(50, 150, clusters), answers)
    rows = []
    for name, part in (
        (said("women", "mujeres"), woman),
        (said("men", "hombres"), ~woman),
    ):
        y = np.where(part, afraid, np.nan).ravel()
        for kind, given in (
            (said("with its clusters", "con sus conglomerados"), {"clusters": block}),
            (said("as if drawn one by one", "como si fuera persona por persona"), {}),
        ):
            found = survey_proportion(y, weights, **given)
            rows.append(
                {
                    "group": name,
                    "kind": kind,
                    "estimate": 100 * found.estimate,
                    "lower": 100 * found.lower,
                    "upper": 100 * found.upper,
                }
            )
    x = {
        "type": "quantitative",
        "title": said(
            "afraid to walk alone at night (%)", "con miedo a caminar de noche (%)"
        ),
        "scale": {"zero": False},
    }
    y = {"field": "group", "type": "nominal", "sort": None, "title": None}
    apart = {"field": "kind", "sort": None}
    colour = {
        **apart,
        "type": "nominal",
        "title": None,
        "scale": {"range": [SAFE, ALARM]},
        "legend": {"orient": "bottom", "labelLimit": 300},
    }
    return {
        "title": said("Neighbours answer alike", "Los vecinos responden parecido"),
        "height": 180,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "rule", "size": 3},
                "encoding": {
                    "x": {**x, "field": "lower"},
                    "x2": {"field": "upper"},
                    "y": y,
                    "yOffset": apart,
                    "color": colour,
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {
                    "x": {**x, "field": "estimate"},
                    "y": y,
                    "yOffset": apart,
                    "color": colour,
                },
            },
        ],
    }


if __name__ == "__main__":
    draw("survey_mean", shares)
