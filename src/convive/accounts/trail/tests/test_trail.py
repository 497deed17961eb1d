"""The audit trail: who reads what, as sentences and as a file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from convive.accounts.cast import ACAJUTLA, SONSONATE
from convive.accounts.entrance.actions import record_sign_in
from convive.accounts.models import Membership, User
from convive.accounts.tests.places import DIRECTORY
from convive.core import audit
from convive.core.actors import System
from convive.core.models import AuditEntry

TRAIL = "/cuenta/bitacora/"


@pytest.fixture(autouse=True)
def clean(cast, settings):
    settings.PLACE_DIRECTORY = DIRECTORY
    AuditEntry.objects.all().delete()


def deed(place="", by=None, about=None, **rest):
    return audit.record(
        by=by or System(),
        sentence="%(by)s asked to stop: %(job)s",
        place_path=place,
        about=about,
        job=place or "no place",
        **rest,
    )


def seen_by(client, **query):
    response = client.get(TRAIL, query)
    return [entry.pk for entry in response.context["page"].object_list]


def test_a_coordinator_reads_her_place_and_what_lies_inside_it(client_of):
    here = deed(SONSONATE)
    inside = deed(f"{SONSONATE}/centro")
    for elsewhere in (ACAJUTLA, "sv/sonsonate", "sv", f"{SONSONATE}-norte", ""):
        deed(elsewhere)

    assert seen_by(client_of("alicia")) == [inside.pk, here.pk]


def test_a_deed_without_place_is_read_where_its_people_hold_roles(client_of, cast):
    record_sign_in(by=cast["bruno"])
    bruno = AuditEntry.objects.first()
    about_delia = deed(by=System(), about=cast["delia"])
    by_emilio = deed(by=cast["emilio"])
    record_sign_in(by=cast["carla"])
    record_sign_in(by=cast["gabriel"])

    assert seen_by(client_of("alicia")) == [by_emilio.pk, about_delia.pk, bruno.pk]
    assert len(seen_by(client_of("carla"))) == 1


def test_a_deed_upon_someone_elsewhere_is_not_read_for_who_did_it(client_of, cast):
    deed(by=cast["alicia"], about=cast["carla"])

    assert seen_by(client_of("alicia")) == []


def test_an_administrator_reads_everything(client):
    rosa = User.objects.create(username="rosa", display_name="Rosa")
    Membership.objects.create(user=rosa, role="administrator")
    client.force_login(rosa)
    made = [deed(ACAJUTLA), deed("sv"), deed()]

    assert seen_by(client) == [one.pk for one in reversed(made)]


def test_filters_narrow_by_person_place_and_day(client_of, cast):
    client = client_of("alicia")
    old = deed(SONSONATE, by=cast["bruno"])
    # 23:30 on 9 March in El Salvador is the 10th in UTC.
    at = datetime(2009, 3, 10, 5, 30, tzinfo=UTC)
    AuditEntry.objects.filter(pk=old.pk).update(at=at)
    new = deed(f"{SONSONATE}", by=cast["delia"], about=cast["bruno"])
    other = deed(SONSONATE, by=cast["emilio"])
    bruno = cast["bruno"].pk

    assert seen_by(client, person=bruno) == [new.pk, old.pk]
    assert seen_by(client, where=SONSONATE) == [other.pk, new.pk, old.pk]
    assert seen_by(client, until="2009-03-09") == [old.pk]
    assert seen_by(client, since="09/03/2009", until="09/03/2009") == [old.pk]
    assert seen_by(client, since="2009-03-10") == [other.pk, new.pk]
    assert seen_by(client, since="2010-01-01", until="2009-01-01") == []
    assert seen_by(client, where=ACAJUTLA) == []
    assert seen_by(client, person="1 OR 1") == []


def test_changes_stand_before_and_after(client_of):
    deed(
        SONSONATE,
        changes={"zz_made_up": ["", "<b>assumed</b>"], "aa_made_up": [1, None]},
    )

    page = client_of("alicia").get(TRAIL)

    [shown] = page.context["deeds"]
    assert [(c.field, c.before, c.after) for c in shown.changes] == [
        ("aa made up", "1", "–"),
        ("zz made up", "–", "<b>assumed</b>"),
    ]
    assert "<b>assumed" not in page.content.decode()


def test_pages_of_fifty_keep_the_filter(client_of):
    for _ in range(60):
        deed(SONSONATE)

    page = client_of("alicia").get(TRAIL, {"where": SONSONATE, "page": 2})

    assert len(page.context["deeds"]) == 10
    assert "where=sv%2Fsonsonate%2Fsonsonate&amp;page=1" in page.content.decode()


def test_the_file_holds_what_is_filtered_and_its_download_is_told(client_of, cast):
    deed(SONSONATE, by=cast["bruno"], changes={"a": ["1", "2"]})
    deed(SONSONATE, by=System("=cmd|calc"))
    deed(ACAJUTLA)

    response = client_of("alicia").get(f"{TRAIL}descargar/", {"where": SONSONATE})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))

    assert len(rows) == 3
    # A spreadsheet would run a cell that begins with an equals sign.
    assert rows[1][1] == "'=cmd|calc"
    assert rows[2][1] == "bruno"
    assert rows[2][5] == "a: 1 → 2"
    assert AuditEntry.objects.first().facts == {"rows": 2}


def test_a_long_change_is_short_on_the_page_and_whole_in_the_file(client_of):
    deed(SONSONATE, changes={"terms": ["", "x" * 5000]})
    client = client_of("alicia")

    [shown] = client.get(TRAIL).context["deeds"]
    text = b"".join(client.get(f"{TRAIL}descargar/").streaming_content).decode()

    assert len(shown.changes[0].after) < 300
    assert "x" * 5000 in text


def test_the_trail_takes_few_queries(client_of, django_assert_max_num_queries):
    for number in range(50):
        deed(f"{SONSONATE}/zone{number}")
    client = client_of("alicia")

    with django_assert_max_num_queries(22):
        client.get(TRAIL)
