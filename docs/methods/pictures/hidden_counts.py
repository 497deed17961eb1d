"""Picture of hidden counts from two and three lists."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, SAFE, draw
from rates import intervals

from convive.stats import capture_recapture, chapman_estimate

if TYPE_CHECKING:
    from drawing import Texts

TRUE = 600


def lists() -> np.ndarray:
    """Whom the police know of, health more often knows of as well."""
    rng = np.random.default_rng(1972)
    police = rng.random(TRUE) < 0.45
    health = rng.random(TRUE) < np.where(police, 0.6, 0.25)
    schools = rng.random(TRUE) < 0.35
    return np.column_stack([police, health, schools])


def hidden(said: Texts) -> dict[str, Any]:
    cases = lists()
    names = [
        said("police", "policía"),
        said("health", "salud"),
        said("schools", "escuelas"),
    ]
    answers = {
        f"{names[i]} + {names[j]}": chapman_estimate(
            int(cases[:, i].sum()),
            int(cases[:, j].sum()),
            int((cases[:, i] & cases[:, j]).sum()),
        )
        for i, j in combinations(range(3), 2)
    }
    all_three = said("all three, on average", "los tres, en promedio")
    answers[all_three] = capture_recapture(cases[cases.any(axis=1)], names)
    rows = [
        {"lists": k, "estimate": v.estimate, "lower": v.lower, "upper": v.upper}
        for k, v in answers.items()
    ]
    x = {
        "type": "quantitative",
        "title": said("people in all", "personas en total"),
        "scale": {"zero": False, "domain": [340, 740]},
    }
    y = {
        "field": "lists",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 220},
    }
    marks = [(TRUE, ALARM, "truth"), (int(cases.any(axis=1).sum()), SAFE, "seen")]
    texts = {"truth": said("truth", "verdad"), "seen": said("on a list", "en listas")}
    rules = [
        {
            "data": {"values": [{"x": at, "text": texts[word]}]},
            "layer": [
                {
                    "mark": {"type": "rule", "color": colour, "strokeDash": [4, 3]},
                    "encoding": {"x": {"field": "x", "type": "quantitative"}},
                },
                {
                    "mark": {
                        "type": "text",
                        "align": "left",
                        "dx": 4,
                        "y": 8,
                        "color": colour,
                        "fontSize": 12,
                    },
                    "encoding": {
                        "x": {"field": "x", "type": "quantitative"},
                        "text": {"field": "text"},
                    },
                },
            ],
        }
        for at, colour, word in marks
    ]
    return {
        "title": said(
            "Two lists that depend on each other hide people",
            "Dos listas que dependen entre sí esconden gente",
        ),
        "height": 200,
        "data": {"values": rows},
        "layer": [*rules, *intervals(x, y)],
    }


if __name__ == "__main__":
    draw("capture_recapture", hidden)
