"""The second step: codes, their throttle, their use once."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from convive.accounts.entrance import throttle
from convive.accounts.entrance.tests.second_factor import code_of
from convive.core.models import AuditEntry

PASSWORD = "un-lugar-tranquilo-7"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = "/cuenta/2fa/authenticate/"


@pytest.fixture(autouse=True)
def alicia(cast):
    cache.clear()
    cast["alicia"].set_password(PASSWORD)
    cast["alicia"].save()
    TOTP.activate(cast["alicia"], SECRET)
    return cast["alicia"]


def first_step(client):
    return client.post("/cuenta/login/", {"login": "alicia", "password": PASSWORD})


def second_step(client, code):
    return client.post(STEP, {"code": code})


def is_in(client):
    return client.get("/cuenta/").status_code == 200


def sentences():
    return list(AuditEntry.objects.order_by("id").values_list("sentence", flat=True))


def test_the_published_vector_gives_the_published_code():
    # RFC 6238, appendix B, SHA-1: at 59 s the eight figures are 94287082.
    assert code_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59) == "287082"


def test_the_password_alone_lets_nobody_in(client):
    response = first_step(client)

    assert response["Location"] == STEP
    assert not is_in(client)
    assert sentences() == []


def test_the_code_lets_in(client):
    first_step(client)

    second_step(client, code_of(SECRET))

    assert is_in(client)


def test_a_phone_half_a_minute_late_lets_in(client):
    first_step(client)

    second_step(client, code_of(SECRET, time.time() - 30))

    assert is_in(client)


def test_a_code_is_used_once_for_as_long_as_it_is_accepted(client, alicia):
    code = code_of(SECRET)
    first_step(client)
    second_step(client, code)
    # allauth forgets a used code after 30 seconds; it is accepted for 90.
    assert cache.delete(f"allauth.mfa.totp.used?user={alicia.pk}&code={code}")
    other = Client()

    first_step(other)
    second_step(other, code)

    assert not is_in(other)


def test_five_wrong_codes_lock_the_second_step_whatever_the_browser(client, alicia):
    for _ in range(5):
        other = Client()
        first_step(other)
        second_step(other, "000000")

    first_step(client)
    response = second_step(client, code_of(SECRET))

    assert not is_in(client)
    assert "15" in response.context["form"].errors["code"][0]
    assert throttle.waiting([alicia]) == {alicia.pk}
    assert sentences() == ["A second-factor code of %(name)s was wrong"] * 4 + [
        "The second factor of %(name)s was locked"
    ]


def test_a_recovery_code_lets_in_once(client, alicia):
    codes = RecoveryCodes.activate(alicia).get_unused_codes()
    other = Client()
    for one in (client, other):
        first_step(one)
        second_step(one, codes[0])

    assert is_in(client)
    assert not is_in(other)


def test_a_second_factor_is_not_removed_without_showing_who_one_is(client, alicia):
    first_step(client)
    second_step(client, code_of(SECRET))

    response = client.post("/cuenta/2fa/totp/deactivate/")

    assert response["Location"].startswith("/cuenta/reauthenticate/")
    assert Authenticator.objects.filter(user=alicia).exists()


def test_adding_and_removing_are_recorded(client, django_capture_on_commit_callbacks):
    first_step(client)
    second_step(client, code_of(SECRET))
    client.post("/cuenta/reauthenticate/", {"password": PASSWORD})

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/cuenta/2fa/recovery-codes/generate/")
    client.post("/cuenta/2fa/totp/deactivate/")

    assert sentences()[1:] == [
        "%(by)s made recovery codes",
        "%(by)s removed the authenticator app",
        "%(by)s removed the recovery codes",
    ]
