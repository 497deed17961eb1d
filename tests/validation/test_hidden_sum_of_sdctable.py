"""A cell that follows from sums of lines, from the tests of R's package sdcTable.

Every row and column has two withheld cells or more, so that no single line gives one
away. Rows w and x less columns a and c do: 236 - 189 = 47. sdcTable is asked there to
withhold more, as is ours.
"""

from __future__ import annotations

import numpy as np

from convive.stats import SuppressedTable, attack_table
from convive.stats.margins import margins_of

COUNTS = np.array(
    [[30.0, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]]
)
# Shown there: w|d, x|b, x|d, y|a, y|c, z|a, z|c and all totals.
SHOWN = ([0, 1, 1, 2, 2, 3, 3], [3, 1, 3, 0, 2, 0, 2])
ROUNDING = 1e-6


def attacked(hidden):
    margins = margins_of(COUNTS.shape, None)
    table = margins.summed(COUNTS)
    table[margins.inner][hidden] = np.nan
    return attack_table(SuppressedTable(table, margins, 1))


def test_the_cell_that_no_line_gives_away_is_found():
    hidden = np.ones(COUNTS.shape, dtype=bool)
    hidden[SHOWN] = False

    bounds = attacked(hidden)

    cell = (bounds.position == [0, 1]).all(axis=1)
    np.testing.assert_allclose(bounds.lower[cell], 47, atol=ROUNDING)
    np.testing.assert_allclose(bounds.upper[cell], 47, atol=ROUNDING)


def test_one_more_cell_hides_it():
    hidden = np.ones(COUNTS.shape, dtype=bool)
    hidden[SHOWN] = False
    hidden[1, 1] = True

    bounds = attacked(hidden)

    assert (bounds.upper - bounds.lower > 1).all()
