from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from convive.observatory import compute
from convive.observatory.selection import read
from convive.observatory.tests.records import ask, in_months, record
from convive.places.tests.sonsonate import SONSONATE

JANUARY = {(2009, 1): 7}


@pytest.fixture
def january(db):
    return record(in_months(JANUARY))


def asked(user, **texts):
    return read(user, {"where": SONSONATE} | texts)


def test_without_a_period_the_last_covered_year_is_shown(january, cast):
    selection = asked(cast["bruno"])

    assert (selection.since, selection.until) == (date(2010, 1, 1), date(2010, 12, 31))
    assert selection.problems == ()


@pytest.mark.parametrize(
    "texts",
    [
        {"since": "99999-01"},
        {"since": "2009-13"},
        {"until": "0000-00"},
        {"since": "'; drop table"},
        {"known_on": "ayer"},
        {"known_on": "99999-01-01"},
        {"known_on": "2999-01-01"},
        {"what": "9999"},
        {"where": "sv/atlantis"},
        {"where": "\x00"},
        {"source": "cia"},
        {"since": "2010-05", "until": "2009-05"},
    ],
)
def test_what_cannot_be_taken_as_asked_is_said_in_one_sentence(january, cast, texts):
    selection = asked(cast["bruno"], **texts)

    assert len(selection.problems) == 1
    assert selection.since <= selection.until
    assert selection.where == SONSONATE


def test_a_period_that_ends_before_it_begins_is_turned(january, cast):
    selection = asked(cast["bruno"], since="2010-05", until="2009-05")

    assert (selection.since, selection.until) == (date(2009, 5, 1), date(2010, 5, 31))


def test_figures_are_those_known_on_the_day_asked_for(january):
    record(in_months({(2009, 1): 2}), recorded_at=datetime(2011, 6, 2, tzinfo=UTC))

    before = ask(known_on=date(2011, 5, 31))

    assert compute.total(ask(), SONSONATE) == 9
    assert compute.total(before, SONSONATE) == 7
    assert "known_on=2011-05-31" in before.query


def test_nothing_was_known_before_the_first_file(january):
    assert compute.total(ask(known_on=date(2010, 1, 1)), SONSONATE) == 0


def test_two_offices_are_never_added(january, cast):
    record(in_months({(2009, 1): 4}), source="fgr")

    usual = asked(cast["bruno"], since="2009-01", until="2009-12")
    other = asked(cast["bruno"], since="2009-01", until="2009-12", source="fgr")

    assert (usual.source, usual.sources) == ("pnc", ("pnc", "fgr"))
    assert compute.total(usual, SONSONATE) == 7
    assert compute.total(other, SONSONATE) == 4


def test_nobody_without_a_place_gets_a_question(january):
    assert read(AnonymousUser(), {}) is None


def test_the_question_is_kept_between_pages(january, client_of):
    bruno = client_of("bruno")
    bruno.get(f"/observatorio/?where={SONSONATE}&since=2009-03&until=2009-04&what=01")

    page = bruno.get("/observatorio/serie/").content.decode()

    assert 'value="2009-03"' in page
    assert 'value="2009-04"' in page
    assert '<option value="01" selected>' in page


def test_a_file_holds_what_was_asked_for_or_is_refused(january, client_of):
    address = "/observatorio/descarga/series.csv"

    refused = client_of("bruno").get(f"{address}?where={SONSONATE}&since=99999-01")

    assert refused.status_code == 400


@pytest.mark.parametrize(("kinds", "opens_on"), [(["0101"], "0101"), ([], "")])
def test_a_place_opens_on_what_its_files_hold_completely(client_of, kinds, opens_on):
    record(in_months({(2010, 1): 7}, iccs="0101"), covers_iccs=kinds)

    page = client_of("bruno").get("/observatorio/", {"where": SONSONATE})

    assert page.context["selection"].what == opens_on
    assert page.context["overview"].own.count == "7"
