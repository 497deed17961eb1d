"""Pictures of autocorrelation: of a whole town, and of each of its blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, QUIET, SAFE, SPARE, draw

from convive.stats import (
    false_discovery_threshold,
    getis_ord_g_star,
    local_moran,
    moran_i,
    spatial_weights,
)

if TYPE_CHECKING:
    from drawing import Texts

WIDE, HIGH = 30, 14
XY = np.stack(np.divmod(np.arange(WIDE * HIGH), HIGH), axis=1)
NEIGHBOURS = spatial_weights(XY, within_m=1.5)


def robberies() -> np.ndarray:
    """Robberies a block of an invented town with two busy corners and a quiet edge."""
    near = np.hypot(*(XY - [7, 9]).T), np.hypot(*(XY - [21, 4]).T)
    mean = 2 + 5 * np.exp(-((near[0] / 2.2) ** 2)) + 4 * np.exp(-((near[1] / 1.6) ** 2))
    mean *= np.where(XY[:, 0] > 25, 0.25, 1)
    return np.random.default_rng(503).poisson(mean)


def blocks(**columns: np.ndarray) -> list[dict[str, Any]]:
    named = {"x": XY[:, 0], "y": XY[:, 1], **columns}
    lists = (values.tolist() for values in named.values())
    return [dict(zip(named, row, strict=True)) for row in zip(*lists, strict=True)]


def board(color: dict[str, Any]) -> dict[str, Any]:
    """Blocks as squares."""
    axis = {"type": "ordinal", "axis": None}
    return {
        "mark": {"type": "rect", "stroke": "white", "strokeWidth": 0.5},
        "encoding": {
            "x": {"field": "x", **axis},
            "y": {"field": "y", "sort": "descending", **axis},
            "color": color,
        },
    }


def whole(said: Texts) -> dict[str, Any]:
    values, weights = robberies(), NEIGHBOURS.row_standardised()
    rng = np.random.default_rng(1)
    shuffled = [
        moran_i(rng.permutation(values), weights, 0).statistic for _ in range(999)
    ]
    found = moran_i(values, weights, 999, np.random.default_rng(1))
    x = {
        "field": "I",
        "type": "quantitative",
        "title": said("Moran's I", "I de Moran"),
    }
    label = f"I = {found.statistic:.2f}, p = {found.p_value:.3f}"
    return {
        "title": said(
            "Robberies of a town beside 999 shuffles of its blocks",
            "Robos de una ciudad frente a 999 barajadas de sus cuadras",
        ),
        "layer": [
            {
                "data": {"values": [{"I": round(value, 4)} for value in shuffled]},
                "mark": {"type": "bar", "color": QUIET},
                "encoding": {
                    "x": {**x, "bin": {"step": 0.01}},
                    "y": {
                        "aggregate": "count",
                        "title": said("shuffles", "barajadas"),
                    },
                },
            },
            {
                "data": {"values": [{"I": found.statistic}]},
                "mark": {"type": "rule", "color": ALARM, "strokeWidth": 3},
                "encoding": {"x": x},
            },
            {
                "data": {"values": [{"I": found.statistic, "label": label}]},
                "mark": {
                    "type": "text",
                    "align": "right",
                    "dx": -8,
                    "fontSize": 13,
                    "color": ALARM,
                },
                "encoding": {"x": x, "y": {"value": 20}, "text": {"field": "label"}},
            },
        ],
    }


def quadrants(said: Texts) -> dict[str, Any]:
    found = local_moran(robberies(), NEIGHBOURS, exact=True)
    kinds = {
        "high-high": (said("high among high", "alta entre altas"), ALARM),
        "low-low": (said("low among low", "baja entre bajas"), SAFE),
        "high-low": (said("high among low", "alta entre bajas"), SPARE),
        "low-high": (said("low among high", "baja entre altas"), INK),
        "": (said("not beyond chance", "no más que el azar"), "#e4e7eb"),
    }
    called = np.where(found.is_significant(0.05), found.quadrant, "")
    color = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {
            "domain": [name for name, _ in kinds.values()],
            "range": [shade for _, shade in kinds.values()],
        },
    }
    return {
        "title": said(
            "Blocks unlike what chance alone would place",
            "Cuadras distintas de lo que dejaría el azar",
        ),
        "data": {"values": blocks(kind=np.array([kinds[name][0] for name in called]))},
        **board(color),
    }


def scores(said: Texts) -> dict[str, Any]:
    found = getis_ord_g_star(robberies(), NEIGHBOURS, exact=True)
    color = {
        "field": "score",
        "type": "quantitative",
        "title": "Gi*",
        "scale": {"scheme": "blueorange", "domainMid": 0},
    }
    values = blocks(score=found.statistic.round(2), called=found.is_significant(0.05))
    dots = board({"value": INK})
    return {
        "title": said(
            "Hot and cold spots; a dot where a false discovery rate of 5 % calls them",
            "Focos calientes y fríos; punto donde se declaran con 5 % de falsos",
        ),
        "data": {"values": values},
        "layer": [
            board(color),
            {
                **dots,
                "transform": [{"filter": "datum.called"}],
                "mark": {"type": "circle", "size": 26, "opacity": 1},
            },
        ],
    }


def discoveries(said: Texts) -> dict[str, Any]:
    p = np.sort(local_moran(robberies(), NEIGHBOURS, exact=True).p_value)
    limit = false_discovery_threshold(p, 0.05)
    shown = 60
    names = {
        True: said("called", "declarada"),
        False: said("not called", "no declarada"),
    }
    rows = [
        {"rank": k + 1, "p": float(f"{p[k]:.3g}"), "kind": names[bool(p[k] <= limit)]}
        for k in range(shown)
    ]
    line = [{"rank": k, "p": 0.05 * k / len(p)} for k in (0, shown)]
    x = {
        "field": "rank",
        "type": "quantitative",
        "title": said(
            f"rank of the p-value, of {len(p)}", f"lugar del valor p, entre {len(p)}"
        ),
    }
    y = {
        "field": "p",
        "type": "quantitative",
        "title": said("p-value", "valor p"),
        "scale": {"domain": [0, 0.03], "clamp": True},
    }
    color = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(names.values()), "range": [ALARM, QUIET]},
    }
    return {
        "title": said(
            "The last point below the line, and all before it, are called",
            "Se declaran el último punto bajo la línea y todos los anteriores",
        ),
        "layer": [
            {
                "data": {"values": line},
                "mark": {"type": "line", "color": INK},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "point", "filled": True, "opacity": 1},
                "encoding": {"x": x, "y": y, "color": color},
            },
        ],
    }


if __name__ == "__main__":
    draw("moran_i", whole)
    draw("local_moran", quadrants)
    draw("getis_ord_g_star", scores)
    draw("false_discovery_threshold", discoveries)
