"""Signing in and out: what is told, what is counted, what is recorded."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from convive.accounts.entrance import actions, throttle
from convive.accounts.models import User
from convive.core.actors import System
from convive.core.models import AuditEntry

PASSWORD = "un-lugar-tranquilo-7"
LOGIN = "/cuenta/login/"
WRONG = "wrong"


@pytest.fixture(autouse=True)
def alicia(cast):
    cache.clear()
    cast["alicia"].set_password(PASSWORD)
    cast["alicia"].save()
    return cast["alicia"]


def attempt(client, login, password=WRONG, **rest):
    return client.post(LOGIN, {"login": login, "password": password}, **rest)


def sentences():
    return list(AuditEntry.objects.order_by("id").values_list("sentence", flat=True))


def error_of(response):
    return response.context["form"].non_field_errors()


def test_signing_in_and_out_leave_entries_with_the_address(client, alicia):
    attempt(client, "alicia", PASSWORD, REMOTE_ADDR="190.5.1.2")
    client.post("/cuenta/logout/")

    entries = list(AuditEntry.objects.about(alicia).order_by("id"))
    assert [one.sentence for one in entries] == [
        "%(by)s signed in",
        "%(by)s signed out",
    ]
    assert entries[0].address == "190.5.1.2"
    assert entries[0].actor_id == alicia.pk


def test_a_telephones_capital_letter_signs_in_all_the_same(client):
    assert attempt(client, "Alicia", PASSWORD).status_code == 302


def test_a_person_is_sent_on_to_the_page_they_wanted(client):
    page = client.get("/cuenta/bitacora/", follow=True)
    asked = page.redirect_chain[-1][0]

    response = client.post(asked, {"login": "alicia", "password": PASSWORD})
    by_the_form = Client().post(
        LOGIN,
        {"login": "alicia", "password": PASSWORD, "next": "/cuenta/bitacora/"},
    )

    assert 'name="next" value="/cuenta/bitacora/"' in page.content.decode()
    assert response["Location"] == by_the_form["Location"] == "/cuenta/bitacora/"


def test_nobody_is_sent_on_to_another_site(client):
    response = client.post(
        LOGIN, {"login": "alicia", "password": PASSWORD, "next": "https://evil.example"}
    )

    assert response["Location"] == "/"


def test_after_five_failures_the_right_password_waits_too(client, alicia):
    for _ in range(5):
        attempt(client, "alicia")

    response = attempt(client, "alicia", PASSWORD)

    assert "15" in error_of(response)[0]
    assert "_auth_user_id" not in client.session
    assert sentences() == ["A sign-in as %(name)s failed"] * 4 + [
        "The account of %(name)s was locked after failures"
    ]


def test_a_name_nobody_has_is_told_exactly_the_same(client):
    told = {}
    for login in ("alicia", "nobody"):
        answers = [attempt(client, login) for _ in range(6)]
        told[login] = [(a.status_code, list(error_of(a))) for a in answers]

    assert told["alicia"] == told["nobody"]


def test_a_typed_name_that_nobody_has_is_not_kept(client):
    attempt(client, "mi-contraseña-secreta")

    entry = AuditEntry.objects.get()
    assert "secreta" not in str(entry.facts) + str(entry)


def test_a_deactivated_person_is_told_the_same_as_a_wrong_password(client, alicia):
    wrong = error_of(attempt(client, "alicia"))
    User.objects.update(is_active=False)

    assert error_of(attempt(client, "alicia", PASSWORD)) == wrong


def test_one_address_may_not_try_many_names(client):
    limit = throttle.LIMITS[throttle.Scope.ADDRESS]
    for number in range(limit):
        attempt(client, f"name{number}", REMOTE_ADDR="190.5.1.2")

    here = attempt(client, "alicia", PASSWORD, REMOTE_ADDR="190.5.1.2")
    elsewhere = attempt(Client(), "alicia", PASSWORD, REMOTE_ADDR="190.5.1.3")

    assert here.status_code == 200
    assert elsewhere.status_code == 302


def test_a_forwarding_header_gives_no_new_address(client):
    limit = throttle.LIMITS[throttle.Scope.ADDRESS]
    for number in range(limit):
        attempt(client, f"name{number}", HTTP_X_FORWARDED_FOR=f"1.1.1.{number}")

    response = attempt(client, "alicia", PASSWORD, HTTP_X_FORWARDED_FOR="2.2.2.2")

    assert response.status_code == 200


def test_the_coordinator_unlocks(client, cast, alicia):
    cast["bruno"].set_password(PASSWORD)
    cast["bruno"].save()
    for _ in range(5):
        attempt(client, "bruno")
    assert throttle.waiting([cast["bruno"], alicia]) == {cast["bruno"].pk}

    actions.unlock(by=alicia, user=cast["bruno"])

    assert attempt(client, "bruno", PASSWORD).status_code == 302
    assert throttle.waiting([cast["bruno"]]) == set()


def test_carla_unlocks_nobody_in_sonsonate(cast):
    from convive.accounts.policies import PolicyError

    with pytest.raises(PolicyError):
        actions.unlock(by=cast["carla"], user=cast["bruno"])


def test_the_persons_language_is_the_pages_language_after_signing_in(client, alicia):
    alicia.language = "en"
    alicia.save()

    attempt(client, "alicia", PASSWORD)

    assert "My account" in client.get("/cuenta/").content.decode()


def test_a_changed_password_ends_the_other_sessions_and_is_told(client, alicia):
    other = Client()
    for one in (client, other):
        attempt(one, "alicia", PASSWORD)
    new = "otro-lugar-tranquilo-8"

    client.post(
        "/cuenta/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert client.get("/cuenta/").status_code == 200
    assert other.get("/cuenta/").status_code == 302
    assert "%(by)s changed their password" in sentences()


def test_signing_out_everywhere_leaves_only_this_browser(client, alicia):
    other = Client()
    for one in (client, other):
        attempt(one, "alicia", PASSWORD)

    page = client.post("/cuenta/salir-de-todo/", follow=True)

    assert other.get("/cuenta/").status_code == 302
    assert len(page.context["account"].sessions) == 1
    assert page.context["account"].sessions[0].is_current


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "password/reset/",
        "password/set/",
        "login/code/",
        "login/code/confirm/",
        "2fa/trust/",
        "3rdparty/",
        "sessions/",
    ],
)
def test_pages_that_make_no_sense_here_do_not_exist(client, path):
    assert client.get(f"/cuenta/{path}").status_code == 404


def test_the_shell_unlocks_without_a_policy(alicia):
    actions.unlock(by=System(), user=alicia)

    assert sentences() == ["%(by)s unlocked the account of %(name)s"]
