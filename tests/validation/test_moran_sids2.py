"""Rate of sudden infant death in 100 counties of North Carolina (Cressie, 1993).

The documentation of esda gives Moran's I = 0.24772519320480135 and a one-tailed normal
p of 5.7916539074498452e-05 for SIDR74 with row-standardised sids2.gal.
"""

from __future__ import annotations

import geopandas
import numpy as np
import pytest

from convive.stats import moran_i
from convive.stats.weights import as_weights
from tests.validation.shared_data import shared

FOLDER = "libpysal_examples/sids2"


def neighbours(counties):
    """Read a GAL file whose places are named by their FIPS code."""
    lines = shared(f"{FOLDER}/sids2.gal").read_text(encoding="ascii").splitlines()[1:]
    matrix = np.zeros((len(counties), len(counties)))
    for head, listed in zip(lines[::2], lines[1::2], strict=True):
        place = counties.index(int(head.split()[0]))
        matrix[place, [counties.index(int(other)) for other in listed.split()]] = 1
    return as_weights(matrix)


def test_moran_i_of_infant_death_is_the_published_one():
    counties = geopandas.read_file(shared(f"{FOLDER}/sids2.shp"))
    weights = neighbours(counties["FIPSNO"].astype(int).tolist())

    test = moran_i(counties["SIDR74"], weights.row_standardised(), 0)

    assert test.statistic == pytest.approx(0.24772519320480135, abs=1e-12)
    assert test.p_normal == pytest.approx(2 * 5.7916539074498452e-05, rel=1e-9)
