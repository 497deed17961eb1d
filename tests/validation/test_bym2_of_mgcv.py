"""Lip cancer in Scotland by BYM2, beside the Markov random field of R's mgcv.

`r/markov_field.json` was written by `r/markov_field.R`. mgcv fits one smoothness by
restricted likelihood, has no prior and gives places nothing of their own: a check that
nothing is wrong at large, not of digits.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from convive.stats import bym2_rate
from tests.validation.mcmc.bym2 import counts, neighbours

SAID = json.loads(
    (Path(__file__).parent / "r/markov_field.json").read_text(encoding="utf-8")
)
# Of a log risk, in mgcv's standard errors.
APART_ON_AVERAGE, APART = 0.15, 0.8


def test_risks_are_near_those_of_mgcv():
    cases, expected = counts()

    rate = bym2_rate(cases, expected, neighbours(islands=False), per=1)

    apart = (np.log(rate.median) - SAID["log_risk"]) / np.array(SAID["deviation"])
    assert np.abs(apart).mean() < APART_ON_AVERAGE
    assert np.abs(apart).max() < APART
