"""Picture of the exact Poisson interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import QUIET, SAFE, draw

from convive.stats import poisson_interval

if TYPE_CHECKING:
    from drawing import Texts


def poisson(said: Texts) -> dict[str, Any]:
    count = np.arange(0, 31)
    rows = poisson_interval(count).to_frame().to_dicts()
    x = {
        "field": "estimate",
        "type": "quantitative",
        "title": said("events counted", "hechos contados"),
        "scale": {"domain": [-1, 31], "nice": False},
    }
    limit = said("mean that would allow them (95 %)", "media que los permite (95 %)")
    y = {"field": "lower", "type": "quantitative", "title": limit}
    return {
        "title": said("How much few events say", "Cuánto dicen pocos hechos"),
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "bar", "width": 8, "color": QUIET},
                "encoding": {"x": x, "y": y, "y2": {"field": "upper"}},
            },
            {
                "mark": {"type": "point", "filled": True, "color": SAFE, "opacity": 1},
                "encoding": {"x": x, "y": {**y, "field": "estimate"}},
            },
        ],
    }


if __name__ == "__main__":
    draw("poisson_interval", poisson)
