"""Empirical Bayes rates of homicide, 78 counties around St Louis.

The documentation of esda's smoothing module prints the first ten, for the homicides
and populations of 1979-1984.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from convive.stats import empirical_bayes_rate
from tests.validation.shared_data import shared

PUBLISHED = [
    2.36718950e-05, 4.54539167e-05, 4.78114019e-05, 2.76907146e-05, 6.58989323e-05,
    3.66494122e-05, 5.79952721e-05, 2.03064590e-05, 3.31152999e-05, 3.02748380e-05,
]  # fmt: skip


def test_the_first_ten_rates_are_the_published_ones():
    counties = pl.read_csv(shared("libpysal_examples/stl/stl_hom.csv"))

    rate = empirical_bayes_rate(counties["HC7984"], counties["PO7984"], per=1)

    np.testing.assert_allclose(rate.estimate[:10], PUBLISHED, rtol=1e-8)
