"""Picture of the classes of a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, QUIET, SAFE, SPARE, draw

from convive.stats import natural_breaks

if TYPE_CHECKING:
    from drawing import Texts


def breaks(said: Texts) -> dict[str, Any]:
    rates = np.sort(np.random.default_rng(262).gamma(1.4, 22, 262)).round(1)
    found = natural_breaks(rates, 5)
    names = [
        said(
            f"{low:.1f} to {high:.1f}: {size} places",
            f"{low:.1f} a {high:.1f}: {size} lugares",
        )
        for low, high, size in found.to_frame().rows()
    ]
    rows = [
        {"rank": rank + 1, "rate": rate, "class": names[found.of(rate)]}
        for rank, rate in enumerate(rates.tolist())
    ]
    return {
        "title": said(
            "Homicides per 100,000 in 262 municipalities, five natural classes",
            "Homicidios por 100,000 en 262 municipios, cinco clases naturales",
        ),
        "data": {"values": rows},
        "mark": {"type": "circle", "opacity": 1, "size": 28},
        "encoding": {
            "x": {
                "field": "rank",
                "type": "quantitative",
                "title": said(
                    "municipalities, from the lowest rate on",
                    "municipios, desde la tasa más baja",
                ),
            },
            "y": {
                "field": "rate",
                "type": "quantitative",
                "title": said("rate", "tasa"),
            },
            "color": {
                "field": "class",
                "type": "nominal",
                "title": None,
                "scale": {
                    "domain": names,
                    "range": [QUIET, SAFE, SPARE, ALARM, INK],
                },
            },
        },
    }


if __name__ == "__main__":
    draw("natural_breaks", breaks)
