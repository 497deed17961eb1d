from __future__ import annotations

import hashlib

import pytest
from django.core.cache import cache
from django.test import Client

from convive.accounts.cast import CAST
from convive.accounts.tokens import bearer
from convive.accounts.tokens.actions import create_token, revoke_token
from convive.core.actors import System
from convive.observatory.models import Release
from convive.observatory.tests.records import in_months, record
from convive.places.actions import save_place
from convive.places.models import PlaceKind
from convive.places.tests.sonsonate import SONSONATE

YEAR = f"where={SONSONATE}&since=2009-01&until=2009-12"
FIGURES = ("rates", "series", "calendar", "people", "origin")
EXACT = {"alicia", "bruno", "gabriel"}


@pytest.fixture(autouse=True)
def fresh_counts(db):
    cache.clear()


@pytest.fixture
def months(db):
    counts = {(2009, month): 9 for month in range(1, 13)} | {(2009, 2): 3}
    record(in_months(counts))


@pytest.fixture
def program_of(cast):
    """A program with a key of a member of the cast: no cookie, no session."""

    def make(name):
        _token, secret = create_token(by=cast[name], name="hoja", days=30)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return make


def resolve(schema, document):
    if "$ref" in schema:
        return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def agrees(value, schema, document):
    """Whether a value has the shape that the OpenAPI document describes."""
    schema = resolve(schema, document)
    if "anyOf" in schema:
        return any(agrees(value, choice, document) for choice in schema["anyOf"])
    kind = schema["type"]
    if kind == "object":
        known = schema["properties"]
        return set(value) == set(schema["required"]) == set(known) and all(
            agrees(part, known[name], document) for name, part in value.items()
        )
    if kind == "array":
        return all(agrees(part, schema["items"], document) for part in value)
    types = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    return value is None if kind == "null" else isinstance(value, types[kind])


@pytest.mark.parametrize("name", ["places", "offences", *FIGURES])
def test_each_answer_is_as_the_openapi_document_says(months, program_of, name):
    program = program_of("bruno")
    document = program.get("/api/v1/openapi.json").json()

    answer = program.get(f"/api/v1/{name}?{YEAR}")

    said = document["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]
    assert answer.status_code == 200
    schema = said["content"]["application/json"]["schema"]
    assert agrees(answer.json(), schema, document)


@pytest.mark.parametrize("name", [member.username for member in CAST])
def test_a_key_sees_what_its_person_sees(months, program_of, name):
    answer = program_of(name).get(f"/api/v1/series?{YEAR}").json()

    counts = [month["count"] for month in answer["months"]]
    if name in EXACT:
        assert counts == [9, 3] + [9] * 10
    else:
        assert counts[1] is None
        assert counts.count(None) == 2
        assert answer["months"][1]["state"] == "withheld"


@pytest.mark.parametrize("name", FIGURES)
def test_every_answer_with_figures_is_entered_as_sent(months, program_of, name):
    answer = program_of("emilio").get(f"/api/v1/{name}?{YEAR}")

    release = Release.objects.get()
    assert release.sha256 == hashlib.sha256(answer.content).hexdigest()
    assert (release.file_format, release.by_name) == ("json", "emilio")


def test_a_rate_is_the_number_of_the_page(months, program_of):
    answer = program_of("bruno").get(f"/api/v1/rates?{YEAR}").json()

    assert answer["places"][0]["count"] == 102
    assert answer["about"]["batches"]
    assert answer["about"]["source"] == "pnc"


def test_whoever_is_signed_in_may_read_too_but_not_write(months, client_of):
    assert client_of("bruno").get(f"/api/v1/rates?{YEAR}").status_code == 200
    assert client_of("bruno").post(f"/api/v1/rates?{YEAR}").status_code == 405


def test_a_revoked_key_opens_nothing(months, cast):
    token, secret = create_token(by=cast["bruno"], name="hoja", days=30)
    revoke_token(by=cast["bruno"], token=token)

    program = Client(headers={"Authorization": f"Bearer {secret}"})

    assert program.get(f"/api/v1/rates?{YEAR}").status_code == 401


@pytest.mark.parametrize(
    ("language", "words"), [("es", "Inicie sesión"), ("en", "Sign in")]
)
def test_a_refusal_is_a_sentence_in_the_language_asked_for(db, language, words):
    answer = Client(headers={"Accept-Language": language}).get("/api/v1/places")

    assert answer.status_code == 401
    assert answer.json()["detail"].startswith(words)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("where=sv/atlantis", 422),
        (f"where={SONSONATE}&since=99999-01", 422),
        (f"where={SONSONATE}&known_on=ayer", 422),
        ("where=mx", 422),
    ],
)
def test_a_program_gets_a_sentence_and_never_other_figures(
    months, program_of, query, status
):
    answer = program_of("bruno").get(f"/api/v1/rates?{query}")

    assert answer.status_code == status
    assert isinstance(answer.json()["detail"], str)
    assert not Release.objects.exists()


def test_another_country_is_refused_in_a_sentence(months, program_of):
    save_place(
        by=System(), kind=PlaceKind.COUNTRY, name="México", parent=None, path="mx"
    )

    answer = program_of("bruno").get("/api/v1/rates?where=mx&since=2009-01")

    assert answer.status_code == 403
    assert len(answer.json()["detail"].split()) > 3
    assert not Release.objects.exists()


def test_a_program_that_asks_too_often_is_told_to_wait(months, program_of, monkeypatch):
    monkeypatch.setattr(bearer, "REQUESTS_PER_MINUTE", 2)
    program = program_of("bruno")

    answers = [program.get("/api/v1/offences").status_code for _ in range(5)]

    # The minute may turn between two of them.
    assert answers[:2] == [200, 200]
    assert 429 in answers
