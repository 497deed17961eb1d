from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.utils import translation

from convive.observatory.calendar.charts import calendar_spec
from convive.observatory.calendar.presenters import (
    count_hours,
    heaped_hour,
    peak_sentence,
    present_calendar,
    quantile_limits,
)
from convive.observatory.tests.records import ask, record
from convive.stats import attack_table, suppress_table

SATURDAY = date(2009, 1, 3)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def at(hour, count, day=SATURDAY):
    minute = None if hour is None else hour * 60 + 15
    return [{"occurred_on": day, "occurred_minute": minute}] * count


def test_an_incident_stands_at_its_day_and_hour(cast):
    record(at(22, 7))

    shown = present_calendar(ask(), cast["bruno"])

    assert [day.name for day in shown.days][5] == "Saturday"
    assert shown.days[5].cells[22].count == 7
    assert sum(cell.count for day in shown.days for cell in day.cells) == 7


def test_incidents_without_an_hour_are_said(cast):
    record(at(22, 7) + at(None, 12))

    shown = present_calendar(ask(), cast["bruno"])

    assert shown.without_hour.startswith("12 incidents have no hour")


def test_small_cells_are_withheld_with_what_would_give_them_away(cast):
    record(at(22, 30) + at(21, 2) + at(20, 9))

    shown = present_calendar(ask(), cast["emilio"])
    cells = [cell.count for day in shown.days for cell in day.cells]
    counts, unknown = count_hours(ask())
    bounds = attack_table(suppress_table([*counts.ravel(), unknown], 5))

    assert cells.count(None) == 2
    assert 2 not in cells
    assert (bounds.upper >= 5).all()
    assert not shown.has_totals
    assert shown.sentence == ""
    drawn = calendar_spec(ask(), cast["emilio"])["data"]["values"]
    assert 2 not in [square["count"] for square in drawn]


def test_a_peak_beyond_chance_is_told_with_its_measure():
    counts = np.full((7, 24), 2)
    counts[5, 18:] = 20

    told = peak_sentence(counts)

    assert told.startswith("The busiest part of the week is Saturday between 18:00")
    assert "10.0 times" in told


def test_an_even_week_has_no_peak():
    counts = np.full((7, 24), 3)
    counts[2, 4] = 6

    assert peak_sentence(counts).startswith("We cannot tell one part of the week")


def test_noon_that_stands_for_no_hour_is_not_called_a_peak():
    counts = np.full((7, 24), 3)
    counts[:, 12] = 30

    assert heaped_hour(counts.sum(axis=0)) == 12
    assert "12:00" in peak_sentence(counts)
    assert peak_sentence(counts).startswith("We cannot tell")


def test_an_empty_week_has_no_sentence():
    assert peak_sentence(np.zeros((7, 24), dtype=int)) == ""
    assert quantile_limits([]) == []


def test_shades_take_a_like_number_of_cells():
    assert quantile_limits(list(range(1, 101))) == [1, 21, 41, 61, 81]
