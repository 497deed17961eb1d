"""Weekly cases of Salmonella Agona in England and Wales, 1990-1995, beside R.

`r/farrington.csv` was written by `r/farrington.R` with surveillance (Salmon, Schumacher
and Höhle, 2016), with the settings of Noufaily et al. (2013) and with a plain fit.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from convive.stats import Baseline, farrington_flexible
from tests.validation.shared_data import shared

R = Path(__file__).parent / "r/farrington.csv"
FIRST = 263  # R counts weeks from one
# R's fit stops when the deviance changes by less than 1e-8.
EARLY_STOP = 1e-4


@pytest.fixture(scope="module")
def said():
    return pl.read_csv(R, comment_prefix="#", null_values="NA")


@pytest.fixture(scope="module")
def weeks():
    table = pl.read_csv(shared("surveillance_series/salmonella.agona.csv"))
    return table["observed"].to_numpy()[None, :]


def column(said, name):
    return said[name].cast(pl.Float64).to_numpy()


def test_bounds_and_alarms_are_those_of_r(weeks, said):
    found = farrington_flexible(weeks, start=FIRST)

    assert np.array_equal(
        found.upper_bound[0, FIRST:], column(said, "upper"), equal_nan=True
    )
    assert (found.alarm[0, FIRST:] == (column(said, "alarm") > 0)).all()
    np.testing.assert_allclose(
        found.expected[0, FIRST:], column(said, "expected"), rtol=EARLY_STOP
    )


def test_a_trend_that_must_be_significant_is_kept_when_r_keeps_it(weeks, said):
    plain = Baseline(outlying=0, trend_level=0.05)

    found = farrington_flexible(weeks, start=FIRST, baseline=plain)

    assert np.array_equal(
        found.upper_bound[0, FIRST:], column(said, "upper_plain"), equal_nan=True
    )
    np.testing.assert_allclose(
        found.expected[0, FIRST:], column(said, "expected_plain"), rtol=EARLY_STOP
    )
