"""Kernel densities beside those of R's spatstat (Baddeley, Rubak and Turner, 2015).

`r/kernel_density.csv` was written by `r/kernel_density.R`: 120 invented events at
the centres of 30 x 40 pixels of 50 m, smoothed with a standard deviation of 150 m,
in the rectangle and in a part of it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from convive.stats import kernel_density

R = Path(__file__).parent / "r/kernel_density.csv"
WINDOW = (0, 0, 2000, 1500)
# R printed ten digits; exact sums end at 6 standard deviations.
SAME = 1e-7
# spatstat sums the mass in the rectangle over pixels, here it is the integral, and it
# tabulates the kernels that end.
PIXELS = 1e-3
# In a mask the mass at an event is taken between centres.
BETWEEN = 2e-3
# Sharing events among centres, with cells a third of a standard deviation, on the
# worst ground: 120 events all on centres, where it widens nothing.
SHARED = 8e-3


@pytest.fixture(scope="module")
def said():
    table = pl.read_csv(R, comment_prefix="#", null_values="NA").sort("row", "column")
    return {name: table[name].to_numpy().reshape(30, 40) for name in table.columns}


def surface(said, bandwidth_m=150.0, count="count", **chosen):
    row, column = np.nonzero(said["count"])
    centres = np.column_stack([column + 0.5, row + 0.5]) * 50
    return kernel_density(
        centres,
        bandwidth_m,
        shape=(30, 40),
        window_m=WINDOW,
        weights=said[count][row, column],
        **{"edge": "none"} | chosen,
    ).events_per_km2


def gap(ours, theirs):
    assert (np.isnan(ours) == np.isnan(theirs)).all()
    return np.nanmax(np.abs(ours - theirs)) / np.nanmax(theirs)


def test_without_correction_it_is_that_of_r(said):
    assert gap(surface(said, exact=True), said["none"]) < SAME
    assert gap(surface(said), said["none"]) < SHARED


def test_with_weights_it_is_that_of_r(said):
    assert gap(surface(said, exact=True, count="weight"), said["weighted"]) < SAME


@pytest.mark.parametrize("edge", ["uniform", "diggle"])
def test_corrections_in_the_rectangle_are_those_of_r(said, edge):
    assert gap(surface(said, exact=True, edge=edge), said[edge]) < PIXELS
    assert gap(surface(said, edge=edge), said[edge]) < SHARED


@pytest.mark.parametrize(
    ("edge", "tolerance"), [("uniform", 1e-6), ("diggle", BETWEEN)]
)
def test_corrections_in_a_part_are_those_of_r(said, edge, tolerance):
    inside = said["inside"] > 0

    ours = surface(said, exact=True, edge=edge, inside=inside)

    assert gap(ours, said[f"mask_{edge}"]) < tolerance


@pytest.mark.parametrize(("kernel", "root"), [("quartic", 8), ("epanechnikov", 6)])
def test_kernels_that_end_are_those_of_r(said, kernel, root):
    ours = surface(said, 150 * root**0.5, exact=True, kernel=kernel)

    assert gap(ours, said[kernel]) < PIXELS
