"""Pictures of the tests of space-time interaction, on invented burglaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, QUIET, SAFE, draw

from convive.stats import jacquez_test, knox_test, mantel_test, near_repeat

if TYPE_CHECKING:
    from drawing import Texts

EAST, NORTH = [2000, 3500], [300, 1900]
PALE_TO_RED = {"range": ["#ffffff", ALARM], "interpolate": "rgb"}
DISTANCES, DAYS = [100, 200, 300, 400], [7, 14, 21, 28]


def town(followed: int, events: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Burglaries around eight centres, some followed by others near and soon."""
    rng = np.random.default_rng(2007)
    centres = rng.uniform(500, 3500, (8, 2))
    xy = centres[rng.integers(0, 8, events)] + rng.normal(0, 300, (events, 2))
    days = rng.integers(0, 365, events)
    near = xy[:followed] + rng.normal(0, 60, (followed, 2))
    # One in four returns to the same house.
    near[::4] = xy[:followed:4]
    soon = days[:followed] + rng.integers(1, 10, followed)
    return np.vstack([xy, near]), np.concatenate([days, soon])


def knox(said: Texts) -> dict[str, Any]:
    test = knox_test(*town(60), DISTANCES, DAYS, 999, np.random.default_rng(1))
    rows = test.to_frame().to_dicts()
    for row in rows:
        row["words"] = f"{row['ratio']:.1f}" + ("*" if row["p_value"] <= 0.05 else "")
    x = {
        "field": "time_days",
        "type": "ordinal",
        "title": said("days between two events, up to", "días entre dos hechos, hasta"),
        "axis": {"labelAngle": 0},
    }
    y = {
        "field": "distance_m",
        "type": "ordinal",
        "title": said("metres between them, up to", "metros entre ellos, hasta"),
    }
    color = {
        "field": "ratio",
        "type": "quantitative",
        "title": said("observed / expected", "observado / esperado"),
        "scale": {**PALE_TO_RED, "domain": [1, 3], "clamp": True},
    }
    return {
        "title": said(
            "Pairs near in space and time, against chance (* p ≤ 0.05)",
            "Pares cercanos en espacio y tiempo, frente al azar (* p ≤ 0.05)",
        ),
        "data": {"values": rows},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": "rect", "encoding": {"color": color}},
            {
                "mark": {"type": "text", "fontSize": 14, "color": INK},
                "encoding": {"text": {"field": "words"}},
            },
        ],
    }


def repeats(said: Texts) -> dict[str, Any]:
    xy, days = town(60)
    found = near_repeat(xy, days, [150], [14], 999, np.random.default_rng(1))
    roles = found.roles()
    follows = roles.repeated + roles.near_repeated > 0
    parts = {
        "first": said("followed by others", "le siguieron otros"),
        "next": said("followed another", "siguió a otro"),
        "alone": said("neither", "ni lo uno ni lo otro"),
    }
    part = np.where(follows, "next", np.where(roles.is_originator, "first", "alone"))
    # A part of the town, so that the pairs can be told apart.
    extent = {"x": EAST, "y": NORTH}
    low, high = np.transpose([EAST, NORTH])
    shown = ((xy > low) & (xy < high)).all(axis=1)
    points = [
        {"x": round(x), "y": round(y), "part": parts[role]}
        for (x, y), role in zip(xy[shown].tolist(), part[shown].tolist(), strict=True)
    ]
    one, other = found.pairs.earlier, found.pairs.later
    both = shown[one] & shown[other]
    lines = [
        dict(zip(("x", "y", "x2", "y2"), line, strict=True))
        for line in np.round(np.hstack([xy[one], xy[other]])[both]).tolist()
    ]
    axes = {
        name: {
            "field": name,
            "type": "quantitative",
            "scale": {"domain": extent[name], "nice": False},
            "title": said(f"metres ({name})", f"metros ({name})"),
            "axis": {"tickCount": 6},
        }
        for name in ("x", "y")
    }
    color = {
        "field": "part",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(parts.values()), "range": [ALARM, SAFE, QUIET]},
        "legend": {"orient": "top"},
    }
    return {
        "title": said(
            "Within 150 m and 14 days of another",
            "A menos de 150 m y 14 días de otro",
        ),
        "height": 400,
        "layer": [
            {
                "data": {"values": lines},
                "mark": {"type": "rule", "color": QUIET, "aria": False},
                "encoding": {**axes, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "circle", "size": 45, "opacity": 1, "aria": False},
                "encoding": {**axes, "color": color},
            },
        ],
    }


def mantel(said: Texts) -> dict[str, Any]:
    rows = []
    for followed in range(0, 121, 20):
        test = mantel_test(
            *town(followed), 0, distance_constant_m=100, time_constant_days=7
        )
        rows.append(
            {
                "followed": followed,
                "statistic": test.statistic,
                "low": -2 * test.standard_deviation,
                "high": 2 * test.standard_deviation,
            }
        )
    x = {
        "field": "followed",
        "type": "quantitative",
        "title": said(
            "events of 400 that another follows near and soon",
            "hechos, de 400, a los que sigue otro cerca y pronto",
        ),
    }
    title = said("correlation over all pairs", "correlación entre todos los pares")
    y = {"field": "statistic", "type": "quantitative", "title": title}
    return {
        "title": said(
            "What chance allows (grey: two standard deviations)",
            "Lo que permite el azar (gris: dos desviaciones típicas)",
        ),
        "data": {"values": rows},
        "encoding": {"x": x},
        "layer": [
            {
                "mark": {"type": "area", "color": QUIET, "opacity": 0.4},
                "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "point": {"size": 70}, "color": SAFE},
                "encoding": {"y": y},
            },
        ],
    }


def jacquez(said: Texts) -> dict[str, Any]:
    test = jacquez_test(*town(60), 8, 999, np.random.default_rng(1))
    rows = test.to_frame().to_dicts()
    words = said("p up to 0.05", "p hasta 0.05"), said("larger p", "p mayor")
    for row in rows:
        row["share"] = words[row["p_value"] > 0.05]
    x = {
        "field": "neighbours",
        "type": "ordinal",
        "title": said(
            "nearest neighbours looked at (k)", "vecinos más cercanos que se miran (k)"
        ),
        "axis": {"labelAngle": 0},
    }
    title = said("shared, against chance", "compartidos, frente al azar")
    y = {"field": "ratio", "type": "quantitative", "title": title}
    color = {
        "field": "share",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(words), "range": [ALARM, QUIET]},
        "legend": {"orient": "top"},
    }
    return {
        "title": said(
            "Neighbours in space that are neighbours in time",
            "Vecinos en el espacio que lo son en el tiempo",
        ),
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "bar", "width": 40},
                "encoding": {"x": x, "y": y, "color": color},
            },
            {
                "data": {"values": [{"one": 1}]},
                "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
                "encoding": {"y": {"field": "one", "type": "quantitative"}},
            },
        ],
    }


if __name__ == "__main__":
    draw("knox_test", knox)
    draw("near_repeat", repeats)
    draw("mantel_test", mantel)
    draw("jacquez_test", jacquez)
