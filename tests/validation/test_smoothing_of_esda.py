"""Global and local empirical Bayes rates beside esda, 78 counties around St Louis."""

from __future__ import annotations

import warnings

import numpy as np
import polars as pl
import pytest

from convive.stats import empirical_bayes_rate
from tests.validation.shared_data import shared

# Both are closed sums in double precision.
ROUNDING = 1e-9
ROOK = "libpysal_examples/stl/stl_hom_rook.gal"


@pytest.fixture(scope="module")
def counties():
    table = pl.read_csv(shared("libpysal_examples/stl/stl_hom.csv"))
    return table["HC7984"].to_numpy(), table["PO7984"].to_numpy()


@pytest.fixture(scope="module")
def smoothing():
    with warnings.catch_warnings():
        # esda is deprecating the module; the numbers are what is asked for.
        warnings.simplefilter("ignore")
        import esda.smoothing

        yield esda.smoothing


@pytest.fixture(scope="module")
def rook():
    import libpysal

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return libpysal.io.open(str(shared(ROOK))).read()


def test_global_rates_are_those_of_esda(counties, smoothing):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = smoothing.Empirical_Bayes(*counties).r

    ours = empirical_bayes_rate(*counties, per=1)

    np.testing.assert_allclose(ours.estimate, np.ravel(theirs), rtol=ROUNDING)


def test_local_rates_are_those_of_esda(counties, smoothing, rook):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = smoothing.Spatial_Empirical_Bayes(*counties, rook).r

    ours = empirical_bayes_rate(*counties, weights=rook.full()[0], per=1)

    np.testing.assert_allclose(ours.estimate, np.ravel(theirs), rtol=ROUNDING)
