"""Victims in Chile's national survey ENUSC 2019, beside R's survey package.

`r/enusc.json` was written by `r/enusc.R`: 24,465 persons in 487 clusters more than
strata, one stratum of which has a single cluster.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from convive.stats import survey_difference, survey_mean, survey_proportion
from tests.validation.shared_data import shared

SAID = json.loads((Path(__file__).parent / "r/enusc.json").read_text(encoding="utf-8"))
# R printed twelve digits; its logit interval and regression are iterated to 1e-8.
PRINTED, ITERATED = 1e-9, 1e-6


@pytest.fixture(scope="module")
def persons():
    return pl.read_csv(shared("chile_enusc_victimisation/enusc.csv.gz"))


def drawn(persons, lonely="adjust"):
    return {
        "weights": persons["Fact_Pers"],
        "strata": persons["VarStrat"],
        "clusters": persons["Conglomerado"],
        "lonely": lonely,
    }


def agrees(ours, name, rel=PRINTED):
    said = SAID[name]
    assert {k: getattr(ours, k) for k in said} == pytest.approx(said, rel=rel)


@pytest.mark.parametrize("lonely", ["adjust", "certainty"])
def test_the_share_of_victims_and_its_error_are_those_of_r(persons, lonely):
    agrees(survey_mean(persons["VP_DC"], **drawn(persons, lonely)), f"victim_{lonely}")


def test_a_stratum_of_one_cluster_is_refused_unless_it_is_said_what_to_do(persons):
    with pytest.raises(ValueError, match="holds one"):
        survey_mean(persons["VP_DC"], **drawn(persons, "refuse"))


def test_the_logit_interval_is_that_of_r(persons):
    share = survey_proportion(persons["VP_DC"], **drawn(persons))

    agrees(share, "victim_logit", ITERATED)


def test_a_part_of_the_population_keeps_the_design(persons):
    victim = persons["VP_DC"].to_numpy().astype(float)
    victim[persons["rph_sexo"].to_numpy() != 2] = np.nan
    agrees(survey_mean(victim, **drawn(persons)), "victim_women")

    age = persons["rph_edad"].to_numpy().astype(float)
    age[persons["enc_region"].to_numpy() != 5] = np.nan
    agrees(survey_mean(age, **drawn(persons)), "age_region_5")


def test_women_less_men_is_the_slope_of_r(persons):
    woman = persons["rph_sexo"].to_numpy() == 2

    difference = survey_difference(persons["VP_DC"], woman, **drawn(persons))

    agrees(difference, "women_less_men", ITERATED)
