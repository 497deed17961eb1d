"""The Basque Country and California, with the covariates of the papers.

Abadie and Gardeazabal (2003): Catalonia 0.8508 and Madrid 0.1492. Abadie, Diamond and
Hainmueller (2010): Utah .334, Nevada .234, Montana .199, Colorado .164, Connecticut
.069; consumption lower by almost 20 packs a year on average in 1989-2000.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from convive.stats import synthetic_control
from tests.validation.shared_data import shared

# Half of the last published digit.
BASQUE = 0.00005
# The papers' search ended near ours, at a sum of squares no lower.
CALIFORNIA = 0.006
PACKS = 1.5


def panel_of(table, unit, year, outcome):
    wide = table.sort(year).pivot(on=year, index=unit, values=outcome)
    return wide[unit].to_list(), wide.drop(unit).to_numpy()


def means(table, names, unit, columns):
    """Mean of each column over its years, a row a unit."""
    found = []
    for column, first, last in columns:
        years = table.filter(pl.col("year").is_between(first, last))
        mean = dict(years.group_by(unit).agg(pl.col(column).mean()).iter_rows())
        found.append([mean[name] for name in names])
    return np.array(found, dtype=float).T


@pytest.fixture
def basque():
    table = pl.read_csv(shared("synthetic_control_classics/basque_Synth.csv"))
    regions = table.filter(pl.col("regionno") != 1)  # the first is all of Spain
    names, income = panel_of(
        regions.filter(pl.col("year") >= 1960), "regionname", "year", "gdpcap"
    )
    levels = ["illit", "prim", "med", "high", "post.high"]
    school = means(
        regions, names, "regionname", [(f"school.{x}", 1964, 1969) for x in levels]
    )
    school[:, 3] += school[:, 4]
    school = school[:, :4] / school[:, :4].sum(axis=1, keepdims=True)
    sectors = ["agriculture", "energy", "industry", "construction"]
    sectors += ["services.venta", "services.nonventa"]
    others = [("invest", 1964, 1969), ("gdpcap", 1960, 1969), ("popdens", 1969, 1969)]
    others += [(f"sec.{sector}", 1961, 1969) for sector in sectors]
    traits = np.hstack([school, means(regions, names, "regionname", others)])
    treated = next(i for i, name in enumerate(names) if name.startswith("Basque"))
    return names, income, treated, traits


@pytest.fixture
def california():
    table = pl.read_csv(shared("synthetic_control_classics/smoking_data.csv"))
    names, packs = panel_of(table, "state", "year", "cigsale")
    columns = [
        ("lnincome", 1980, 1988),
        ("age15to24", 1980, 1988),
        ("retprice", 1980, 1988),
        ("beer", 1984, 1988),
        ("cigsale", 1975, 1975),
        ("cigsale", 1980, 1980),
        ("cigsale", 1988, 1988),
    ]
    traits = means(table, names, "state", columns)
    return names, packs, names.index("California"), traits


def test_the_basque_country_is_made_of_catalonia_and_madrid(basque):
    names, income, treated, traits = basque

    # 1960 to 1969, as the authors chose by.
    fit = synthetic_control(income, treated, 10, covariates=traits)

    weight = dict(zip(names, fit.weights, strict=True))
    assert weight["Cataluna"] == pytest.approx(0.8508, abs=BASQUE)
    assert weight["Madrid (Comunidad De)"] == pytest.approx(0.1492, abs=BASQUE)
    assert sum(weight.values()) == pytest.approx(1)


def test_california_is_made_of_the_published_states(california):
    names, packs, treated, traits = california

    fit = synthetic_control(packs, treated, 19, covariates=traits)

    weight = dict(zip(names, fit.weights, strict=True))
    published = {
        "Utah": 0.334,
        "Nevada": 0.234,
        "Montana": 0.199,
        "Colorado": 0.164,
        "Connecticut": 0.069,
    }
    for state, share in published.items():
        assert weight[state] == pytest.approx(share, abs=CALIFORNIA)
    own = [weight[state] for state in published] @ np.array(
        [packs[names.index(state), :19] for state in published]
    )
    as_published = np.array(list(published.values())) @ np.array(
        [packs[names.index(state), :19] for state in published]
    )
    real = packs[treated, :19]
    assert ((real - own) ** 2).sum() <= ((real - as_published) ** 2).sum()
    assert fit.gap[19:31].mean() == pytest.approx(-20, abs=PACKS)
