"""The members of a place, as those who manage them see and move them."""

from __future__ import annotations

import re

import pytest

from convive.accounts.cast import ACAJUTLA, SONSONATE
from convive.accounts.models import Membership, OneTimeLink, User
from convive.accounts.tests.places import DIRECTORY

MEMBERS = "/cuenta/personas/"
PASSWORD = "un-lugar-tranquilo-7"


@pytest.fixture(autouse=True)
def places(settings):
    settings.PLACE_DIRECTORY = DIRECTORY


@pytest.fixture
def rosa(db):
    """An administrator."""
    user = User.objects.create(username="rosa", display_name="Rosa")
    Membership.objects.create(user=user, role="administrator")
    return user


def names(response):
    return {member.username for member in response.context["members"]}


def new_person(**changed):
    return {
        "username": "ana.lopez",
        "display_name": "Ana López",
        "role": "analyst",
        "place_path": SONSONATE,
    } | changed


def test_a_coordinator_sees_her_people_and_whoever_stands_over_them(client_of):
    response = client_of("alicia").get(MEMBERS)

    assert names(response) == {
        "alicia",
        "bruno",
        "delia",
        "emilio",
        "fatima",
        "gabriel",
    }
    opened = {m.username for m in response.context["members"] if m.may_be_opened}
    assert "gabriel" not in opened


def test_an_administrator_sees_everyone_and_chooses_any_place(client, rosa, cast):
    client.force_login(rosa)

    everyone = client.get(MEMBERS)
    acajutla = client.get(MEMBERS, {"where": ACAJUTLA})

    assert names(everyone) == {"rosa", *cast}
    assert names(acajutla) == {"carla", "gabriel", "rosa"}
    assert tuple(p for p, _ in everyone.context["place_choices"][:2]) == ("", "sv")


def test_the_list_takes_few_queries_however_many_they_are(
    client_of, django_assert_max_num_queries
):
    client = client_of("alicia")
    for number in range(40):
        user = User.objects.create(username=f"person{number}", display_name="P")
        Membership.objects.create(user=user, role="analyst", place_path=SONSONATE)

    with django_assert_max_num_queries(25):
        response = client.get(MEMBERS)

    assert len(response.context["members"]) == 46


def test_an_invited_person_comes_in_by_the_link_that_is_shown_once(client_of, client):
    coordinator = client_of("alicia")

    page = coordinator.post(f"{MEMBERS}agregar/", new_person())
    [link] = re.findall(r'value="(http[^"]+/enlace/[^"]+)"', page.content.decode())
    client.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    client.post("/cuenta/login/", {"login": "ana.lopez", "password": PASSWORD})

    assert client.get("/cuenta/").context["account"].roles[0].role == "Analista"
    person = User.objects.get(username="ana.lopez")
    again = coordinator.get(f"{MEMBERS}{person.pk}/").content.decode()
    assert "/enlace/" not in again.replace(f"/{person.pk}/enlace/", "")


def test_the_coordinator_may_not_invite_to_another_place_or_above(client_of):
    client = client_of("alicia")

    for wrong in (
        {"place_path": ACAJUTLA},
        {"place_path": ""},
        {"role": "ministry", "place_path": ""},
        {"role": "administrator", "place_path": ""},
    ):
        page = client.post(f"{MEMBERS}agregar/", new_person(**wrong))
        assert page.context["form"].errors

    assert not User.objects.filter(username="ana.lopez").exists()


@pytest.mark.parametrize("wrong", ["Ana López", "a", "ana lopez", "ñandú", "<b>"])
def test_a_name_that_is_hard_to_type_is_refused(client_of, wrong):
    page = client_of("alicia").post(f"{MEMBERS}agregar/", new_person(username=wrong))

    assert "ana.lopez" in page.context["form"].errors["username"][0]


def test_a_taken_name_says_what_to_do_and_a_mark_gives_the_role(client_of, cast):
    client = client_of("alicia")

    taken = client.post(f"{MEMBERS}agregar/", new_person(username="carla"))
    client.post(f"{MEMBERS}agregar/", new_person(username="carla", has_account="on"))

    assert taken.context["form"].errors["username"]
    assert cast["carla"].memberships.filter(place_path=SONSONATE).exists()
    # And it gives the coordinator no hold on her account.
    assert not OneTimeLink.objects.exists()


def test_a_role_is_given_and_taken(client_of, cast):
    client, bruno = client_of("alicia"), cast["bruno"]
    page = f"{MEMBERS}{bruno.pk}/"

    client.post(f"{page}dar/", {"role": "case_worker", "place_path": SONSONATE})
    given = bruno.memberships.get(role="case_worker")
    client.post(f"{page}quitar/", {"membership": given.pk})

    assert [m.role for m in bruno.memberships.all()] == ["analyst"]


def test_a_role_of_another_person_is_not_taken_by_this_ones_page(client_of, cast):
    theirs = cast["delia"].memberships.get()

    response = client_of("alicia").post(
        f"{MEMBERS}{cast['bruno'].pk}/quitar/", {"membership": theirs.pk}
    )

    assert response.status_code == 404
    assert cast["delia"].memberships.exists()


def test_only_an_administrator_names_an_administrator(client, rosa, cast, client_of):
    page = f"{MEMBERS}{cast['bruno'].pk}/dar/"
    wanted = {"role": "administrator", "place_path": ""}

    client_of("alicia").post(page, wanted)
    by_alicia = cast["bruno"].memberships.filter(role="administrator").exists()
    client.force_login(rosa)
    client.post(page, wanted)

    assert not by_alicia
    assert cast["bruno"].memberships.filter(role="administrator").exists()


@pytest.mark.parametrize("deed", ["enlace", "desbloquear", "desactivar", "activar"])
def test_a_coordinator_moves_nobody_who_also_works_elsewhere(client_of, cast, deed):
    Membership.objects.create(user=cast["bruno"], role="analyst", place_path=ACAJUTLA)

    response = client_of("alicia").post(f"{MEMBERS}{cast['bruno'].pk}/{deed}/")

    assert response.status_code == 403
    assert User.objects.get(username="bruno").is_active
