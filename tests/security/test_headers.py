"""What every answer tells the browser, and what a forged request gets."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize("address", ["/", "/cuenta/login/", "/no-such-page/"])
def test_a_page_keeps_to_its_own_origin(address, client, db):
    headers = client.get(address).headers

    policy = dict(
        part.strip().split(" ", 1)
        for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/cuenta/login/", "/idioma/setlang/"])
def test_a_post_without_its_token_is_refused(address, db):
    client = Client(enforce_csrf_checks=True)

    assert client.post(address, {"language": "en"}).status_code == 403


def test_a_request_for_another_host_is_refused(client, db):
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_the_session_cookie_is_out_of_reach_of_scripts(client, cast):
    cast["bruno"].set_password("una clave larga")
    cast["bruno"].save()

    client.post("/cuenta/login/", {"login": "bruno", "password": "una clave larga"})

    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_sign_in_sends_nobody_to_another_site(client, cast):
    cast["bruno"].set_password("una clave larga")
    cast["bruno"].save()

    answer = client.post(
        "/cuenta/login/?next=https://elsewhere.example/",
        {
            "login": "bruno",
            "password": "una clave larga",
            "next": "https://elsewhere.example/",
        },
    )

    assert "elsewhere.example" not in answer.headers.get("Location", "")
