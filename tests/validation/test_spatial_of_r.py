"""Autocorrelation beside R's spdep (Bivand and Wong, 2018), breaks beside classInt.

`r/spatial.csv` and `r/spatial_global.csv` were written by `r/spatial.R`. Its habits: G*
is asked for with weights that include the place itself; `localmoran` divides the sum of
squares by n unless `mlvar = FALSE`, then by n - 1 as GeoDa, esda and we do; of three
kinds of quadrant the one named `pysal` cuts the surroundings at the mean of the values,
as we do; Fisher's breaks lie midway between two values.
"""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import polars as pl
import pytest
import shapely

from convive.stats import (
    getis_ord_g_star,
    local_moran,
    moran_i,
    natural_breaks,
    spatial_weights,
)
from tests.validation.shared_data import shared

R = Path(__file__).parent / "r"
MAPS = {"columbus": "columbus.shp", "sids2": "sids2.shp", "stl": "stl_hom.shp"}
# R wrote 15 digits, and sums some hundred numbers.
ROUNDING = 1e-10


@pytest.fixture(scope="module", params=MAPS)
def case(request):
    """Outlines, what R says of each place, and what it says of all of them."""
    name = request.param
    outlines = geopandas.read_file(shared(f"libpysal_examples/{name}/{MAPS[name]}"))
    tables = [
        pl.read_csv(R / file, comment_prefix="#").filter(pl.col("set") == name)
        for file in ("spatial.csv", "spatial_global.csv")
    ]
    return np.array(outlines.geometry), *tables


@pytest.mark.parametrize("kind", ["queen", "rook"])
def test_places_have_as_many_neighbours_as_in_r(case, kind):
    outlines, said, _ = case

    assert np.diff(spatial_weights(outlines, contiguity=kind).starts).tolist() == (
        said[kind].to_list()
    )


def test_the_four_nearest_centres_are_those_of_r(case):
    outlines, said, _ = case
    centres = shapely.get_coordinates(shapely.centroid(outlines))

    nearest = spatial_weights(centres, nearest=4).neighbours.reshape(-1, 4)

    # R counts places from one.
    assert (nearest + 1).sum(axis=1).tolist() == said["nearest"].to_list()


def test_global_moran_is_that_of_r(case):
    outlines, said, whole = case
    weights = spatial_weights(outlines, contiguity="queen").row_standardised()

    found = moran_i(said["value"], weights, 0)

    assert found.statistic == pytest.approx(whole["moran"][0], abs=ROUNDING)
    assert found.p_normal == pytest.approx(whole["p_normal"][0], rel=1e-8)


def test_g_star_is_that_of_r(case):
    outlines, said, _ = case
    weights = spatial_weights(outlines, contiguity="queen")

    found = getis_ord_g_star(said["value"], weights, 0).statistic

    np.testing.assert_allclose(found, said["g_star"], atol=ROUNDING)


def test_local_moran_and_its_quadrants_are_those_of_r(case):
    outlines, said, _ = case
    weights = spatial_weights(outlines, contiguity="queen")

    found = local_moran(said["value"], weights, 0)

    np.testing.assert_allclose(found.statistic, said["local_moran"], atol=ROUNDING)
    assert found.quadrant.tolist() == said["quadrant"].to_list()


def test_natural_breaks_are_those_of_r(case):
    _, said, whole = case

    found = natural_breaks(said["value"], 5)

    middles = (found.upper[:-1] + found.lower[1:]) / 2
    theirs = [float(text) for text in whole["breaks"][0].split()]
    np.testing.assert_allclose(middles, theirs[1:-1], rtol=1e-12)
