"""Pictures of the effect in one municipality beside places without the work.

The panel is invented: 24 municipalities, 60 months before and 12 after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, QUIET, SAFE, SPARE, draw

from convive.stats import (
    augmented_synthetic_control,
    conformal_interval,
    placebo_test,
    synthetic_control,
    synthetic_did,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drawing import Texts
    from numpy.typing import NDArray

UNITS, BEFORE, AFTER = 24, 60, 12
EFFECT = -5.0
HIGHER = 9.0
# Drawn once, not once a row of the data.
ONCE: dict[str, Any] = {"values": [{}]}


def panel() -> NDArray[np.float64]:
    """Monthly rates that share a course and a season; the work is in the first row."""
    rng = np.random.default_rng(503)
    months = np.arange(BEFORE + AFTER)
    course = np.cumsum(rng.normal(0, 0.5, (2, len(months))), axis=1)
    table = 22 + rng.normal(0, 3, (UNITS, 1)) + rng.normal(0, 1, (UNITS, 2)) @ course
    table += 2 * np.sin(2 * np.pi * months / 12)
    table += rng.normal(0, 1, table.shape)
    table[0] = 0.5 * table[3] + 0.3 * table[8] + 0.2 * table[12]
    table[0] += rng.normal(0, 0.8, len(months))
    table[0, BEFORE:] += EFFECT
    return table


def highest() -> NDArray[np.float64]:
    """The same, the work being in a place whose rates no mean of the others reaches."""
    table = panel()
    table[0] += HIGHER
    return table


def begun(said: Texts) -> list[dict[str, Any]]:
    """A line where the work begins, and what it says."""
    at = {"x": {"datum": BEFORE - 0.5, "type": "quantitative"}}
    words = {
        "type": "text",
        "text": said("work begins", "empieza el trabajo"),
        "align": "right",
        "dx": -6,
        "fontSize": 12,
        "color": INK,
    }
    line = {"type": "rule", "color": INK, "strokeDash": [4, 3]}
    return [
        {"data": ONCE, "mark": line, "encoding": at},
        {"data": ONCE, "mark": words, "encoding": {**at, "y": {"value": 8}}},
    ]


def month(said: Texts, title: str | None = None) -> dict[str, Any]:
    words = title or said("month", "mes")
    scale = {"zero": False, "nice": False}
    return {
        "field": "month",
        "type": "quantitative",
        "title": words,
        "scale": scale,
    }


def rate(said: Texts) -> dict[str, Any]:
    words = said("events per 100,000 a month", "hechos por 100 000 al mes")
    return {
        "field": "rate",
        "type": "quantitative",
        "title": words,
        "scale": {"zero": False},
    }


def courses(
    said: Texts,
    title: str,
    named: Iterable[tuple[str, NDArray[np.float64], str]],
) -> dict[str, Any]:
    """Lines over the months, each with its name and colour."""
    lines = list(named)
    values = [
        {"month": place, "rate": float(value), "line": name}
        for name, series, _colour in lines
        for place, value in enumerate(series)
    ]
    colour = {
        "field": "line",
        "type": "nominal",
        "title": None,
        "scale": {
            "domain": [name for name, _series, _colour in lines],
            "range": [colour for _name, _series, colour in lines],
        },
        "legend": {"orient": "bottom"},
    }
    encoding = {"x": month(said), "y": rate(said), "color": colour}
    drawn = {"mark": {"type": "line", "strokeWidth": 2}, "encoding": encoding}
    return {
        "title": title,
        "data": {"values": values},
        "layer": [drawn, *begun(said)],
    }


def twin(said: Texts) -> dict[str, Any]:
    fit = synthetic_control(panel(), 0, BEFORE)
    title = said(
        "A municipality and its synthetic twin", "Un municipio y su gemelo sintético"
    )
    return courses(
        said,
        title,
        [
            (said("municipality", "municipio"), fit.observed, ALARM),
            (said("synthetic twin", "gemelo sintético"), fit.expected, SAFE),
        ],
    )


def corrected(said: Texts) -> dict[str, Any]:
    table = highest()
    fit = augmented_synthetic_control(table, 0, BEFORE)
    plain = fit.simplex_weights @ table
    title = said(
        "No mean of the others is so high; the correction closes the distance",
        "Ninguna media de los demás es tan alta; la corrección cierra la distancia",
    )
    return courses(
        said,
        title,
        [
            (said("municipality", "municipio"), fit.observed, ALARM),
            (said("synthetic twin", "gemelo sintético"), plain, QUIET),
            (said("corrected twin", "gemelo corregido"), fit.expected, SAFE),
        ],
    )


def placebos(said: Texts) -> dict[str, Any]:
    test = placebo_test(panel(), 0, BEFORE)
    values = [
        {"month": place, "rate": float(value), "unit": unit}
        for unit, gaps in enumerate(test.gap)
        for place, value in enumerate(gaps)
    ]
    gap = said("rate less that of its twin", "tasa menos la de su gemelo")
    encoding = {
        "x": month(said),
        "y": {"field": "rate", "type": "quantitative", "title": gap},
        "detail": {"field": "unit", "type": "nominal"},
    }
    is_own = "datum.unit == 0"
    share = f"p = 1/{UNITS} = {test.p_value:.3f}"
    return {
        "title": said(
            f"The municipality (red) among 23 where nothing was done: {share}",
            f"El municipio (rojo) entre 23 donde nada se hizo: {share}",
        ),
        "data": {"values": values},
        "layer": [
            {
                "transform": [{"filter": f"!({is_own})"}],
                "mark": {"type": "line", "strokeWidth": 1, "color": QUIET},
                "encoding": {**encoding, "opacity": {"value": 0.6}},
            },
            {
                "transform": [{"filter": is_own}],
                "mark": {"type": "line", "strokeWidth": 2.5, "color": ALARM},
                "encoding": encoding,
            },
            *begun(said),
        ],
    }


def intervals(said: Texts) -> dict[str, Any]:
    found = conformal_interval(panel(), 0, BEFORE)
    values = [
        {**row, "month": row["period_after"] + 1} for row in found.to_frame().to_dicts()
    ]
    x = {
        **month(said, said("months since the work began", "meses desde que empezó")),
        "axis": {"values": list(range(1, AFTER + 1))},
        "scale": {"domain": [0.5, AFTER + 0.5]},
    }
    words = said("effect on the monthly rate", "efecto en la tasa mensual")
    y = {"field": "lower", "type": "quantitative", "title": words}
    average = {
        "data": {"values": [{"low": found.average_lower, "high": found.average_upper}]},
        "mark": {"type": "rect", "color": SAFE, "opacity": 0.18},
        "encoding": {
            "y": {"field": "low", "type": "quantitative"},
            "y2": {"field": "high"},
        },
    }
    return {
        "title": said(
            "Effect month by month, and on average (band), with 95 % intervals",
            "Efecto mes a mes, y en promedio (franja), con intervalos del 95 %",
        ),
        "data": {"values": values},
        "layer": [
            average,
            {
                "data": ONCE,
                "mark": {"type": "rule", "color": INK},
                "encoding": {"y": {"datum": 0, "type": "quantitative"}},
            },
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


def spread(said: Texts) -> dict[str, Any]:
    effect = synthetic_did(panel(), 0, BEFORE)
    title = said("estimate", "estimación")
    x = {"field": "estimate", "type": "quantitative", "title": title}
    values = [{"estimate": float(value)} for value in effect.placebo_estimates]
    own = {
        "estimate": effect.estimate,
        "lower": effect.lower,
        "upper": effect.upper,
        "words": said("the municipality, 95 %", "el municipio, 95 %"),
    }
    height = {"y": {"value": 70}}
    return {
        "title": said(
            "The effect, and what the method finds in 23 places without one",
            "El efecto, y lo que el método halla en 23 lugares sin ninguno",
        ),
        "height": 160,
        "data": {"values": [own]},
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "tick", "color": SPARE, "thickness": 2, "size": 30},
                "encoding": {"x": x, "y": {"value": 120}},
            },
            {
                "mark": {"type": "rule", "color": ALARM, "strokeWidth": 3},
                "encoding": {
                    "x": {**x, "field": "lower"},
                    "x2": {"field": "upper"},
                    **height,
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "color": ALARM},
                "encoding": {"x": x, **height},
            },
            {
                "mark": {"type": "text", "dy": -18, "fontSize": 12, "color": INK},
                "encoding": {"x": x, **height, "text": {"field": "words"}},
            },
            {
                "data": ONCE,
                "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
                "encoding": {"x": {"datum": 0, "type": "quantitative"}},
            },
        ],
    }


if __name__ == "__main__":
    draw("synthetic_control", twin)
    draw("augmented_synthetic_control", corrected)
    draw("placebo_test", placebos)
    draw("conformal_interval", intervals)
    draw("synthetic_did", spread)
