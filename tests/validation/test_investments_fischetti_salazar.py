"""Investments by activity and region (Fischetti and Salazar, 2000; 2001).

The example of their papers: region C of activity II is hidden by a rectangle, and a
reader who knows that investments are not negative finds it between 5 and 30.
"""

from __future__ import annotations

import numpy as np

from convive.stats import SuppressedTable, attack_table
from convive.stats.margins import margins_of

INVESTMENTS = np.array([[20.0, 50, 10], [8, 19, 22], [17, 32, 12]])
WITHHELD = ([1, 1, 2, 2], [0, 2, 0, 2])
# Whole numbers found by a linear programme that answers to 1e-7.
ROUNDING = 1e-6


def test_the_reader_of_the_paper_finds_five_to_thirty():
    margins = margins_of(INVESTMENTS.shape, None)
    shown = margins.summed(INVESTMENTS)
    assert shown[-1].tolist() == [45, 101, 44, 190]
    shown[WITHHELD] = np.nan

    bounds = attack_table(SuppressedTable(shown, margins, 1), prior_lower=0)

    np.testing.assert_allclose(bounds.lower, [0, 5, 0, 4], atol=ROUNDING)
    np.testing.assert_allclose(bounds.upper, [25, 30, 25, 29], atol=ROUNDING)
