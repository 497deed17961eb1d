"""Pictures of the scan statistics, on invented cases around Sonsonate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import ALARM, QUIET, SAFE, draw

from convive.stats import bernoulli_scan, poisson_scan, space_time_permutation_scan

if TYPE_CHECKING:
    from drawing import Texts
    from numpy.typing import NDArray

    from convive.stats import Cluster

    Floats = NDArray[np.float64]

AREAS, DAYS = 60, 180
RNG = np.random.default_rng(1824)
XY = RNG.uniform((0, 0), (24_000, 11_000), (AREAS, 2))
PEOPLE = RNG.lognormal(7, 0.5, AREAS)
NEAR = np.argsort(np.hypot(*(XY - XY[7]).T))[:5]


def outline(cluster: Cluster) -> list[dict[str, float]]:
    angles = np.linspace(0, 2 * np.pi, 73)
    reach = cluster.radius_m + 200
    return [
        {
            "x": (cluster.x_m + reach * np.cos(angle)) / 1000,
            "y": (cluster.y_m + reach * np.sin(angle)) / 1000,
            "order": number,
        }
        for number, angle in enumerate(angles)
    ]


def axes(said: Texts) -> tuple[dict[str, Any], dict[str, Any]]:
    km = {"type": "quantitative", "axis": {"grid": False}}
    return (
        {
            **km,
            "field": "x",
            "title": said("km east", "km al este"),
            "scale": {"domain": [0, 26]},
        },
        {
            **km,
            "field": "y",
            "title": said("km north", "km al norte"),
            "scale": {"domain": [0, 12]},
        },
    )


def heading(said: Texts, cluster: Cluster, text: str) -> dict[str, str]:
    words = said(
        f"In the circle: {cluster.observed} seen, {cluster.expected:.1f} expected, "
        f"p = {cluster.p_value:.3f}",
        f"En el círculo: {cluster.observed} vistos, {cluster.expected:.1f} esperados, "
        f"p = {cluster.p_value:.3f}",
    )
    return {"text": text, "subtitle": words}


def circled(
    said: Texts, cluster: Cluster, places: dict[str, Any]
) -> list[dict[str, Any]]:
    x, y = axes(said)
    line = {
        "data": {"values": outline(cluster)},
        "mark": {"type": "line", "color": ALARM, "strokeWidth": 2.5},
        "encoding": {"x": x, "y": y, "order": {"field": "order"}},
    }
    return [places, line]


def dots(
    said: Texts, values: Floats, title: str, colour: dict[str, Any]
) -> dict[str, Any]:
    x, y = axes(said)
    rows = [
        {"x": px / 1000, "y": py / 1000, "size": float(size), "value": float(value)}
        for (px, py), (size, value) in zip(XY, values, strict=True)
    ]
    size = {"field": "size", "type": "quantitative", "title": title}
    return {
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "opacity": 0.9},
        "encoding": {"x": x, "y": y, "size": size, **colour},
    }


def permutation(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(2005)
    chance = PEOPLE / PEOPLE.sum()
    area = np.append(rng.choice(AREAS, 700, p=chance), rng.choice(NEAR, 25))
    day = np.append(rng.integers(0, DAYS, 700), rng.integers(120, 129, 25))
    most = space_time_permutation_scan(
        area, day, XY, max_days=30, replications=999, rng=rng
    ).clusters[0]
    inside = np.isin(area, most.areas)
    counts = [
        {
            "day": int(number),
            "cases": int((day[inside] == number).sum()),
            "is_in": bool(most.start <= number <= most.end),
        }
        for number in range(DAYS)
    ]
    values = np.column_stack([np.bincount(area, minlength=AREAS), np.zeros(AREAS)])
    quiet = {"color": {"value": QUIET}}
    dated = said(
        f"Cases in the circle by day; days {most.start} to {most.end} in red",
        f"Casos en el círculo por día; en rojo, del día {most.start} al {most.end}",
    )
    return {
        "vconcat": [
            {
                "title": heading(
                    said,
                    most,
                    said(
                        "Where and when cases bunch beyond the usual",
                        "Dónde y cuándo se juntan más casos que lo usual",
                    ),
                ),
                "width": 600,
                "height": 275,
                "layer": circled(
                    said, most, dots(said, values, said("cases", "casos"), quiet)
                ),
            },
            {
                "title": dated,
                "width": 600,
                "height": 110,
                "data": {"values": counts},
                "mark": {"type": "bar", "width": 2.6},
                "encoding": {
                    "x": {
                        "field": "day",
                        "type": "quantitative",
                        "title": said("day", "día"),
                        "scale": {"domain": [0, DAYS], "nice": False},
                    },
                    "y": {
                        "field": "cases",
                        "type": "quantitative",
                        "title": said("cases", "casos"),
                        "axis": {"tickMinStep": 1},
                    },
                    "color": {
                        "condition": {"test": "datum.is_in", "value": ALARM},
                        "value": SAFE,
                    },
                },
            },
        ]
    }


def shares(
    said: Texts, cluster: Cluster, texts: list[str], rows: Floats
) -> dict[str, Any]:
    title, size, value, form = texts
    colour = {
        "color": {
            "field": "value",
            "type": "quantitative",
            "title": value,
            "scale": {"range": ["#dbe7ec", SAFE]},
            "legend": {"format": form},
        }
    }
    return {
        "title": heading(said, cluster, title),
        "height": 275,
        "layer": circled(said, cluster, dots(said, rows, size, colour)),
        "resolve": {"scale": {"color": "independent"}},
    }


def poisson(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(1997)
    risk = np.ones(AREAS)
    risk[NEAR] = 2.2
    cases = rng.poisson(PEOPLE * risk * 0.004)
    most = poisson_scan(cases, PEOPLE, XY, rng=rng).clusters[0]
    title = said(
        f"Rates inside are {most.relative_risk:.1f} times those outside",
        f"Las tasas de adentro son {most.relative_risk:.1f} veces las de afuera",
    )
    texts = [title, said("people", "habitantes"), said("per 1,000", "por 1,000"), ".0f"]
    rows = np.column_stack([PEOPLE, 1000 * cases / PEOPLE])
    return shares(said, most, texts, rows)


def bernoulli(said: Texts) -> dict[str, Any]:
    rng = np.random.default_rng(1995)
    robberies = rng.poisson(PEOPLE * 0.012) + 1
    chance = np.full(AREAS, 0.25)
    chance[NEAR] = 0.6
    armed = rng.binomial(robberies, chance)
    most = bernoulli_scan(armed, robberies - armed, XY, rng=rng).clusters[0]
    title = said(
        "Robberies with a firearm among all robberies",
        "Robos con arma de fuego entre todos los robos",
    )
    texts = [
        title,
        said("robberies", "robos"),
        said("with a firearm", "con arma"),
        ".0%",
    ]
    rows = np.column_stack([robberies, armed / robberies])
    return shares(said, most, texts, rows)


if __name__ == "__main__":
    draw("space_time_permutation_scan", permutation)
    draw("poisson_scan", poisson)
    draw("bernoulli_scan", bernoulli)
