"""Survey estimates beside those of R's survey package (Lumley, 2004).

`r/survey.json` was written by `r/survey.R` from `r/survey_sample.csv`: some hundred
invented answers in four strata of a few clusters each.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from convive.stats import survey_difference, survey_mean, survey_proportion

R = Path(__file__).parent / "r"
# Both are linearisations in double precision; R printed twelve digits.
ROUNDING = 1e-9


@pytest.fixture(scope="module")
def sample():
    return pl.read_csv(R / "survey_sample.csv")


@pytest.fixture(scope="module")
def said():
    return json.loads((R / "survey.json").read_text(encoding="utf-8"))


def drawn(sample):
    return sample["weight"], sample["stratum"].to_list(), sample["cluster"].to_list()


def agrees(ours, theirs):
    return {name: getattr(ours, name) for name in theirs} == pytest.approx(
        theirs, rel=ROUNDING
    )


def test_the_mean_is_that_of_r(sample, said):
    assert agrees(survey_mean(sample["trust"], *drawn(sample)), said["mean"])


def test_the_mean_of_a_finite_population_is_that_of_r(sample, said):
    mean = survey_mean(sample["trust"], *drawn(sample), fpc=sample["fpc"])

    assert agrees(mean, said["mean_fpc"])


def test_the_proportion_and_its_logit_interval_are_those_of_r(sample, said):
    share = survey_proportion(sample["afraid"], *drawn(sample))

    assert agrees(share, said["proportion"])


def test_the_difference_between_women_and_men_is_that_of_r(sample, said):
    women = sample["woman"].to_numpy() == 1

    difference = survey_difference(sample["trust"], women, *drawn(sample))

    assert agrees(difference, said["difference"])
