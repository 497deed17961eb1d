"""Points: for whom, which, and how many at a time."""

import csv
import io
import json

import pytest
from django.urls import reverse

from convive.observatory.map import points
from convive.observatory.map.policies import FAMILY_OR_SEXUAL, NEVER_DRAWN
from convive.observatory.map.tests.town import (
    DEPARTMENT,
    NOTE,
    SONSONATE,
    YEAR,
    make_town,
)
from convive.observatory.models import Release
from convive.warehouse import UNCLASSIFIED
from convive.warehouse.schema import Relationship

ALL = f"what=&where={SONSONATE}&{YEAR}"
WINDOW = "bbox=-90,13,-89,14"


@pytest.fixture
def town(db):
    make_town()


@pytest.fixture
def ask(town, client_of):
    def get(name="alicia", query=ALL, zoom=16):
        address = reverse("observatory:map_points")
        return client_of(name).get(f"{address}?{query}&{WINDOW}&zoom={zoom}")

    return get


@pytest.mark.parametrize(
    ("relationship", "is_family"),
    [
        (Relationship.CURRENT_PARTNER, True),
        (Relationship.FORMER_PARTNER, True),
        (Relationship.PARENT, True),
        (Relationship.CHILD, True),
        (Relationship.OTHER_FAMILY, True),
        (Relationship.HOUSEHOLD_MEMBER, True),
        (Relationship.ACQUAINTANCE, False),
        (Relationship.COLLEAGUE, False),
        (Relationship.AUTHORITY, False),
        (Relationship.OTHER_KNOWN, False),
        (Relationship.STRANGER, False),
        (Relationship.UNKNOWN, False),
        (Relationship.NOT_RECORDED, False),
    ],
)
def test_the_policy_decides_every_relationship(relationship, is_family):
    assert (relationship in FAMILY_OR_SEXUAL.relationships) is is_family


def test_the_table_above_holds_every_relationship():
    assert len(Relationship) == 13


@pytest.mark.parametrize("code", ["03", "0301", "03011", "030113", "0302", "0204"])
def test_sexual_violence_and_trafficking_are_below_a_code_of_the_policy(code):
    assert code.startswith(FAMILY_OR_SEXUAL.iccs)


def test_what_nobody_has_classified_is_not_drawn_either():
    assert UNCLASSIFIED in NEVER_DRAWN.iccs


def test_no_point_of_family_or_sexual_violence_comes_out(ask):
    found = ask().json()

    # 12 homicides and one robbery; the four private ones and the vague one stay.
    assert (found["kind"], found["total"]) == ("points", 13)
    assert all(item[:2] != [13.7, -89.6] for item in found["items"])


@pytest.mark.parametrize("what", ["03", "0301", "0201"])
def test_nor_when_just_they_are_asked_for(ask, what):
    query = ALL.replace("what=", f"what={what}")

    found = ask(query=query).json()

    assert (found["total"], found["items"]) == (0, [])


def test_the_page_says_how_many_are_left_out_and_why(town, client_of):
    page = client_of("alicia").get(f"{reverse('observatory:map')}?{ALL}&interactivo=1")

    shown = page.context["points"]
    assert shown.drawn == "13"
    assert [sentence.split()[0] for sentence in shown.left_out] == ["3", "1", "1"]
    assert NOTE in page.content.decode()


@pytest.mark.parametrize("name", ["carla", "delia", "emilio", "fatima", "gabriel"])
def test_points_are_not_for_those_who_do_not_work_with_the_records(
    town, client_of, ask, name
):
    page = client_of(name).get(f"{reverse('observatory:map')}?{ALL}&interactivo=1")

    assert ask(name).status_code == 403
    assert page.context["points"] is None
    assert reverse("observatory:map_points") not in page.content.decode()


def test_the_permission_of_a_municipality_does_not_reach_its_department(ask):
    assert ask(query=ALL.replace(SONSONATE, DEPARTMENT)).status_code == 403


def test_from_afar_incidents_come_counted(ask):
    found = ask(zoom=8).json()

    assert found["kind"] == "cells"
    assert sum(count for _latitude, _longitude, count in found["items"]) == 13


def test_many_in_a_window_come_counted_even_from_near(ask, monkeypatch):
    monkeypatch.setattr(points, "MOST_SINGLE", 12)

    assert ask(zoom=18).json()["kind"] == "cells"


def test_a_point_says_date_offence_and_precision_and_nothing_else(ask):
    item = ask().json()["items"][0]

    latitude, longitude, day, offence, precision, code = item
    assert (latitude, round(longitude, 2)) == (13.75, -89.7) or code == "landmark"
    assert day == "15/01/2010"
    assert offence
    assert precision


@pytest.mark.parametrize(
    "window", ["", "bbox=1,2,3&zoom=4", "bbox=2,0,1,1&zoom=4", "bbox=0,0,1,nan&zoom=4",
               "bbox=0,0,1,1&zoom=near"],
)  # fmt: skip
def test_a_window_that_is_none_is_refused_with_a_sentence(town, client_of, window):
    address = f"{reverse('observatory:map_points')}?{ALL}&{window}"

    answer = client_of("alicia").get(address)

    assert answer.status_code == 400
    assert "bbox=west,south,east,north" in answer.json()["error"]


def test_the_files_of_points_hold_the_same_and_stand_in_the_ledger(town, client_of):
    client = client_of("bruno")
    address = f"{reverse('observatory:map_download', args=('points', 'geojson'))}?{ALL}"

    content = json.loads(client.get(address).content)

    assert content["n"] == len(content["features"]) == 13
    assert any("200 m" in note for note in content["notes"])
    assert all(
        set(f["properties"]) == {"occurred_on", "iccs", "precision"}
        for f in content["features"]
    )
    assert Release.objects.get().table == "map-points"


def test_the_table_of_points_has_no_address_sex_or_age(town, client_of):
    address = f"{reverse('observatory:map_download', args=('points', 'csv'))}?{ALL}"

    text = client_of("bruno").get(address).content.decode("utf-8-sig")

    head, *below = csv.reader(io.StringIO(text))
    points_of = [row for row in below if len(row) == len(head)]
    assert len(head) == 6
    assert len(points_of) == 13
