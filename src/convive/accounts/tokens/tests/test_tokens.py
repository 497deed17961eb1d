from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from convive.accounts.tokens import bearer
from convive.accounts.tokens.actions import create_token, revoke_token
from convive.accounts.tokens.models import ApiToken
from convive.core.models import AuditEntry


@pytest.fixture
def key(cast):
    return create_token(by=cast["bruno"], name="boletín", days=30)


def test_the_secret_is_not_kept(key):
    token, secret = key

    kept = ApiToken.objects.filter(pk=token.pk).values().get()

    assert secret not in map(str, kept.values())
    assert token.ending == secret[-4:]


def test_a_live_key_is_its_person_and_remembers_its_use(key, cast):
    token, secret = key

    assert bearer.user_of(secret) == cast["bruno"]
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_a_key_ends_when_revoked_expired_or_its_person_leaves(key, cast):
    token, secret = key

    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert bearer.user_of(secret) is None
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    cast["bruno"].is_active = False
    cast["bruno"].save()
    assert bearer.user_of(secret) is None
    cast["bruno"].is_active = True
    cast["bruno"].save()
    revoke_token(by=cast["bruno"], token=token)
    assert bearer.user_of(secret) is None


@pytest.mark.parametrize("secret", ["", "convive_", "x" * 5000, "ñ\x00"])
def test_what_is_no_key_opens_nothing(key, secret):
    assert bearer.user_of(secret) is None


def test_making_and_ending_a_key_can_be_read_in_the_audit_trail(key, cast):
    revoke_token(by=cast["bruno"], token=key[0])
    revoke_token(by=cast["bruno"], token=key[0])

    entries = AuditEntry.objects.about(key[0])

    assert entries.count() == 2
    assert {entry.place_path for entry in entries} == {"sv/sonsonate/sonsonate"}


def test_the_page_shows_the_secret_once(client_of):
    bruno = client_of("bruno")

    made = bruno.post("/cuenta/llaves/", {"name": "boletín", "days": 90})
    again = bruno.get("/cuenta/llaves/")

    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert secret not in again.content.decode()
    assert f"…{secret[-4:]}" in again.content.decode()


def test_a_key_without_a_name_is_not_made(client_of):
    client_of("bruno").post("/cuenta/llaves/", {"name": "", "days": 90})

    assert not ApiToken.objects.exists()
