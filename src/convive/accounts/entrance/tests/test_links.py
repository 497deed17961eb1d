"""One-time links."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from convive.accounts.entrance import actions, throttle
from convive.accounts.models import OneTimeLink, User
from convive.accounts.policies import PolicyError
from convive.core.actors import System
from convive.core.models import AuditEntry

PASSWORD = "un-lugar-tranquilo-7"


def address(token):
    return reverse("accounts:link_open", kwargs={"token": token})


def open_with(client, token, password=PASSWORD):
    typed = {"new_password1": password, "new_password2": password}
    return client.post(address(token), typed)


def test_a_link_sets_the_password_once(cast, client):
    token = actions.issue_link(by=cast["alicia"], user=cast["bruno"])

    first = open_with(client, token)
    second = open_with(client, token, "otro-lugar-tranquilo-8")

    assert (first.status_code, second.status_code) == (302, 410)
    assert User.objects.get(username="bruno").check_password(PASSWORD)
    assert AuditEntry.objects.first().sentence == "%(by)s set a password by a link"


def test_only_the_digest_is_kept(cast):
    token = actions.issue_link(by=System(), user=cast["bruno"])

    link = OneTimeLink.objects.get()
    assert token not in str(vars(link))
    assert token not in str(list(AuditEntry.objects.values()))


def test_a_weak_password_is_refused_and_the_link_stays_open(cast, client):
    token = actions.issue_link(by=System(), user=cast["bruno"])

    weak = open_with(client, token, "12345678")

    assert weak.status_code == 200
    assert weak.context["form"].errors
    assert open_with(client, token).status_code == 302


def test_a_new_link_revokes_the_old_one(cast, client):
    old = actions.issue_link(by=System(), user=cast["bruno"])
    new = actions.issue_link(by=System(), user=cast["bruno"])

    assert client.get(address(old)).status_code == 410
    assert client.get(address(new)).status_code == 200


def test_a_link_runs_out_after_48_hours(cast, client):
    token = actions.issue_link(by=System(), user=cast["bruno"])
    link = OneTimeLink.objects.get()
    lives = link.expires_at - link.created_at
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert lives == pytest.approx(timedelta(hours=48), abs=timedelta(seconds=5))
    assert open_with(client, token).status_code == 410


def test_a_link_of_a_deactivated_person_opens_nothing(cast, client):
    token = actions.issue_link(by=System(), user=cast["bruno"])
    User.objects.filter(username="bruno").update(is_active=False)

    assert client.get(address(token)).status_code == 410


def test_using_a_link_ends_all_sessions_and_unlocks(cast, client_of):
    session = client_of("bruno")
    attempt = throttle.of_account("bruno")
    for _ in range(5):
        throttle.count(attempt)
    token = actions.issue_link(by=System(), user=cast["bruno"])

    open_with(Client(), token)

    assert session.get("/cuenta/").status_code == 302
    assert throttle.waiting([cast["bruno"]]) == set()


def test_the_same_password_again_ends_the_sessions_too(cast, client_of):
    cast["bruno"].set_password(PASSWORD)
    cast["bruno"].save()
    session = client_of("bruno")

    open_with(Client(), actions.issue_link(by=System(), user=cast["bruno"]))

    assert session.get("/cuenta/").status_code == 302


@pytest.mark.parametrize("removes", [True, False])
def test_the_second_factor_goes_only_when_the_issuer_said_so(cast, client, removes):
    Authenticator.objects.create(user=cast["bruno"], type="totp", data={"secret": "A"})
    token = actions.issue_link(
        by=cast["alicia"], user=cast["bruno"], removes_second_factor=removes
    )

    open_with(client, token)

    assert Authenticator.objects.filter(user=cast["bruno"]).exists() is not removes


def test_the_link_signs_nobody_in(cast, client):
    open_with(client, actions.issue_link(by=System(), user=cast["bruno"]))

    assert client.get("/cuenta/").status_code == 302


@pytest.mark.parametrize("person", ["gabriel", "carla"])
def test_a_coordinator_issues_no_link_beyond_her_own(cast, person):
    with pytest.raises(PolicyError):
        actions.issue_link(by=cast["alicia"], user=cast[person])

    assert not OneTimeLink.objects.exists()


def test_the_page_tells_its_address_to_nobody(cast, client):
    response = client.get(address(actions.issue_link(by=System(), user=cast["bruno"])))

    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
