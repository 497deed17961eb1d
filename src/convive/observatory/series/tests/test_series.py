from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from convive.observatory.series.charts import series_spec
from convive.observatory.series.presenters import present_series
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


def each_month(year, count):
    return {(year, month): count for month in range(1, 13)}


def sentence(before, later, user):
    record(in_months(each_month(2009, before) | each_month(2010, later)))
    return present_series(ask((2010, 1), (2010, 12)), user).sentence


@pytest.mark.parametrize(
    ("before", "later", "words"),
    [
        (10, 20, "The rate rose"),
        (20, 10, "The rate fell"),
        (10, 10, "We cannot tell"),
        (1, 2, "We cannot tell"),  # 12 against 24: the interval holds 1
    ],
)
def test_words_say_no_more_than_the_interval(cast, before, later, words):
    assert sentence(before, later, cast["bruno"]).startswith(words)


def test_growth_of_the_population_counts_in_the_comparison(cast):
    record(in_months(each_month(2009, 10) | each_month(2010, 20)))
    people_live_there(50_000, year=2009)
    people_live_there(100_000, year=2010)

    told = present_series(ask((2010, 1), (2010, 12)), cast["bruno"]).sentence

    assert "1.00 times the rate" in told
    assert told.startswith("We cannot tell")


def test_a_year_before_without_a_file_is_not_compared(cast):
    record(in_months(each_month(2009, 10)))

    told = present_series(ask(), cast["bruno"]).sentence

    assert told.startswith("The year before is not covered")


def test_each_month_stands_beside_the_same_month_of_the_year_before(cast):
    record(in_months({(2009, 3): 6, (2010, 3): 8}))

    rows = present_series(ask((2010, 1), (2010, 12)), cast["bruno"]).months

    assert [(r.count, r.before) for r in rows if r.month.month == 3] == [(8, 6)]


def test_provisional_months_are_marked_and_drawn_in_their_own_colour(cast):
    record(in_months(each_month(2009, 6)), provisional_from=date(2009, 11, 1))

    rows = present_series(ask(), cast["bruno"]).months
    bars = series_spec(ask(), cast["bruno"])["layer"][0]["data"]["values"]

    assert [row.month.month for row in rows if row.is_provisional] == [11, 12]
    assert [bar["state"] for bar in bars].count("provisional") == 2


def test_a_month_without_a_file_is_no_data_and_not_zero(cast):
    record(in_months({(2009, 1): 6}), covers_until=date(2009, 6, 30))

    rows = present_series(ask(), cast["bruno"]).months

    assert [row.state for row in rows] == ["final"] * 6 + ["no_data"] * 6
    assert rows[1].text == "0"


def test_the_yearly_rate_is_that_of_garwood(cast):
    record(in_months({(2009, 5): 10}))
    people_live_there(50_000)

    own = present_series(ask(), cast["bruno"]).years[0].places[0]

    # Ten events in 50,000 person-years: 20.0 (9.59 - 36.78).
    assert (own.count, own.rate, own.interval) == ("10", "20.0", "9.6 – 36.8")


def test_the_chart_holds_no_month_that_is_withheld(cast):
    counts = each_month(2009, 9) | {(2009, 2): 3}
    record(in_months(counts))

    bars = series_spec(ask(), cast["fatima"])["layer"][0]["data"]["values"]

    assert len(bars) == 10
    assert 3 not in [bar["count"] for bar in bars]
