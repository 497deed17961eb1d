"""Hidden counts that were published, from lists of 3 and 4 sources.

R3 of Darroch et al. (1993) and the diabetics of Casale Monferrato (Bruno et al., 1994)
as analysed by Rivest (2011), Why a time effect often has a limited impact on
capture-recapture estimates in closed populations; fatal injuries at work in New Zealand
in Cormack, Chang and Smith (2000), Estimating deaths from industrial accident by
capture-recapture, table 3. The printed numbers are taken from the tests of R's Rcapture
(Rivest and Baillargeon), which repeat these papers; those it could not repeat, such as
the deviance of the injuries with two pairs, are left out here too.
"""

from __future__ import annotations

import numpy as np
import pytest

from convive.stats import capture_recapture

# From those on all lists to those on the last alone, the first list changing slowest.
ADJUSTED_CENSUS = [72, 155, 7, 71, 13, 53, 43]
DIABETES = [58, 157, 18, 104, 46, 650, 12, 709, 14, 20, 7, 74, 8, 182, 10]
INJURIES = [72, 5, 29, 54, 24, 3, 14]
INJURIES_OF_FOUR = [72, 5, 29, 53, 24, 3, 12, 14, 0, 0, 0, 1, 0, 0, 2]


def table(counts):
    lists = (len(counts) + 1).bit_length() - 1
    return np.array([0, *counts[::-1]]).reshape((2,) * lists)


def model(counts, *dependent):
    found = capture_recapture(table(counts))
    return next(m for m in found.models if set(m.dependent) == set(dependent))


# Name, counts, dependences, printed size, standard error, deviance and its decimals.
PUBLISHED = {
    "all pairs of R3": (
        ADJUSTED_CENSUS, [("1", "2"), ("1", "3"), ("2", "3")], 1240, 451, 0.0, 1,
    ),
    "two pairs of R3": (ADJUSTED_CENSUS, [("1", "2"), ("2", "3")], 850, 186, 3.8, 1),
    "Bruno's model": (
        DIABETES,
        [("1", "2"), ("1", "3"), ("2", "3"), ("2", "4"), ("3", "4")],
        2771, 145, 7.62, 2,
    ),
    "Rivest's pairs": (
        DIABETES, [("1", "3"), ("2", "4"), ("3", "4")], 2472, 53, 21.97, 2,
    ),
    "independent injuries": (INJURIES, [], 209, None, 75.1, 1),
    "injuries with two pairs": (
        INJURIES, [("1", "3"), ("2", "3")], 233, None, None, None,
    ),
    "four lists of injuries": (INJURIES_OF_FOUR, [], 215, None, 87.1, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_model_says_what_was_printed(name):
    counts, dependent, size, error, deviance, decimals = PUBLISHED[name]

    found = model(counts, *dependent)

    assert round(found.estimate) == size
    assert error is None or round(found.standard_error) == error
    if deviance is not None:
        assert found.deviance == pytest.approx(deviance, abs=0.51 * 10**-decimals)


def test_the_model_chosen_by_bruno_is_the_best_supported():
    found = capture_recapture(table(DIABETES))

    assert found.models[0] == model(DIABETES, *PUBLISHED["Bruno's model"][1])


def test_models_that_have_no_finite_answer_are_left_out():
    # The paper prints no bound for all pairs of the four lists.
    found = capture_recapture(table(INJURIES_OF_FOUR))

    assert len(found.models) < 2**6
    assert max(len(m.dependent) for m in found.models) < 6
    assert found.upper < 10 * found.observed
