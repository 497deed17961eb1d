"""Burkitt's lymphoma in the West Nile district: Mantel's and Jacquez's tests.

The documentation of pointpats prints, with reciprocals of a distance and a time plus
1, Mantel's statistic 0.048368 with p = 0.01 of 99 shuffles. Jacquez's statistic of
k = 3 is 12 there, or 13 "as kdtree changes": cases share places and dates, and which
of the tied neighbours a tree finds first is its own affair.
"""

from __future__ import annotations

import warnings

import numpy as np
import polars as pl
import pytest

from convive.stats import jacquez_test, mantel_test
from tests.validation.shared_data import shared

# Half of the last published digit.
ROUNDING = 5e-7
# 99 shuffles published: the smallest p they can give, so fewer than some 5 % reach it.
MOST = 0.05


@pytest.fixture(scope="module")
def cases():
    table = pl.read_csv(shared("burkitt_uganda/burkitt.csv"))
    return table.select("x", "y").to_numpy(), table["t"].to_numpy()


def peer(name, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pointpats

        return getattr(pointpats, name)(*arguments)


def test_mantel_is_the_published_one(cases):
    test = mantel_test(*cases, 999, np.random.default_rng(1967))

    assert test.statistic == pytest.approx(0.048368, abs=ROUNDING)
    assert test.p_value < MOST


@pytest.mark.parametrize("transform", [(1, -1, 1, -1), (5, -0.5, 10, -1), (1, 1, 1, 1)])
def test_mantel_is_that_of_pointpats(cases, transform):
    xy, days = cases

    test = mantel_test(
        xy,
        days,
        0,
        distance_constant_m=transform[0],
        distance_power=transform[1],
        time_constant_days=transform[2],
        time_power=transform[3],
    )

    theirs = peer("mantel", xy, days[:, None], 0, *transform)
    assert test.statistic == pytest.approx(theirs, rel=1e-9)


def test_jacquez_lies_between_the_published_ways_of_breaking_ties(cases):
    test = jacquez_test(*cases, 3, 0)

    assert 12 <= test.statistic[2] <= 13


@pytest.mark.parametrize("k", [1, 3, 8])
def test_jacquez_is_that_of_pointpats_once_no_distances_tie(cases, k):
    xy, days = cases
    rng = np.random.default_rng(1996)
    xy = xy + rng.uniform(-0.4, 0.4, xy.shape)
    days = days + rng.uniform(-0.4, 0.4, len(days))

    test = jacquez_test(xy, days, k, 99, rng)

    theirs = peer("jacquez", xy, days[:, None], k, 99)
    assert test.statistic[-1] == theirs["stat"]
    # Two p-values of 99 shuffles each: three standard errors of their difference.
    assert abs(test.p_value[-1] - theirs["pvalue"]) < 3 * np.sqrt(0.5 * 0.5 * 2 / 99)
