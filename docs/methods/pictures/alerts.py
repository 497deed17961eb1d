"""Pictures of the alarms: Farrington, EARS, CUSUM, nowcast and false alarms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, INK, QUIET, SAFE, SPARE, draw

from convive.stats import (
    cusum_poisson,
    ears,
    expected_false_alarms,
    farrington_flexible,
    nowcast,
)

if TYPE_CHECKING:
    from drawing import Texts


# No empty weeks before the first and after the last.
_TIGHT = {"zero": False, "nice": False, "padding": 8}


def _x(title: str) -> dict[str, Any]:
    axis = {"grid": False, "tickMinStep": 1}
    return {"type": "quantitative", "title": title, "axis": axis, "scale": _TIGHT}


def _colours(names: list[str], colours: list[str]) -> dict[str, Any]:
    legend = {"orient": "bottom", "title": None, "labelLimit": 300}
    return {
        "type": "nominal",
        "scale": {"domain": names, "range": colours},
        "legend": legend,
    }


def _counts_and_lines(
    rows: list[dict[str, Any]], names: list[str], titles: tuple[str, str, str]
) -> dict[str, Any]:
    """Bars of counts, a line of each other name, and a point on each alarm."""
    title, x_title, y_title = titles
    counted, expected, bound, raised = names
    x = {"field": "period", **_x(x_title)}
    colour = _colours(names, [QUIET, SAFE, SPARE, ALARM])

    def layer(field: str, name: str, mark: dict[str, Any]) -> dict[str, Any]:
        y = {"field": field, "type": "quantitative", "title": y_title}
        return {
            "mark": mark,
            "encoding": {"x": x, "y": y, "color": {"datum": name, **colour}},
        }

    alarms = layer("observed", raised, {"type": "point", "filled": True, "size": 70})
    return {
        "title": title,
        "data": {"values": rows},
        "layer": [
            layer("observed", counted, {"type": "bar", "width": 6}),
            layer("expected", expected, {"type": "line"}),
            layer("upper_bound", bound, {"type": "line", "interpolate": "step-before"}),
            {**alarms, "transform": [{"filter": "datum.alarm"}]},
        ],
    }


def farrington(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(2013)
    week = np.arange(6 * 52 + 3)
    mean = 6 * np.exp(0.3 * np.sin(2 * np.pi * week / 52))
    counts = rng.poisson(mean)
    counts[-8:-3] += rng.poisson(8, 5)
    found = farrington_flexible(counts[None], start=len(week) - 52)
    rows = found.to_frame()
    rows = rows.tail(52).with_columns(period=rows["period"].tail(52) - week[-52] + 1)
    names = [
        said("injured by violence", "lesionados por violencia"),
        said("expected", "esperados"),
        said("upper bound (95 %)", "límite superior (95 %)"),
        said("alarm", "alarma"),
    ]
    title = said(
        "Sonsonate (invented): a rise that the season does not explain",
        "Sonsonate (inventado): un aumento que la temporada no explica",
    )
    titles = (title, said("week", "semana"), said("persons a week", "personas"))
    return _counts_and_lines(rows.to_dicts(), names, titles)


def of_ears(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(2003)
    counts = rng.poisson(4, 60)
    counts[44:48] += np.array([8, 11, 12, 9])
    rows = ears(counts[None], "C2").to_frame().to_dicts()
    names = [
        said("calls to 911", "llamadas al 911"),
        said("mean of the week before", "media de la semana previa"),
        said("bound (C2)", "límite (C2)"),
        said("alarm", "alarma"),
    ]
    title = said(
        "Calls of one district (invented): a week is enough to begin",
        "Llamadas de un distrito (inventado): basta una semana para empezar",
    )
    titles = (title, said("day", "día"), said("calls a day", "llamadas por día"))
    return _counts_and_lines(rows, names, titles)


def cusum(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(1985)
    counts = np.concatenate([rng.poisson(1.0, 40), rng.poisson(1.9, 20)])
    found = cusum_poisson(counts[None], 1.0, 2.0, run_length=260)
    rows = found.to_frame().to_dicts()
    names = [
        said("homicides", "homicidios"),
        said("cumulative sum", "suma acumulada"),
        said("decision interval", "límite de la suma"),
        said("alarm", "alarma"),
    ]
    x = {"field": "period", **_x(said("week", "semana"))}
    colour = _colours(names, [QUIET, SAFE, SPARE, ALARM])

    def layer(field: str, name: str, mark: dict[str, Any]) -> dict[str, Any]:
        y = {"field": field, "type": "quantitative", "title": said("events", "hechos")}
        return {
            "mark": mark,
            "encoding": {"x": x, "y": y, "color": {"datum": name, **colour}},
        }

    alarms = layer("statistic", names[3], {"type": "point", "filled": True, "size": 70})
    return {
        "title": said(
            "From week 40 on the mean is 1.9 and not 1 (invented)",
            "Desde la semana 40 la media es 1.9 y ya no 1 (inventado)",
        ),
        "data": {"values": rows},
        "layer": [
            layer("observed", names[0], {"type": "bar", "width": 6}),
            layer("statistic", names[1], {"type": "line"}),
            layer("decision_interval", names[2], {"type": "line"}),
            {**alarms, "transform": [{"filter": "datum.alarm"}]},
        ],
    }


def of_nowcast(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(1994)
    days, share = 40, np.array([0.3, 0.2, 0.15, 0.12, 0.1, 0.08, 0.05])
    mean = 12 * np.exp(0.4 * np.sin(np.arange(days) / 6))
    whole = rng.poisson(mean[:, None] * share).astype(float)
    unknown = np.arange(days)[::-1, None] < np.arange(len(share))
    rows = nowcast(np.where(unknown, np.nan, whole)).to_frame().tail(25).to_dicts()
    for row in rows:
        row["final"] = float(whole[row["period"]].sum())
    names = [
        said("reported so far", "reportados hasta hoy"),
        said("nowcast with 95 % limits", "corrección con límites de 95 %"),
        said("known in the end", "conocidos al final"),
    ]
    x = {"field": "period", **_x(said("day", "día"))}
    colour = _colours(names, [QUIET, SAFE, INK])

    def layer(
        field: str, name: str, mark: dict[str, Any], **more: Any
    ) -> dict[str, Any]:
        y = {"field": field, "type": "quantitative", "title": said("events", "hechos")}
        encoding = {"x": x, "y": y, "color": {"datum": name, **colour}, **more}
        return {"mark": mark, "encoding": encoding}

    return {
        "title": said(
            "The last days seem to fall: their reports are on the way (invented)",
            "Los últimos días parecen bajar: sus reportes vienen en camino (inventado)",
        ),
        "data": {"values": rows},
        "layer": [
            layer("observed", names[0], {"type": "bar", "width": 12}),
            layer(
                "lower", names[1], {"type": "rule", "size": 2}, y2={"field": "upper"}
            ),
            layer("estimate", names[1], {"type": "point", "filled": True, "size": 50}),
            layer(
                "final",
                names[2],
                {"type": "tick", "orient": "horizontal", "size": 16, "thickness": 2},
            ),
        ],
    }


def false_alarms(said: Texts) -> dict[str, Any]:
    rows = []
    per_week = [0.5, 1, 2, 4, 8, 16, 32]
    farrington = partial(farrington_flexible, start=263)
    for spread in (1, 2):
        name = said(
            f"dispersion {spread} (variance over mean)",
            f"dispersión {spread} (varianza entre media)",
        )
        rng = np.random.default_rng(2008)
        found = expected_false_alarms(
            farrington, per_week, spread, history=263, replicates=100, rng=rng
        )
        rows += [
            {"mean": mean, **row, "name": name}
            for mean, row in zip(per_week, found.to_frame().to_dicts(), strict=True)
        ]
    x = {
        "field": "mean",
        "type": "quantitative",
        "scale": {"type": "log", "base": 2},
        "title": said("events a week", "hechos por semana"),
    }
    y_title = said("false alarms a year", "falsas alarmas al año")
    y = {"field": "estimate", "type": "quantitative", "title": y_title}
    legend = {"orient": "bottom", "title": None, "labelLimit": 300}
    colour = {"field": "name", "type": "nominal", "legend": legend}
    shared = {"x": x, "color": colour}
    nominal = {"mark": {"type": "rule", "strokeDash": [4, 4], "color": QUIET}}
    return {
        "title": said(
            "Farrington at a level of 95 %: one week in twenty would be 2.6 a year",
            "Farrington con nivel de 95 %: una semana de cada veinte daría 2.6 al año",
        ),
        "data": {"values": rows},
        "layer": [
            {**nominal, "encoding": {"y": {"datum": 2.6}}},
            {"mark": {"type": "line", "point": True}, "encoding": {**shared, "y": y}},
            {
                "mark": "rule",
                "encoding": {
                    **shared,
                    "y": {**y, "field": "lower"},
                    "y2": {"field": "upper"},
                },
            },
        ],
    }


if __name__ == "__main__":
    draw("farrington_flexible", farrington)
    draw("ears", of_ears)
    draw("cusum_poisson", cusum)
    draw("nowcast", of_nowcast)
    draw("expected_false_alarms", false_alarms)
