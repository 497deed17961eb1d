"""Burkitt's lymphoma in the West Nile district (Williams et al., 1978): Knox's table.

Published with splancs and in the documentation of pointpats: 13 pairs within 20 km
and 5 days, p = 0.17 with 99 shuffles.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from convive.stats import knox_test
from tests.validation.shared_data import shared

# 99 shuffles published, 9,999 here: three standard errors of the published value.
P_TOLERANCE = 3 * np.sqrt(0.17 * 0.83 / 99)


def test_thirteen_pairs_within_twenty_and_five():
    cases = pl.read_csv(shared("burkitt_uganda/burkitt.csv"))
    xy, day = cases.select("x", "y").to_numpy(), cases["t"].to_numpy()

    test = knox_test(xy, day, [20], [5], 9_999, np.random.default_rng(1978))

    assert test.observed.tolist() == [[13]]
    assert abs(test.p_value[0, 0] - 0.17) < P_TOLERANCE
