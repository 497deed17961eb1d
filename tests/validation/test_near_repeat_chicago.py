"""Arson in Chicago in 2016, as Ratcliffe's Near Repeat Calculator 1.3 answered.

The Calculator's verbose file prints the positions it used, rounded to a decimetre, its
tables, and the counts of its 99 shuffles. Its bands leave out their upper limit, so the
limits here lie just below; distance is Manhattan.
"""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pytest

from convive.stats import near_repeat
from tests.validation.shared_data import shared

FILE = "nearrepeat_chicago/NRC/chicago_arson_NRverbose_2019-09-23_145637.csv"
JUST_BELOW = 1e-3  # positions are multiples of 0.1 m
EVERY_DAY = 366
PERMUTATIONS = 9_999
# 99.9 % of Monte Carlo error of a p-value of 99 shuffles, and its smallest step.
STANDARD_ERRORS = 3.3
# The mean of 99 shuffles lies within so many of their standard errors of the exact
# expectation, 20 cells at once (0.01 %).
MEAN_ERRORS = 4.5


@pytest.fixture(scope="module")
def lines():
    return shared(FILE).read_text(encoding="latin-1").splitlines()


@pytest.fixture(scope="module")
def table(lines):
    rows = [line.split(", ") for line in lines if re.match(r"\d+, \d", line)]
    assert len(rows) == 522
    xy = [[float(row[1]), float(row[2])] for row in rows]
    days = [dt.datetime.strptime(row[3], "%m/%d/%Y").toordinal() for row in rows]  # noqa: DTZ007
    return near_repeat(
        xy,
        days,
        np.array([200, 400, 600, 1e6]) - JUST_BELOW,
        [0, 1, 2, EVERY_DAY],
        PERMUTATIONS,
        np.random.default_rng(2009),
        metric="manhattan",
    )


def published(lines, title):
    """Read a table of five rows and four columns; the Calculator leaves zeros out."""
    start = lines.index(title) + 3
    values = [line.split(",")[-5:-1] for line in lines[start : start + 5]]
    return np.array([[float(value or 0) for value in row] for row in values])


def simulated(lines, name):
    """Read a line of each cell, column after column of the table."""
    values = [line.split(", ")[1] for line in lines if line.startswith(f"{name}, ")]
    return np.array(values, float).reshape(4, 5).T


def test_all_twenty_counts_are_the_published_ones(lines, table):
    said = published(lines, "Observed frequencies distribution")

    assert (table.observed == said).all()


def test_the_expectations_are_the_means_of_the_published_shuffles(lines, table):
    mean = simulated(lines, "Mean")
    at = [i for i, line in enumerate(lines) if line.startswith("Expected,")]
    shuffles = [
        np.array([v for v in (lines[i] + lines[i + 1]).split(",")[1:] if v], float)
        for i in at
    ]
    error = np.array([counts.std(ddof=1) for counts in shuffles]) / np.sqrt(99)

    gap = np.abs(mean - table.expected)
    # A cell whose shuffles are all alike has no error of its own.
    assert (gap <= MEAN_ERRORS * np.maximum(error.reshape(4, 5).T, 0.02)).all()


def test_the_p_values_are_the_published_ones(lines, table):
    said = published(lines, "Statistical significant table")

    error = np.sqrt(table.p_value * (1 - table.p_value) / 99)
    assert (np.abs(said - table.p_value) <= STANDARD_ERRORS * error + 0.01).all()


def test_the_cells_called_significant_are_those_of_the_summary(table):
    # "Within 1 to 200, 201 to 400 and 401 to 600 meters, overrepresented for up to 1
    # days", and the same place a day later, marked in its table.
    expected = np.zeros((5, 4), bool)
    expected[1:4, 0] = expected[0, 1] = True

    assert (table.is_significant == expected).all()
