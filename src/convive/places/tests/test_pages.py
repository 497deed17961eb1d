"""The pages of places, as the coordinator and the others use them."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from convive.core.actors import System
from convive.places import actions
from convive.places.models import Boundary, Place, PlaceKind, PlaceName, Population
from convive.places.policies import PlaceRefusedError
from convive.places.tests.sonsonate import ACAJUTLA, SONSONATE, make_sonsonate

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


def page(client, name="places:detail", **kwargs):
    answer = client.get(reverse(name, kwargs=kwargs or {"path": SONSONATE}))
    return answer.content.decode()


def upload(client, what, content, name="file.csv", path=SONSONATE, **data):
    address = reverse("places:file", kwargs={"what": what, "path": path})
    file = SimpleUploadedFile(name, content)
    return client.post(address, {"file": file, "source": "a test", **data})


def confirm(client, preview, what, path=SONSONATE):
    address = reverse("places:file_confirm", kwargs={"what": what, "path": path})
    return client.post(address, {"token": preview.context["token"]})


def test_a_renamed_place_keeps_its_path_and_its_old_name_as_a_spelling(alicia):
    address = reverse("places:rename", kwargs={"path": SONSONATE})

    alicia.post(address, {"name": "Sonsonate de la Trinidad", "note": ""})

    place = Place.objects.get(path=SONSONATE)
    assert place.name == "Sonsonate de la Trinidad"
    assert list(place.names.values_list("name", flat=True)) == ["Sonsonate"]


def test_a_zone_is_added_with_its_point(alicia):
    address = reverse("places:add", kwargs={"path": SONSONATE})

    alicia.post(
        address,
        {"name": "Barrio El Ángel", "kind": "zone", "longitude": "-89,7256",
         "latitude": "13.7214"},
    )  # fmt: skip

    zone = Place.objects.get(path=f"{SONSONATE}/barrio-el-angel")
    assert (zone.longitude, zone.latitude) == (-89.7256, 13.7214)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"longitude": "west"}, "“west” is not a number of degrees"),
        ({"longitude": "-89.7"}, "Write both numbers of the point"),
        ({"latitude": "95"}, "“95” is not a number of degrees"),
    ],
)
def test_a_bad_point_is_refused_with_the_form_it_should_have(alicia, data, sentence):
    address = reverse("places:add", kwargs={"path": SONSONATE})

    answer = alicia.post(address, {"name": "X", "kind": "zone", **data})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Place.objects.filter(kind="zone").count() == 0


def test_a_second_place_of_the_same_name_is_refused(alicia, sonsonate):
    actions.add_place(by=BY, parent=sonsonate, kind=PlaceKind.ZONE, name="El Ángel")
    address = reverse("places:add", kwargs={"path": SONSONATE})

    answer = alicia.post(address, {"name": "EL ANGEL", "kind": "zone"})

    assert "already has a place named" in answer.content.decode()


def test_a_municipality_is_never_removed(alicia):
    alicia.post(reverse("places:remove", kwargs={"path": SONSONATE}))

    assert Place.objects.filter(path=SONSONATE).exists()


def test_a_place_with_places_inside_is_not_removed(sonsonate):
    zone = actions.add_place(by=BY, parent=sonsonate, kind=PlaceKind.ZONE, name="A")
    actions.add_place(by=BY, parent=zone, kind=PlaceKind.PUBLIC_SPACE, name="Parque")

    with pytest.raises(PlaceRefusedError, match="holds 1 other places"):
        actions.remove_place(by=BY, place=zone)


def test_an_empty_zone_is_removed(alicia, sonsonate):
    zone = actions.add_place(by=BY, parent=sonsonate, kind=PlaceKind.ZONE, name="A")

    alicia.post(reverse("places:remove", kwargs={"path": zone.path}))

    assert not Place.objects.filter(path=zone.path).exists()


def test_a_figure_is_changed_and_its_audit_entry_keeps_the_old_one(alicia, sonsonate):
    figure = actions.save_population(
        by=BY, place=sonsonate, year=2007, persons=1, source="x"
    )
    address = reverse("places:population_edit", kwargs={"pk": figure.pk})

    alicia.post(address, {"persons": 71541, "source": "Census", "is_verified": "on"})

    now = Population.objects.get()
    assert (now.year, now.persons, now.is_verified) == (2007, 71541, True)


def test_a_preview_writes_nothing_and_the_confirmation_writes_it(alicia):
    content = f"place,year,persons\n{SONSONATE},2007,71541\n".encode()

    preview = upload(alicia, "poblacion", content)
    before = Population.objects.count()
    confirm(alicia, preview, "poblacion")

    assert preview.context["plan"].new == 1
    assert before == 0
    assert Population.objects.get().source == "a test"


def test_a_file_with_a_bad_row_comes_back_with_its_sentence(alicia):
    content = f"place,year,persons\n{ACAJUTLA},2007,52359\n".encode()

    answer = upload(alicia, "poblacion", content)

    assert answer.status_code == 422
    assert "Row 2, column place" in answer.content.decode()


def test_a_preview_cannot_be_confirmed_for_another_place(alicia, sonsonate):
    zone = actions.add_place(by=BY, parent=sonsonate, kind=PlaceKind.ZONE, name="A")
    preview = upload(alicia, "limites", OUTLINE, "own.geojson", kind="own")

    confirm(alicia, preview, "limites", path=zone.path)

    assert not Boundary.objects.exists()


def test_another_person_cannot_confirm_the_preview(alicia, client_of):
    preview = upload(alicia, "limites", OUTLINE, "own.geojson", kind="own")

    answer = confirm(client_of("bruno"), preview, "limites")

    assert answer.status_code == 403
    assert not Boundary.objects.exists()


def test_a_spelling_is_added_and_removed(alicia):
    alicia.post(
        reverse("places:spelling_add", kwargs={"path": SONSONATE}), {"name": "Sonso"}
    )
    spelling = PlaceName.objects.get()
    shown = page(alicia)

    alicia.post(reverse("places:spelling_remove", kwargs={"pk": spelling.pk}))

    assert "Sonso" in shown
    assert not PlaceName.objects.exists()


def test_who_may_not_edit_sees_no_forms(client_of, sonsonate):
    text = page(client_of("bruno"))

    assert reverse("places:spelling_add", kwargs={"path": SONSONATE}) not in text
    assert reverse("places:rename", kwargs={"path": SONSONATE}) not in text


def test_an_outline_is_drawn_with_the_north_up(alicia, sonsonate):
    from convive.places.outline import draw

    preview = upload(alicia, "limites", OUTLINE, "own.geojson", kind="own")
    confirm(alicia, preview, "limites")

    drawing = draw(sonsonate)

    # The first corner of the ring is the south-west: left and below.
    x, y = map(float, drawing.own[1:].split("L")[0].split())
    assert x < drawing.width / 2
    assert y > drawing.height / 2


def test_a_search_without_a_hit_says_the_next_step(alicia):
    text = alicia.get(reverse("places:list"), {"q": "qqqq"}).content.decode()

    assert "No place is named “qqqq”" in text
