"""Nobody without the right rebuilds a small count, by whatever periods they ask for."""

from __future__ import annotations

from datetime import date
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from convive.observatory.disclosure import SMALLEST_SHOWN, withhold
from convive.observatory.overview.presenters import present_overview
from convive.observatory.people.presenters import present_people
from convive.observatory.presenters import place_rate
from convive.observatory.series.presenters import present_series
from convive.observatory.tests.records import ask, in_months, record
from convive.places.tests.sonsonate import SONSONATE
from convive.stats import attack_table, suppress_table

MONTHS = [date(year, month, 1) for year in (2009, 2010) for month in range(1, 13)]
COUNTS = st.lists(
    st.sampled_from([0, 0, 1, 2, 3, 4, 5, 7, 30]), min_size=24, max_size=24
)


def largest(wanted, lines, totals):
    """The most that a reader of all the published sums can take a sum for."""
    answer = linprog(
        -np.array(wanted, dtype=float),
        A_eq=np.array(lines, dtype=float),
        b_eq=np.array(totals, dtype=float),
    )
    return np.inf if answer.status == 3 else -answer.fun


def published(counts):
    """Every period's total that some page shows: a month alone is a period too."""
    hidden = withhold(dict(zip(MONTHS, counts, strict=True)))
    lines, totals = [[0] * 24], [0]
    for first, last in combinations_with_replacement(range(24), 2):
        if not hidden.hides(MONTHS[first], MONTHS[last]):
            lines.append([first <= i <= last for i in range(24)])
            totals.append(sum(counts[first : last + 1]))
    return lines, totals


@settings(max_examples=40, deadline=None)
@given(COUNTS)
def test_no_small_month_or_year_can_be_worked_out_from_any_set_of_periods(counts):
    lines, totals = published(counts)
    parts = [[i == month for i in range(24)] for month in range(24)]
    parts += [[i // 12 == year for i in range(24)] for year in range(2)]

    for part in parts:
        true = int(np.dot(part, counts))
        if 0 < true < SMALLEST_SHOWN:
            assert largest(part, lines, totals) >= SMALLEST_SHOWN - 1e-6


def test_the_attack_on_one_year_agrees_with_the_library():
    counts = [0, 3, 9, 30, 12, 0, 8, 7, 6, 5, 11, 10] + [9] * 12

    hidden = withhold(dict(zip(MONTHS, counts, strict=True)))
    bounds = attack_table(suppress_table(counts[:12], SMALLEST_SHOWN))

    assert hidden.months == {MONTHS[1], MONTHS[9]}  # the 3, and the 5 that hides it
    assert (bounds.upper >= SMALLEST_SHOWN).all()


def test_a_period_that_would_isolate_a_small_month_is_withheld():
    counts = dict.fromkeys(MONTHS, 9) | {MONTHS[1]: 3}

    hidden = withhold(counts)

    assert hidden.hides(MONTHS[1], MONTHS[1])
    assert hidden.hides(MONTHS[1], MONTHS[2])
    assert not hidden.hides(MONTHS[0], MONTHS[11])
    assert not hidden.hides(MONTHS[12], MONTHS[23])


@pytest.fixture
def months(db):
    counts = {(2009, month): 9 for month in range(1, 13)} | {(2009, 2): 3}
    record(in_months(counts))


def test_pages_and_narrower_periods_withhold_the_same_month(months, cast):
    series = present_series(ask(), cast["emilio"])
    shown = {row.month.month: row.count for row in series.months}
    alone = place_rate(ask(until=(2009, 2), since=(2009, 2)), SONSONATE, cast["emilio"])

    assert shown[2] is None
    assert sum(count is None for count in shown.values()) == 2
    assert alone.figures is None
    for month, count in shown.items():
        period = ask(since=(2009, month), until=(2009, month))
        line = present_overview(period, cast["emilio"]).own
        assert (line.figures.count if line.figures else None) == count


def test_those_who_work_with_the_records_see_every_count(months, cast):
    series = present_series(ask(), cast["bruno"])

    assert [row.count for row in series.months] == [9, 3] + [9] * 10


def test_groups_of_a_part_of_a_year_are_not_given_to_others(months, cast):
    part = ask(until=(2009, 11))

    assert present_people(part, cast["emilio"]).breakdowns == ()
    assert present_people(part, cast["emilio"]).years == (2009,)
    assert present_people(part, cast["bruno"]).breakdowns != ()
