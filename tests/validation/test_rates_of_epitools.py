"""Exact limits, rate ratios and standardised rates beside R.

`r/rates.json` was written by `r/rates.R` with epitools (Aragon, 2020) and the test of
two Poisson rates in R itself. The standardised rates are those of Down's syndrome in
Michigan, by which the manual of epitools says to recreate table 1 of Fay and Feuer
(1997).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from convive.stats import crude_rate, directly_standardised_rate, rate_ratio

SAID = json.loads((Path(__file__).parent / "r/rates.json").read_text(encoding="utf-8"))
# R printed twelve digits; epitools searches its exact limits to about six.
PRINTED, SEARCHED = 1e-10, 1e-5

ALL = [319933, 931318, 786511, 488235, 237863, 61313]
BIRTHS = [
    [230061, 329449, 114920, 39487, 14208, 3052],
    [72202, 326701, 208667, 83228, 28466, 5375],
    [15050, 175702, 207081, 117300, 45026, 8660],
    [2293, 68800, 132424, 98301, 46075, 9834],
    [327, 30666, 123419, 149919, 104088, 34392],
]
CASES = [
    [107, 141, 60, 40, 39, 25],
    [25, 150, 110, 84, 82, 39],
    [3, 71, 114, 103, 108, 75],
    [1, 26, 64, 89, 137, 96],
    [0, 8, 63, 112, 262, 295],
]


def test_exact_limits_are_those_of_epitools():
    rate = crude_rate(
        [0, 1, 7, 30, 250, 5000], [1, 2, 3.5, 10, 100, 1000], per=1, level=0.9
    )

    np.testing.assert_allclose(rate.lower, SAID["exact"]["lower"], rtol=SEARCHED)
    np.testing.assert_allclose(rate.upper, SAID["exact"]["upper"], rtol=SEARCHED)


def test_the_ratio_of_two_rates_is_that_of_r():
    ratio = rate_ratio(30, 100_000, 14, 80_000)

    for name, value in SAID["ratio"].items():
        np.testing.assert_allclose(getattr(ratio, name), value, rtol=PRINTED)


def test_standardised_rates_are_those_of_epitools():
    rate = directly_standardised_rate(CASES, BIRTHS, ALL)

    for name, values in SAID["adjusted"].items():
        np.testing.assert_allclose(getattr(rate, name), values, rtol=PRINTED)
