"""Homicide rates of 78 counties around St Louis (Messner et al., 1999; libpysal).

The documentation of esda gives Moran's I = 0.24365582621771659 and a one-tailed
normal p of 0.00027147862770937614 / 2 for HR8893 with row-standardised weights.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from convive.stats import moran_i
from convive.stats.weights import as_weights
from tests.validation.shared_data import shared

FOLDER = "libpysal_examples/stl"


def neighbours(name):
    """Read a GAL file: a header, then a line of id and count, and one of neighbours."""
    lines = shared(f"{FOLDER}/{name}").read_text(encoding="ascii").splitlines()[1:]
    count = len(lines) // 2
    matrix = np.zeros((count, count))
    for head, listed in zip(lines[::2], lines[1::2], strict=True):
        place = int(head.split()[0]) - 1
        matrix[place, [int(other) - 1 for other in listed.split()]] = 1
    return as_weights(matrix)


def test_moran_i_of_homicide_rates_is_the_published_one():
    rates = pl.read_csv(shared(f"{FOLDER}/stl_hom.csv"))["HR8893"].to_numpy()

    test = moran_i(rates, neighbours("stl.gal").row_standardised(), 0)

    assert test.statistic == pytest.approx(0.24365582621771659, abs=1e-10)
    assert test.expected == pytest.approx(-1 / 77)
    assert test.p_normal == pytest.approx(0.00027147862770937614, rel=1e-6)
