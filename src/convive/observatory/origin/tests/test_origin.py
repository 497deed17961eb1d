from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from convive.observatory.origin.presenters import code_path, present_origin
from convive.observatory.tests.records import ask, in_months, record


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_a_code_is_walked_from_the_top():
    assert [step.code for step in code_path("0101")] == ["01", "0101"]
    assert code_path("") == ()


def test_months_covered_are_those_of_the_claims(cast):
    record([], covers_until=date(2009, 10, 31), provisional_from=date(2009, 9, 1))

    (year,) = present_origin(ask(), cast["bruno"]).covers

    kinds = [kind for kind, _words in year.months]
    assert kinds == ["cover-final"] * 8 + ["cover-provisional"] * 2 + ["cover-none"] * 2


def test_completeness_counts_what_is_known(cast):
    record(
        in_months({(2009, 1): 30}, mechanism="firearm")
        + in_months({(2009, 1): 10}, mechanism="unknown", precision="municipality")
    )

    origin = present_origin(ask(), cast["bruno"])

    known = {part.label: part.share for part in origin.known}
    located = {part.label: part.count for part in origin.located}
    assert known["Mechanism"] == "75.0 %"
    assert located == {
        "by coordinates": "30",
        "by a landmark": "0",
        "by barrio, colonia or canton": "0",
        "by municipality alone": "10",
    }


def test_small_completeness_and_small_files_are_withheld_from_others(cast):
    record(in_months({(2009, 1): 3}, mechanism="unknown"))
    record(in_months({(2009, 1): 40}))

    origin = present_origin(ask(), cast["emilio"])

    assert [row.accepted for row in origin.batches] == ["withheld", "40"]
    mechanism = next(part for part in origin.known if part.label == "Mechanism")
    assert (mechanism.count, mechanism.share) == ("withheld", "–")


def test_an_office_that_is_not_counted_is_named(cast):
    record(in_months({(2009, 1): 7}))
    record(in_months({(2009, 1): 5}), source="fgr")

    asked = ask(source="pnc", sources=("pnc", "fgr"))
    offices = present_origin(asked, cast["bruno"]).offices

    assert [(o.name, o.is_counted) for o in offices] == [("PNC", True), ("FGR", False)]


def test_completeness_does_not_betray_what_the_people_page_withholds(cast):
    record(
        in_months({(2009, 1): 3}, victim_sex="female")
        + in_months({(2009, 1): 80}, victim_sex="male")
        + in_months({(2009, 1): 10}, victim_sex="unknown")
    )

    origin = present_origin(ask(), cast["emilio"])

    # The unknown hide the three women; their number would bring them out.
    sex = next(part for part in origin.known if part.label == "Sex of the victim")
    assert (sex.count, sex.share) == ("withheld", "–")


def test_a_year_that_is_withheld_has_no_completeness(cast):
    record(in_months({(2009, 1): 3}, victim_sex="female"))

    known = present_origin(ask(), cast["emilio"]).known

    assert {part.count for part in known} == {"withheld"}
