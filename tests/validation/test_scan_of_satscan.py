"""A planted cluster, scanned by SaTScan 10.3.2 on 2026-11-24 (shared bench, work 7).

The 20,000 cases are drawn here again from the same seeds. SaTScan printed the most
likely cluster, its ratio to six decimals, and 99 replicates' maxima.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from convive.stats import space_time_permutation_scan

AREAS, DAYS, CASES = 262, 365, 20_000
WEST, SOUTH, EAST, NORTH = -90.13, 13.15, -87.68, 14.45
# The last decimals printed.
RATIO_TOLERANCE, EXPECTED_TOLERANCE = 5e-7, 0.005
SATSCAN_MEAN, SATSCAN_SPREAD, SATSCAN_REPLICATIONS = 12.178424, 1.124886, 99
REPLICATIONS = 199
# Four standard errors of the difference of two means.
MEAN_TOLERANCE = (
    4 * SATSCAN_SPREAD * (1 / SATSCAN_REPLICATIONS + 1 / REPLICATIONS) ** 0.5
)


def centres_and_weights():
    rng = np.random.default_rng(20261124)
    centres = np.column_stack(
        [rng.uniform(WEST, EAST, AREAS), rng.uniform(SOUTH, NORTH, AREAS)]
    )
    for _ in range(2):
        points = rng.uniform((WEST, SOUTH), (EAST, NORTH), (60_000, 2))
        nearest = cKDTree(centres).query(points)[1]
        means = np.array([points[nearest == i].mean(axis=0) for i in range(AREAS)])
        centres = means * 0.5 + centres * 0.5
    weights = np.round(np.exp(rng.normal(9.8, 1, AREAS)))
    return centres, weights / weights.sum()


def cases_with_a_cluster():
    centres, weights = centres_and_weights()
    km = np.column_stack(
        [
            (centres[:, 0] + 88.9) * 111.32 * np.cos(np.radians(13.8)),
            (centres[:, 1] - 13.8) * 110.57,
        ]
    )
    day = np.arange(DAYS)
    season = (
        1 + 0.2 * np.sin(2 * np.pi * day / 7) + 0.15 * np.sin(2 * np.pi * day / 365)
    )
    chance = np.outer(weights, season / season.sum())
    planted = np.argsort(((km - km[40]) ** 2).sum(axis=1))[:12]
    chance[np.ix_(planted, range(200, 214))] *= 2.5
    drawn = np.random.default_rng(77).multinomial(CASES, chance.ravel() / chance.sum())
    table = drawn.reshape(AREAS, DAYS)
    area, when = np.nonzero(table)
    times = table[area, when]
    return np.repeat(area, times), np.repeat(when, times), km.round(4) * 1000


@pytest.mark.slow
def test_the_cluster_its_ratio_and_the_replicates_are_those_of_satscan():
    area, day, xy = cases_with_a_cluster()

    result = space_time_permutation_scan(
        area,
        day,
        xy,
        max_days=30,
        replications=REPLICATIONS,
        rng=np.random.default_rng(2005),
    )

    most = result.clusters[0]
    assert most.statistic == pytest.approx(15.640843, abs=RATIO_TOLERANCE)
    first = np.datetime64("2023-01-01")
    assert [str(first + most.start), str(first + most.end)] == [
        "2023-07-21",
        "2023-08-02",
    ]
    assert most.observed == 72
    assert most.expected == pytest.approx(34.38, abs=EXPECTED_TOLERANCE)
    assert result.maxima.mean() == pytest.approx(SATSCAN_MEAN, abs=MEAN_TOLERANCE)
    # SaTScan's p-value is 0.02 of 99 replications.
    assert most.p_value < 0.06
    assert most.gumbel_p_value < 0.06
