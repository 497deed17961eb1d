"""What a place's page and its removal know of the incidents in it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from convive.core.actors import System
from convive.incidents import importing
from convive.incidents.actions import Order
from convive.incidents.models import Batch
from convive.places import actions, policies
from convive.places.models import PlaceKind
from convive.places.policies import PlaceRefusedError
from convive.places.tests.sonsonate import SONSONATE, make_sonsonate

BY = System()
RING = [[-89.8, 13.6], [-89.7, 13.6], [-89.7, 13.7], [-89.8, 13.7], [-89.8, 13.6]]
OUTLINE = json.dumps({"type": "Polygon", "coordinates": [RING]}).encode()


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def sonsonate(db):
    return make_sonsonate()


@pytest.fixture
def alicia(client_of, sonsonate):
    client = client_of("alicia")
    client.cookies["django_language"] = "en"
    return client


def page(client):
    return client.get(
        reverse("places:detail", kwargs={"path": SONSONATE})
    ).content.decode()


def upload(client, what, content, name, **data):
    address = reverse("places:file", kwargs={"what": what, "path": SONSONATE})
    file = SimpleUploadedFile(name, content)
    return client.post(address, {"file": file, "source": "a test", **data})


def confirm(client, preview, what):
    address = reverse("places:file_confirm", kwargs={"what": what, "path": SONSONATE})
    return client.post(address, {"token": preview.context["token"]})


def test_a_place_with_incidents_is_not_removed(sonsonate, tmp_path):
    zone = actions.add_place(
        by=BY, parent=sonsonate, kind=PlaceKind.ZONE, name="Centro"
    )
    boundary = tmp_path / "zone.geojson"
    boundary.write_bytes(OUTLINE)
    actions.import_boundaries(
        by=BY, file=boundary, kind=PlaceKind.ZONE, parent=zone,
        fields=actions.PlaceFields(""), origin=actions.Origin("a test"),
    )  # fmt: skip
    file = tmp_path / "incidents.csv"
    file.write_text(
        "Fecha;Delito;Longitud;Latitud\n05/03/2009;Homicidio;-89.75;13.65\n"
    )
    importing.run_import(by=BY, order=Order(file, SONSONATE, "pnc"))

    with pytest.raises(PlaceRefusedError, match="1 incidents were recorded in Centro"):
        policies.check_remove(zone)


def test_population_shows_its_source_its_state_and_how_other_years_are_known(
    alicia, sonsonate
):
    actions.save_population(
        by=BY, place=sonsonate, year=2007, persons=71541, source="Census of the test"
    )
    Batch.objects.create(
        place_path=SONSONATE, source="pnc", file_name="a.csv", file_sha256="",
        mode="add", status="recorded", recorded_at=timezone.now(),
        covers_from="2007-01-01", covers_until="2008-12-31",
    )  # fmt: skip

    text = page(alicia)

    assert "Census of the test" in text
    assert "to be verified" in text
    assert "the nearest stated year" in text


def test_a_new_boundary_says_which_imports_were_read_with_the_old_one(
    alicia, sonsonate, tmp_path
):
    Batch.objects.create(
        number=7, place_path=SONSONATE, source="pnc", file_name="old.csv",
        file_sha256="", mode="add", status="recorded",
        recorded_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip

    upload_ = upload(alicia, "limites", OUTLINE, "own.geojson", kind="own")
    confirm(alicia, upload_, "limites")

    assert "7 · old.csv" in page(alicia)
    assert "Incidents keep the place they were given" in page(alicia)
