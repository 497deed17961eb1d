"""Lip cancer in Scotland (Clayton and Kaldor, 1987) by BYM2, beside long simulation.

`mcmc/bym2.json` was written by `mcmc/bym2.py`: 64 chains of 20,000 turns of a sampler
that shares no code with the library, with and without the links of three islands, and
for an invented square of very few events.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from convive.stats import bym2_rate
from tests.validation.mcmc.bym2 import HERE, counts, neighbours, sparse

SAID = json.loads((HERE / "bym2.json").read_text(encoding="utf-8"))
MAPS = pytest.mark.parametrize("name", ["joined", "islands", "sparse"])
# In standard deviations of a log risk; the simulation's own error is 0.005 of them, and
# three times that at the limits.
APART = 0.05
# Of a probability, and of the spread and the spatial share, that a coarse grid tells.
APART_IN_PROBABILITY, APART_IN_SPREAD = 0.004, 0.02


def found(name):
    if name == "sparse":
        links, cases, expected = sparse()
    else:
        links = neighbours(islands=name == "islands")
        cases, expected = counts()
    return bym2_rate(cases, expected, links, per=1)


@MAPS
@pytest.mark.parametrize("field", ["mean", "median", "lower", "upper"])
def test_risks_are_those_of_the_simulation(name, field):
    rate = found(name)
    said = np.array(SAID[name][field])

    ours = getattr(rate, {"mean": "estimate"}.get(field, field)) / rate.overall

    apart = np.log(ours / said) / np.array(SAID[name]["log_deviation"])
    assert np.abs(apart).max() < APART


@MAPS
def test_the_chance_of_a_rate_above_the_overall_one_is_that_of_the_simulation(name):
    np.testing.assert_allclose(
        found(name).probability_above, SAID[name]["above"], atol=APART_IN_PROBABILITY
    )


@MAPS
def test_spread_and_spatial_share_are_those_of_the_simulation(name):
    rate = found(name)

    for ours, said in (
        (rate.spread, SAID[name]["spread"]),
        (rate.spatial_share, SAID[name]["share"]),
    ):
        np.testing.assert_allclose(
            [ours.estimate, ours.lower, ours.upper], said, atol=APART_IN_SPREAD
        )
