from __future__ import annotations

from convive.observatory.tests.records import in_months, record
from convive.places.tests.sonsonate import SONSONATE

YEAR = f"where={SONSONATE}&since=2009-01&until=2009-12"


def test_a_figure_leads_to_its_origin_with_the_question_kept(client_of):
    record(in_months({(2009, 1): 7}))

    page = client_of("bruno").get(f"/observatorio/?{YEAR}&known_on=2012-01-01")

    kept = "since=2009-01&amp;until=2009-12&amp;known_on=2012-01-01"
    assert f"{kept}" in page.content.decode()
    assert "/observatorio/origen/?what=" in page.content.decode()


def test_the_records_button_is_for_those_who_may(client_of):
    record(in_months({(2009, 1): 7}))

    shown = {
        name: "records.csv"
        in client_of(name).get(f"/observatorio/?{YEAR}").content.decode()
        for name in ("bruno", "emilio", "gabriel")
    }

    assert shown == {"bruno": True, "emilio": False, "gabriel": False}
