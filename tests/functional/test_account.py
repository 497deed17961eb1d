"""The door, in a browser: codes, passkeys, links, waiting."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from convive.accounts.entrance.tests.second_factor import code_of
from tests.functional.conftest import WIDTHS, no_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

PASSWORD = "un-lugar-tranquilo-7"
PLACE = "sv/sonsonate/sonsonate"


@pytest.fixture
def open_page(demo, browser):
    """A fresh browser at this machine's name: a passkey is bound to no number."""
    contexts = []

    def fresh(width: str = "desk", language: str = "es-SV") -> Page:
        across, down = WIDTHS[width]
        context = browser.new_context(
            viewport={"width": across, "height": down},
            locale=language,
            base_url=demo.url.replace("127.0.0.1", "localhost"),
        )
        contexts.append(context)
        return context.new_page()

    yield fresh
    for context in contexts:
        context.close()


@pytest.fixture
def invite(open_page, demo):
    """A new member of the test's own: name in, one-time link out."""

    def by_alicia(username: str) -> str:
        page = open_page()
        sign_in(page, "alicia", demo.passwords["alicia"])
        page.goto(f"/cuenta/personas/agregar/?where={PLACE}")
        page.fill("[name=username]", username)
        page.fill("[name=display_name]", username.title())
        page.select_option("[name=role]", "analyst")
        send(page)
        return page.input_value("#one_time_link")

    return by_alicia


@pytest.fixture
def member(invite, open_page):
    """A new member with a password, and a fresh browser before them."""

    def make(username: str, **browser_options: str) -> Page:
        link = invite(username)
        page = open_page(**browser_options)
        set_password(page, link)
        return page

    return make


def send(page: Page) -> None:
    with page.expect_navigation():
        page.click("main form button.button-primary")


def set_password(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("[name=new_password1]", PASSWORD)
    page.fill("[name=new_password2]", PASSWORD)
    send(page)


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/cuenta/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    send(page)


def sign_out(page: Page) -> None:
    with page.expect_navigation():
        page.click("header form[action$='/logout/'] button")


def is_in(page: Page) -> bool:
    return page.locator("header form[action$='/logout/']").count() == 1


def show_who_one_is(page: Page) -> None:
    page.fill("[name=password]", PASSWORD)
    send(page)


def reads_well(page: Page) -> bool:
    across = page.locator("html").evaluate("e => e.scrollWidth")
    return bool(across <= page.viewport_size["width"])


@contextmanager
def passkeys(page: Page) -> Iterator[None]:
    """A device with a fingerprint reader that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield
    session.send("WebAuthn.disable")


def test_an_app_is_added_and_its_code_lets_in(member):
    page = member("con.codigos", width="phone")
    with no_errors(page):
        sign_in(page, "con.codigos")
        page.goto("/cuenta/2fa/totp/activate/")
        show_who_one_is(page)
        secret = page.inner_text("#authenticator_secret")
        fits = reads_well(page)
        page.fill("[name=code]", code_of(secret))
        send(page)
        codes = page.locator(".codes li").all_inner_texts()
        sign_out(page)

        sign_in(page, "con.codigos")
        stopped = is_in(page)
        page.fill("[name=code]", codes[0])
        send(page)

    assert fits
    assert len(codes) == 10
    assert not stopped
    assert is_in(page)


def test_the_apps_code_lets_in_after_the_password(member):
    page = member("con.aplicacion")
    sign_in(page, "con.aplicacion")
    page.goto("/cuenta/2fa/totp/activate/")
    show_who_one_is(page)
    secret = page.inner_text("#authenticator_secret")
    page.fill("[name=code]", code_of(secret))
    send(page)
    sign_out(page)

    sign_in(page, "con.aplicacion")
    page.fill("[name=code]", code_of(secret))
    send(page)

    assert is_in(page)


def test_a_passkey_is_added_under_the_policy_and_opens_alone(member):
    page = member("con.llave")
    with no_errors(page), passkeys(page):
        sign_in(page, "con.llave")
        page.goto("/cuenta/2fa/webauthn/add/")
        show_who_one_is(page)
        page.fill("[name=name]", "Computadora de la oficina")
        page.check("[name=passwordless]")
        with page.expect_navigation():
            page.click("#mfa_webauthn_add")
        page.goto("/cuenta/2fa/webauthn/")
        listed = page.inner_text("main")
        sign_out(page)

        page.goto("/cuenta/login/")
        with page.expect_navigation(url=re.compile("/$")):
            page.click("#passkey_login")
        opened = is_in(page)
        # And it also stands in for the password when asked again.
        page.goto("/cuenta/2fa/webauthn/add/")
        page.click("text=Con una llave de acceso")
        with page.expect_navigation(url=re.compile("webauthn/add")):
            page.click("#mfa_webauthn_reauthenticate")

    assert "Computadora de la oficina" in listed
    assert "sí, sin contraseña" in listed
    assert opened


def test_a_passkey_serves_as_the_second_step(member):
    page = member("con.llave.despues")
    with no_errors(page), passkeys(page):
        sign_in(page, "con.llave.despues")
        page.goto("/cuenta/2fa/webauthn/add/")
        show_who_one_is(page)
        with page.expect_navigation():
            page.click("#mfa_webauthn_add")
        sign_out(page)

        sign_in(page, "con.llave.despues")
        stopped = is_in(page)
        with page.expect_navigation(url=re.compile("/$")):
            page.click("#mfa_webauthn_authenticate")

    assert not stopped
    assert is_in(page)


def test_a_device_without_a_passkey_is_told_in_a_sentence(open_page):
    page = open_page()
    with passkeys(page):
        page.goto("/cuenta/login/")
        page.click("#passkey_login")
        told = page.locator("[data-passkey=failed]")
        told.wait_for(state="visible")

        assert "El aparato no dio la llave de acceso" in told.inner_text()


def test_at_a_numeric_address_no_dead_button_is_offered(demo, open_as):
    page = open_as("citizen")
    page.goto("/cuenta/login/")

    assert not page.locator("#passkey_login").is_visible()


def test_a_one_time_link_works_once(invite, open_page):
    link = invite("con.enlace")
    first, second = open_page("phone"), open_page(language="en-GB")

    set_password(first, link)
    said = first.inner_text("main")
    answer = second.goto(link)
    sign_in(first, "con.enlace")

    assert "Su contraseña quedó fijada" in said
    assert answer.status == 410
    assert "This link works no more" in second.inner_text("main")
    assert is_in(first)


def test_after_five_failures_a_sentence_says_how_long_to_wait(member, open_page, demo):
    page = member("con.prisa")
    for _ in range(6):
        sign_in(page, "con.prisa", "equivocada")
    told = page.inner_text("main")
    fits = reads_well(page)

    coordinator = open_page()
    sign_in(coordinator, "alicia", demo.passwords["alicia"])
    coordinator.goto(f"/cuenta/personas/?where={PLACE}")
    coordinator.click("text=Con.Prisa")
    coordinator.click("text=Desbloquear ahora")
    sign_in(page, "con.prisa")

    assert re.search(r"Demasiados intentos fallidos\. Espere 1[45] min", told)
    assert fits
    assert is_in(page)


def test_what_was_done_is_read_in_the_trail(member, open_page, demo):
    member("con.bitacora")
    page = open_page("phone")
    sign_in(page, "alicia", demo.passwords["alicia"])

    page.goto("/cuenta/bitacora/")

    trail = page.inner_text("main")
    assert "con.bitacora fijó su contraseña con un enlace" in trail
    assert "alicia dio un enlace de un solo uso para con.bitacora" in trail
    assert reads_well(page)


def test_the_shell_names_the_first_administrator(demo, open_page):
    import os

    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "convive",
            "administrator",
            "rosa",
            "--address",
            demo.url.replace("127.0.0.1", "localhost"),
        ],
        env=os.environ | {"CONVIVE_HOME": str(demo.home)},
        check=True,
        capture_output=True,
        text=True,
    )
    page = open_page()

    set_password(page, told.stdout.strip())
    sign_in(page, "rosa")
    page.goto("/cuenta/personas/")

    assert "alicia" in page.inner_text("main")
