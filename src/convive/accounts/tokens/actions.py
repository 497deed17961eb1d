"""Writes about keys."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_noop

from convive.accounts.models import Membership
from convive.accounts.tokens.models import ApiToken
from convive.core import audit

if TYPE_CHECKING:
    from convive.accounts.models import User


@audit.action
def create_token(*, by: User, name: str, days: int) -> tuple[ApiToken, str]:
    """Make a key for oneself; the secret is given back this once."""
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(
        user=by,
        name=name,
        digest=ApiToken.digest_of(secret),
        ending=secret[-4:],
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s made the key “%(name)s” for %(days)s days"),
        about=token,
        place_path=_place_of(by),
        name=name,
        days=days,
    )
    return token, secret


@audit.action
def revoke_token(*, by: User, token: ApiToken) -> None:
    """End a key at once. One that has ended stays as it is."""
    live = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    if not live.update(revoked_at=timezone.now()):
        audit.unchanged()
        return
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s ended the key “%(name)s”"),
        about=token,
        place_path=_place_of(by),
        name=token.name,
    )


def _place_of(user: User) -> str:
    """Where the entry can be read: the person's first place."""
    held = Membership.objects.filter(user_id=user.pk).order_by("pk")
    return held.values_list("place_path", flat=True).first() or ""
