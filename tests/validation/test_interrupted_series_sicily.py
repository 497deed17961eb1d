"""Acute coronary events in Sicily around its smoking ban (Bernal et al., 2017).

`r/sicily.csv` are the data of the paper's supplement. `r/interrupted_series.R` fits
them in R as the supplement does and wrote `r/interrupted_series.csv`; statsmodels is
asked in the test.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from convive.stats import interrupted_time_series

R = Path(__file__).parent / "r"
BAN = 36
# R was told to go on until its deviance moves by less than 1e-14.
EARLY_STOP = 1e-6
# R first takes the mean, all but zero, out of the residuals.
CENTRED = 1e-3
# Student's 97.5 % point of the 51 degrees of freedom of the full model, 52 of the step.
STUDENT = {"full": 2.0075838, "hac": 2.0075838, "step": 2.0066468}


@pytest.fixture(scope="module")
def sicily():
    return pl.read_csv(R / "sicily.csv", comment_prefix="#")


@pytest.fixture(scope="module")
def said():
    table = pl.read_csv(
        R / "interrupted_series.csv", comment_prefix="#", null_values="NA"
    ).with_columns(pl.col("coefficient", "error").cast(pl.String).str.strip_chars())
    return {
        (fit, term): (float(coefficient), float(error if error != "NA" else "nan"))
        for fit, term, coefficient, error in table.iter_rows()
    }


def fitted(sicily, **options):
    return interrupted_time_series(
        sicily["aces"], BAN, sicily["stdpop"], frequency=12, **options
    )


def agrees(ratio, said, fit, term):
    coefficient, error = said[fit, term]
    reach = STUDENT[fit] * error
    return (ratio.estimate, ratio.lower, ratio.upper) == pytest.approx(
        tuple(np.exp([coefficient, coefficient - reach, coefficient + reach])),
        rel=EARLY_STOP,
    )


def test_the_ban_went_with_a_fall_of_eleven_in_a_hundred_as_in_r(sicily, said):
    step = fitted(sicily, slope_change=False, covariance="quasi_poisson")

    assert round(step.level.estimate, 2) == 0.89
    assert agrees(step.level, said, "step", "level")
    assert agrees(step.trend, said, "step", "trend")
    assert step.dispersion == pytest.approx(
        said["step", "dispersion"][0], rel=EARLY_STOP
    )


def test_level_and_slope_are_those_of_r(sicily, said):
    full = fitted(sicily, covariance="quasi_poisson")

    assert agrees(full.level, said, "full", "level")
    assert agrees(full.slope, said, "full", "slope")
    assert full.dispersion == pytest.approx(
        said["full", "dispersion"][0], rel=EARLY_STOP
    )
    assert full.autocorrelation_p_value == pytest.approx(
        said["full", "ljung_box_p_value"][0], rel=CENTRED
    )
    assert full.warnings == ("short_after", "autocorrelated")


def test_newey_west_is_that_of_sandwich(sicily, said):
    robust = fitted(sicily, covariance="newey_west")

    assert agrees(robust.level, said, "hac", "level")
    assert agrees(robust.slope, said, "hac", "slope")
    assert agrees(robust.trend, said, "hac", "trend")


def test_the_series_is_that_of_statsmodels(sicily):
    import statsmodels.api as sm

    since = np.arange(59) - BAN
    after = since >= 0
    turn = 2 * np.pi * np.arange(59) / 12
    design = np.column_stack(
        [np.ones(59), since, after, since * after]
        + [wave(turn * pair) for pair in (1, 2) for wave in (np.cos, np.sin)]
    )
    model = sm.GLM(
        sicily["aces"].to_numpy(),
        design,
        family=sm.families.Poisson(),
        offset=np.log(sicily["stdpop"].to_numpy()),
    )
    theirs = model.fit(
        tol=1e-12, cov_type="HAC", cov_kwds={"maxlags": 5, "use_correction": True}
    )

    ours = fitted(sicily, covariance="newey_west", lags=5)

    np.testing.assert_allclose(ours.fitted, theirs.fittedvalues, rtol=EARLY_STOP)
    width = np.log(ours.level.upper / ours.level.lower) / 2
    assert width / STUDENT["hac"] == pytest.approx(theirs.bse[2], rel=EARLY_STOP)


def test_months_that_swing_apart_are_taken_for_independent(sicily):
    wary = fitted(sicily)
    naive = fitted(sicily, covariance="quasi_poisson")

    assert wary.autocorrelation < 0
    assert wary.level.p_value == pytest.approx(naive.level.p_value)
