"""Every page of the door renders in Convive's frame, in Spanish and in English."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.test import Client

from convive.accounts.entrance.actions import issue_link
from convive.core.actors import System

PASSWORD = "un-lugar-tranquilo-7"
SIGNED_IN = [
    "",
    "password/change/",
    "reauthenticate/",
    "logout/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "personas/",
    "personas/agregar/",
    "bitacora/",
]
WITH_APP = [
    "2fa/",
    "2fa/totp/deactivate/",
    "2fa/reauthenticate/",
    "2fa/recovery-codes/",
    "2fa/recovery-codes/generate/",
]
OUTSIDE = ["login/", "inactive/", "enlace/never-issued/"]
# Words of allauth and Django that would show a hole in their Spanish catalogues.
ENGLISH = re.compile(
    r"\b(the|your|you|this|with|and|password|code|key|sign|enter|please)\b", re.I
)


@pytest.fixture
def alicia(cast):
    cache.clear()
    cast["alicia"].set_password(PASSWORD)
    cast["alicia"].save()
    return cast["alicia"]


def client_in(language):
    return Client(headers={"Accept-Language": language})


@pytest.fixture
def signed_in(alicia):
    """A browser that has just shown who it is, so that no page asks again."""

    def open_browser(language):
        client = client_in(language)
        client.post("/cuenta/login/", {"login": "alicia", "password": PASSWORD})
        client.post("/cuenta/reauthenticate/", {"password": PASSWORD})
        return client

    return open_browser


def check_page(response, language):
    page = response.content.decode()
    assert f'<html lang="{language}">' in page
    assert 'class="masthead"' in page
    assert page.count("<h1>") == 1
    assert "<h1></h1>" not in page
    # Nothing that the content security policy would refuse.
    assert not re.search(r"<script(?![^>]*(src=|application/json))[^>]*>", page)
    assert not re.search(r"\s(style|on\w+)=\"", page)
    if language == "es":
        assert english_in(page) == []


def english_in(page):
    main = page[page.index("<main") : page.index("</main>")]
    text = re.sub(r"<(script|code|del|ins)\b.*?</\1>|<[^>]+>", " ", main, flags=re.S)
    return ENGLISH.findall(text)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", SIGNED_IN)
def test_a_page_for_the_signed_in(signed_in, path, language):
    response = signed_in(language).get(f"/cuenta/{path}")

    assert response.status_code == 200
    check_page(response, language)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", WITH_APP)
def test_a_page_for_whoever_has_an_app(signed_in, alicia, path, language):
    client = signed_in(language)
    Authenticator.objects.create(user=alicia, type="totp", data={"secret": "A"})
    RecoveryCodes.activate(alicia)

    response = client.get(f"/cuenta/{path}")

    assert response.status_code == 200
    check_page(response, language)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", OUTSIDE)
def test_a_page_outside_the_door(db, path, language):
    response = client_in(language).get(f"/cuenta/{path}")

    assert response.status_code in {200, 410}
    check_page(response, language)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_second_step(alicia, language):
    Authenticator.objects.create(user=alicia, type="totp", data={"secret": "A"})
    client = client_in(language)

    response = client.post(
        "/cuenta/login/", {"login": "alicia", "password": PASSWORD}, follow=True
    )

    check_page(response, language)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_one_time_link(cast, language):
    token = issue_link(by=System(), user=cast["bruno"], removes_second_factor=True)

    check_page(client_in(language).get(f"/cuenta/enlace/{token}/"), language)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("state", ["usual", "off", "locked", "beyond"])
def test_a_members_page(cast, signed_in, language, state):
    from convive.accounts.entrance import throttle
    from convive.accounts.models import Membership

    bruno = cast["bruno"]
    if state == "off":
        bruno.is_active = False
        bruno.save()
    elif state == "locked":
        for _ in range(5):
            throttle.count(throttle.of_account("bruno"))
    elif state == "beyond":
        Membership.objects.create(user=bruno, role="analyst", place_path="sv")

    response = signed_in(language).get(f"/cuenta/personas/{bruno.pk}/")

    assert response.status_code == 200
    check_page(response, language)


@pytest.mark.parametrize("language", ["es", "en"])
def test_errors_stand_in_the_pages_language(signed_in, language):
    client = signed_in(language)
    answers = [
        client.post("/cuenta/2fa/totp/activate/", {"code": "000000"}),
        client.post("/cuenta/2fa/webauthn/add/", {"name": "x", "credential": "{}"}),
        client.post("/cuenta/personas/agregar/", {"username": "Ñ ñ"}),
        client.post(
            "/cuenta/password/change/",
            {"oldpassword": "x", "password1": "alicia", "password2": "123"},
        ),
        client.post("/cuenta/", {"display_name": "", "language": "xx"}),
        client.post("/cuenta/reauthenticate/", {"password": "x"}),
    ]

    for answer in answers:
        assert answer.status_code == 200
        check_page(answer, language)


def test_too_many_requests_get_a_page_too(settings, alicia):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip", "login_failed": None}
    client = client_in("es")
    for _ in range(2):
        response = client.post("/cuenta/login/", {"login": "x", "password": "x"})

    assert response.status_code == 429
    check_page(response, "es")
