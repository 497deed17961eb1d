"""EARS, CUSUM and nowcast of R's surveillance (Salmon, Schumacher and Höhle, 2016).

The tables were written by `r/alerts.R`. Nowcast cases there are invented.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtri

from convive.stats import (
    cusum_poisson,
    cusum_run_length,
    ears,
    nowcast,
    reporting_triangle,
)
from tests.validation.shared_data import shared

R = Path(__file__).parent / "r"
FIRST, END = 199, 260  # R counts weeks from one
# Both sum or solve the same numbers in another order.
ROUNDING = 1e-9


def table(name):
    return pl.read_csv(R / name, comment_prefix="#", infer_schema_length=None)


@pytest.fixture(scope="module")
def agona():
    weeks = pl.read_csv(shared("surveillance_series/salmonella.agona.csv"))
    return weeks["observed"].to_numpy()[None, :]


@pytest.mark.parametrize(
    ("method", "least", "alpha"),
    [("C1", 0, 0.001), ("C1", 0.5, 0.001), ("C2", 0, 0.001), ("C2", 1.5, 0.01)],
)
def test_bounds_of_c1_and_c2_are_those_of_r(agona, method, least, alpha):
    said = table("ears.csv").filter(
        method=pl.lit(method), smallest_sd=least, alpha=alpha
    )

    found = ears(agona, method, threshold=-ndtri(alpha), smallest_sd=least)

    np.testing.assert_allclose(
        found.upper_bound[0, FIRST:END], said["upper"], rtol=ROUNDING
    )
    assert (found.alarm[0, FIRST:END] == (said["alarm"].to_numpy() > 0)).all()


def test_c3_adds_up_the_two_days_before_as_r_does(agona):
    # R's bound is the count itself, plus the deviation times what is lacking of 1.96.
    said = table("ears.csv").filter(pl.col("method") == "C3")["upper"].to_numpy()
    far = 1e6  # a threshold out of reach shows the sum of the days before

    c2 = ears(agona, "C2", threshold=1)
    c3 = ears(agona, "C3", threshold=far)

    sd = c2.upper_bound - c2.expected
    earlier = far + 1 - (c3.upper_bound - c3.expected) / sd
    as_r = np.maximum(0, agona + sd * (-ndtri(0.025) - earlier))
    # What is left of a difference of numbers of a million.
    np.testing.assert_allclose(as_r[0, FIRST:END], said, atol=1e-8)


@pytest.mark.parametrize(("k", "h"), [(2.5, 8), (1.5, 12.5), (4.2, 5.6)])
def test_sums_without_a_restart_are_those_of_r(agona, k, h):
    said = table("cusum.csv").filter(pl.col("k") == k, pl.col("h") == h)
    weeks = agona[:, FIRST:END]
    rise = 2.0
    # Two means that differ by nothing keep the reference value from being rounded.
    mean = np.full(weeks.shape, k * np.log(rise) / (rise - 1))
    mean[0, 0] *= 1 + 1e-12

    found = cusum_poisson(weeks, mean, rise, decision_interval=h, is_reset=False)

    np.testing.assert_allclose(
        found.statistic[0], said["statistic"], rtol=1e-8, atol=1e-8
    )
    assert (found.alarm[0] == (said["alarm"].to_numpy() > 0)).all()


def test_run_lengths_are_those_of_r():
    for row in table("cusum_lengths.csv").to_dicts():
        found = cusum_run_length(row["theta"], row["k"], row["h"])
        assert found == pytest.approx(row["arl"], rel=ROUNDING)


def test_run_lengths_of_the_intervals_r_finds_are_those_it_says():
    for row in table("cusum_intervals.csv").to_dicts():
        found = cusum_run_length(row["theta0"], row["k"], row["h"])
        assert found == pytest.approx(row["arl"], rel=ROUNDING)


@pytest.mark.parametrize(("recent", "column"), [(None, "share"), (20, "share_of_20")])
def test_shares_reported_are_those_of_r(recent, column):
    cases, said = table("nowcast_cases.csv"), table("nowcast.csv")
    days = len(said)
    triangle = reporting_triangle(
        cases["event"].to_numpy(),
        cases["report"].to_numpy(),
        today=days - 1,
        periods=days,
        longest_delay=8,
    )

    found = nowcast(triangle, recent=recent)

    # R says the share by delay, we by day.
    np.testing.assert_allclose(
        found.reported_share[::-1][:9], said[column][:9], rtol=ROUNDING
    )
    np.testing.assert_allclose(
        found.estimate, found.observed / found.reported_share, rtol=ROUNDING
    )
