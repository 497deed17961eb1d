"""Picture of a kernel density, on invented events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, draw

from convive.stats import kernel_density

if TYPE_CHECKING:
    from drawing import Texts

TOWN = (0, 0, 3600, 2000)
CELL = 100


def surface(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(1985)
    centres = np.array([[800, 1400], [2300, 700], [3500, 1500]])
    xy = centres[rng.choice(3, 140, p=[0.3, 0.5, 0.2])] + rng.normal(0, 320, (140, 2))
    xy = xy[((xy > 0) & (xy < TOWN[2:])).all(axis=1)]
    found = kernel_density(xy, 250, cell_m=CELL, window_m=TOWN)
    cells = [
        {
            "left": row["x_m"] - CELL / 2,
            "right": row["x_m"] + CELL / 2,
            "low": row["y_m"] - CELL / 2,
            "high": row["y_m"] + CELL / 2,
            "density": round(row["events_per_km2"], 1),
        }
        for row in found.to_frame().to_dicts()
    ]
    points = [{"x": round(x), "y": round(y)} for x, y in xy.tolist()]
    axes = {
        name: {
            "type": "quantitative",
            "scale": {"domain": [0, far], "nice": False},
            "title": said(f"metres ({name})", f"metros ({name})"),
        }
        for name, far in (("x", TOWN[2]), ("y", TOWN[3]))
    }
    color = {
        "field": "density",
        "type": "quantitative",
        "title": said("events per km²", "hechos por km²"),
        "scale": {"range": ["#ffffff", ALARM], "interpolate": "rgb"},
    }
    return {
        "title": said(
            "Gaussian kernel, bandwidth 250 m, edges corrected",
            "Núcleo gaussiano, ancho de 250 m, bordes corregidos",
        ),
        "height": 340,
        "layer": [
            {
                "data": {"values": cells},
                "mark": {"type": "rect", "strokeWidth": 0, "aria": False},
                "encoding": {
                    "x": {**axes["x"], "field": "left"},
                    "x2": {"field": "right"},
                    "y": {**axes["y"], "field": "low"},
                    "y2": {"field": "high"},
                    "color": color,
                },
            },
            {
                "data": {"values": points},
                "mark": {"type": "circle", "size": 12, "color": INK, "aria": False},
                "encoding": {
                    "x": {**axes["x"], "field": "x"},
                    "y": {**axes["y"], "field": "y"},
                },
            },
        ],
    }


if __name__ == "__main__":
    draw("kernel_density", surface)
