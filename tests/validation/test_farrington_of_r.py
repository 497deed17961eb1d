"""Four weekly series of R's surveillance in twelve settings, beside R itself.

`r/farrington.csv` was written by `r/farrington.R` with farringtonFlexible (Salmon,
Schumacher and Höhle, 2016): Salmonella Agona with and without gaps, Salmonella in
hospitals, and deaths of two ages.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from convive.stats import Baseline, farrington_flexible
from tests.validation.shared_data import shared

R = Path(__file__).parent / "r/farrington.csv"
# R's fit stops when the deviance changes by less than 1e-8 of itself.
EARLY_STOP = 2e-4
# R's sum of bounds and number of alarms in the shared benchmark: the last week of 60
# towns, and the last year of six.
SAID_OF_ONE_WEEK = (221, 2)
SAID_OF_A_YEAR = (617, 12)
SURVEILLANCE = {"is_as_surveillance": True}
TESTED = {"trend_level": 0.05, **SURVEILLANCE}
OFFSET = {"populations": True}
SETTINGS = {
    "noufaily": ({}, {}),
    "unweighted": ({"trend_level": 0.05, "outlying": 0}, {}),
    "tested": (TESTED, {}),
    "delta": (TESTED, {"bound": "two_thirds_power", "level": 0.99}),
    "muan": (TESTED, {"bound": "uncertain_mean"}),
    "delta_unweighted": (
        {"trend_level": 0.05, "outlying": 0},
        {"bound": "two_thirds_power"},
    ),
    "muan_unweighted": ({"outlying": 0}, {"bound": "uncertain_mean"}),
    "windows": ({**TESTED, "seasons": 1, "outlying": 1, "recent": 3}, {}),
    "recent": ({**TESTED, "recent": 1}, {}),
    "offset": (TESTED, OFFSET),
    "offset_muan": (TESTED, {**OFFSET, "bound": "uncertain_mean"}),
    "two_years": ({"years": 2, "seasons": 5}, {}),
}


@pytest.fixture(scope="module")
def said():
    return pl.read_csv(
        R, comment_prefix="#", null_values="NA", infer_schema_length=None
    )


def weekly(name):
    if name in ("agona", "gaps"):
        table = pl.read_csv(shared("surveillance_series/salmonella.agona.csv"))
        weeks = table["observed"].to_numpy().astype(float)
        if name == "gaps":
            weeks[[59, 60, 61, 62, 169, 221, 249]] = np.nan
        return weeks
    if name == "hospital":
        table = pl.read_csv(shared("surveillance_series/salmHospitalized.csv"))
        return table["observed"].to_numpy().astype(float)
    age = {"momo3": "obs_3", "momo6": "obs_6"}[name]
    table = pl.read_csv(shared("surveillance_series/momo.csv"))
    return table[age].to_numpy().astype(float)[:400]


def people(weeks):
    """Persons of `r/farrington.R`, who grow and have a season."""
    week = np.arange(1, weeks + 1)
    return np.round(1e5 * np.exp(week / 300) * (1 + 0.2 * np.sin(week / 8)))


@pytest.mark.parametrize("name", ["agona", "gaps", "hospital", "momo3", "momo6"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_bounds_and_alarms_are_those_of_r(said, name, setting):
    counts = weekly(name)
    rows = said.filter(pl.col("series") == name, pl.col("setting") == setting)
    first = rows["week"].min() - 1  # R counts weeks from one
    baseline, others = SETTINGS[setting]
    if "populations" in others:
        others = {**others, "populations": people(len(counts))}

    found = farrington_flexible(
        counts[None, :], start=first, baseline=Baseline(**baseline), **others
    )

    upper, expected, p = (
        rows[column].cast(pl.Float64).to_numpy()
        for column in ("upper", "expected", "p")
    )
    np.testing.assert_allclose(
        found.upper_bound[0, first:], upper, rtol=EARLY_STOP, equal_nan=True
    )
    if "power" not in others.get("bound", ""):  # these bounds are whole
        assert np.array_equal(found.upper_bound[0, first:], upper, equal_nan=True)
    assert (found.alarm[0, first:] == (rows["alarm"].to_numpy() > 0)).all()
    np.testing.assert_allclose(
        found.expected[0, first:], expected, rtol=EARLY_STOP, equal_nan=True
    )
    is_judged = np.isfinite(upper)  # R tells a p-value where it judges nothing, too
    np.testing.assert_allclose(
        found.p_value[0, first:][is_judged], p[is_judged], atol=EARLY_STOP
    )


def town_weeks():
    """Series of the shared benchmark, made again from what its generator draws."""
    rng, towns, week = np.random.default_rng(10), 2620, np.arange(416)
    usual = np.exp(rng.normal(0.5, 1.2, towns))[:, None]
    since = week - rng.integers(0, 52, towns)[:, None]
    growth = rng.normal(0, 0.1, towns)[:, None] * week / 416
    mean = usual * np.exp(0.25 * np.sin(2 * np.pi * since / 52) + growth)
    counts = rng.negative_binomial(8, 8 / (8 + mean))
    counts[::20, 410:414] += (3 * np.sqrt(mean[::20, 410:414])).astype(int) + 2
    return counts


@pytest.mark.parametrize(
    ("towns", "start", "sums"), [(60, 415, SAID_OF_ONE_WEEK), (6, 364, SAID_OF_A_YEAR)]
)
def test_sums_over_many_towns_are_those_of_r(towns, start, sums):
    found = farrington_flexible(
        town_weeks()[:towns], start=start, baseline=Baseline(**TESTED)
    )

    assert (np.nansum(found.upper_bound), found.alarm.sum()) == sums
