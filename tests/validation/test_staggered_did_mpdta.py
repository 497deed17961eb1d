"""Teen employment in counties around rises of the minimum wage, 2003-2007.

Callaway and Sant'Anna's (2021) data as their R package `did` has them, and the figures
of its vignette "Getting started". Its standard errors are bootstrapped; those of
`by_group` are the analytic ones of the Python port `moderndid`.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from convive.stats import staggered_did
from tests.validation.shared_data import shared

# Half of the last published digit, and a hair.
ROUNDING = 0.000051
# Of the same figures, two printings of the vignette differ by a tenth: they are of
# bootstraps.
BOOTSTRAP = 0.15
# pyfixest multiplies by (n - 1) / (n - k) over all rows, and by units / (units - 1).
SMALL_SAMPLE = 0.005
YEARS = range(2003, 2008)
# (group, year): no covariate, log population (doubly robust).
PUBLISHED = {
    (2004, 2004): (-0.0105, -0.0145),
    (2004, 2005): (-0.0704, -0.0764),
    (2004, 2006): (-0.1373, -0.1404),
    (2004, 2007): (-0.1008, -0.1069),
    (2006, 2004): (0.0065, -0.0005),
    (2006, 2005): (-0.0028, -0.0062),
    (2006, 2006): (-0.0046, 0.0010),
    (2006, 2007): (-0.0412, -0.0413),
    (2007, 2004): (0.0305, 0.0267),
    (2007, 2005): (-0.0027, -0.0046),
    (2007, 2006): (-0.0311, -0.0284),
    (2007, 2007): (-0.0261, -0.0288),
}
PUBLISHED_ERRORS = [
    0.0243, 0.0331, 0.0412, 0.0358, 0.0230, 0.0210,
    0.0175, 0.0196, 0.0147, 0.0156, 0.0179, 0.0175,
]  # fmt: skip


@pytest.fixture(scope="module")
def counties():
    table = pl.read_csv(shared("did_mpdta/mpdta.csv"))
    wide = table.pivot(
        on="year", index=["countyreal", "first.treat", "lpop"], values="lemp"
    )
    first = wide["first.treat"].to_numpy()
    outcomes = wide.select(str(year) for year in YEARS).to_numpy()
    return outcomes, np.where(first == 0, np.nan, first), wide["lpop"].to_numpy()


@pytest.fixture(scope="module")
def plain(counties):
    outcomes, first, _population = counties
    rng = np.random.default_rng(2021)
    return staggered_did(outcomes, first, periods=YEARS, rng=rng)


def test_effects_by_group_and_year_are_the_published_ones(plain):
    cells = list(zip(plain.group, plain.period, strict=True))

    assert cells == list(PUBLISHED)
    said = [effect for effect, _conditional in PUBLISHED.values()]
    np.testing.assert_allclose(plain.estimate, said, atol=ROUNDING)
    np.testing.assert_allclose(plain.standard_error, PUBLISHED_ERRORS, rtol=BOOTSTRAP)


def test_effects_given_the_population_are_the_published_ones(counties):
    outcomes, first, population = counties

    found = staggered_did(outcomes, first, population, periods=YEARS)

    said = [conditional for _effect, conditional in PUBLISHED.values()]
    np.testing.assert_allclose(found.estimate, said, atol=ROUNDING)


def test_the_event_study_is_the_published_one(plain):
    series = plain.by_event_time

    assert series.at.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    np.testing.assert_allclose(
        series.estimate,
        [0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008],
        atol=ROUNDING,
    )
    assert series.overall.estimate == pytest.approx(-0.0772, abs=ROUNDING)
    assert series.overall.standard_error == pytest.approx(0.0203, rel=BOOTSTRAP)


def test_which_effects_a_band_of_all_leaves_from_zero_is_as_published(plain):
    series = plain.by_event_time
    apart = (series.band_lower > 0) | (series.band_upper < 0)

    assert series.at[apart].tolist() == [1, 2, 3]
    every = (plain.band_lower > 0) | (plain.band_upper < 0)
    cells = np.column_stack([plain.group, plain.period])[every]
    assert cells.tolist() == [[2004, 2006], [2004, 2007]]


def test_effects_by_group_and_their_errors_are_the_published_ones(plain):
    series = plain.by_group

    np.testing.assert_allclose(
        series.estimate, [-0.0797, -0.0229, -0.0261], atol=ROUNDING
    )
    np.testing.assert_allclose(
        series.standard_error, [0.0264, 0.0167, 0.0167], atol=ROUNDING
    )
    assert series.overall.estimate == pytest.approx(-0.0310, abs=ROUNDING)
    assert series.overall.standard_error == pytest.approx(0.0124, abs=ROUNDING)


def test_the_test_of_trends_before_is_the_published_one(plain):
    assert plain.pretrend_p_value == pytest.approx(0.16812, abs=5.1e-6)


# The peer's own warnings about what it is built on.
@pytest.mark.filterwarnings("ignore")
def test_effects_after_treatment_are_those_of_a_saturated_regression(counties, plain):
    """Sun and Abraham's regression is the same where controls are never treated."""
    import pandas as pd
    import pyfixest

    outcomes, first, _population = counties
    long = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(len(first)), len(YEARS)),
            "year": np.tile(list(YEARS), len(first)),
            "first": np.repeat(np.nan_to_num(first).astype(int), len(YEARS)),
            "outcome": outcomes.ravel(),
        }
    )
    fit = pyfixest.event_study(
        long,
        yname="outcome",
        idname="unit",
        tname="year",
        gname="first",
        estimator="saturated",
        att=False,
        cluster="unit",
    )
    theirs = fit.tidy()[["Estimate", "Std. Error"]]

    for row in plain.to_frame().iter_rows(named=True):
        since = row["period"] - row["group"]
        if since < 0:
            continue
        name = f"rel_time::{since}:first_treated_period::{row['group']:.0f}"
        estimate, error = theirs.loc[name]
        assert row["estimate"] == pytest.approx(estimate, abs=1e-9)
        assert row["standard_error"] == pytest.approx(error, rel=SMALL_SAMPLE)


@pytest.mark.parametrize("method", ["regression", "weighting", "doubly_robust"])
def test_covariates_enter_as_with_the_regressions_of_statsmodels(counties, method):
    import statsmodels.api as sm

    outcomes, first, population = counties
    kept = np.isnan(first) | (first == 2006)
    treated = first[kept] == 2006
    change = (outcomes[:, 3] - outcomes[:, 2])[kept]
    design = sm.add_constant(population[kept])
    foretold = sm.OLS(change[~treated], design[~treated]).fit().predict(design)
    chance = sm.Logit(treated, design).fit(disp=0).predict()
    odds = (chance / (1 - chance))[~treated]
    left = change if method == "weighting" else change - foretold
    others = 0 if method == "regression" else np.average(left[~treated], weights=odds)

    found = staggered_did(outcomes, first, population, periods=YEARS, method=method)

    cell = (found.group == 2006) & (found.period == 2006)
    # The peer's logit stops when it gains less than 1e-8.
    assert found.estimate[cell] == pytest.approx(
        left[treated].mean() - others, abs=1e-8
    )
