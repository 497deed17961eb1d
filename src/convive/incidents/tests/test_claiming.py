from datetime import date, timedelta

import pytest
from django.utils import timezone

from convive.core.actors import System
from convive.incidents import compute, importing
from convive.incidents.actions import Claim, Order, TermRow, save_crosswalk
from convive.incidents.claiming import usual_claim
from convive.incidents.models import Batch
from convive.places.tests.sonsonate import SONSONATE, make_sonsonate
from convive.warehouse import Slice

BY = System()
HEAD = "Expediente,Fecha,Delito\n"


@pytest.fixture
def order(db, tmp_path):
    make_sonsonate()
    terms = [TermRow("Homicidio", "0101"), TermRow("Robo", "0401")]
    save_crosswalk(by=BY, country_path="sv", terms=terms)

    def make(*rows, **rest):
        path = tmp_path / "marzo.csv"
        path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return Order(path, SONSONATE, "pnc", has_usual_claim=True, **rest)

    return make


def is_complete(what, month=3):
    whole = Slice(SONSONATE, date(2009, month, 1), date(2009, month, 28), iccs=what)
    return compute.coverage(whole).is_complete


def test_whole_months_are_claimed_from_the_first_record_to_the_last():
    claim = usual_claim(date(2009, 3, 5), date(2009, 4, 2), {"0101"})

    assert (claim.since, claim.until) == (date(2009, 3, 1), date(2009, 4, 30))
    assert claim.provisional_from is None


def test_a_month_under_way_is_claimed_up_to_today_and_provisional():
    today = timezone.localdate()

    claim = usual_claim(today - timedelta(days=400), today, {"0101"})

    assert claim.until == today
    assert claim.provisional_from == today.replace(day=1)


def test_a_list_of_several_kinds_is_complete_for_every_kind(order):
    importing.run_import(
        by=BY, order=order("1,05/03/2009,Homicidio", "2,06/03/2009,Robo")
    )

    assert is_complete(())
    assert not is_complete((), month=4)


def test_a_list_of_homicides_says_nothing_of_the_rest(order):
    importing.run_import(by=BY, order=order("1,05/03/2009,Homicidio"))

    assert is_complete(("0101",))
    assert not is_complete(())


def test_what_is_said_stands_above_what_is_usual(order):
    said = Claim(since=date(2009, 3, 1), until=date(2009, 3, 31), iccs=("0401",))

    importing.run_import(by=BY, order=order("1,05/03/2009,Robo", claim=said))

    batch = Batch.objects.get()
    assert (batch.covers_iccs, batch.covers_until) == (["0401"], date(2009, 3, 31))


def test_a_file_without_a_good_row_claims_nothing(order):
    importing.run_import(by=BY, order=order("1,99/03/2009,Robo"))

    assert Batch.objects.get().covers_from is None
