from __future__ import annotations

import pytest
from django.utils import translation

from convive.observatory.people.charts import spec_of
from convive.observatory.people.presenters import breakdown
from convive.observatory.tests.records import (
    ask,
    in_months,
    people_live_there,
    record,
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def rows_of(**counts):
    return [
        row
        for sex, count in counts.items()
        for row in in_months({(2009, 5): count}, victim_sex=sex)
    ]


def test_unknown_is_a_row_of_its_own_and_counts_in_the_shares(cast):
    record(rows_of(female=10, male=80, unknown=10))

    part = breakdown(ask(), cast["bruno"], "sex")

    assert [(row.label, row.count, row.share) for row in part.rows] == [
        ("men", "80", "80.0 %"),
        ("women", "10", "10.0 %"),
        ("unknown", "10", "10.0 %"),
    ]
    assert [row.is_known for row in part.rows] == [True, True, False]
    assert part.note.startswith("Not known in 10.0 %")


def test_a_column_that_the_office_does_not_keep_is_said(cast):
    record(rows_of(not_recorded=20))

    assert "no such column" in breakdown(ask(), cast["bruno"], "sex").note


def test_rates_by_sex_need_a_population_by_sex(cast):
    record(rows_of(female=10, male=80))
    people_live_there(50_000, sex="female")

    rows = {row.value: row for row in breakdown(ask(), cast["bruno"], "sex").rows}

    # Ten events in 50,000 person-years: 20.0 (9.59 - 36.78).
    assert (rows["female"].rate, rows["female"].interval) == ("20.0", "9.6 – 36.8")
    assert rows["male"].rate == ""


def test_a_small_group_takes_another_with_it(cast):
    record(rows_of(female=3, male=80, unknown=10))

    part = breakdown(ask(), cast["delia"], "sex")
    drawn = spec_of("sex")(ask(), cast["delia"])["data"]["values"]

    assert {row.value: row.number for row in part.rows} == {
        "male": 80,
        "female": None,
        "unknown": None,
    }
    assert drawn == [{"group": "men", "count": 80}]
    assert part.note == ""


def test_ages_stand_in_the_order_of_age(cast):
    record(
        in_months({(2009, 5): 9}, age_group="15-19")
        + in_months({(2009, 5): 20}, age_group="unknown")
        + in_months({(2009, 5): 30}, age_group="80+")
        + in_months({(2009, 5): 6}, age_group="5-9")
    )

    rows = breakdown(ask(), cast["bruno"], "age").rows

    assert [row.value for row in rows] == ["5-9", "15-19", "80+", "unknown"]
