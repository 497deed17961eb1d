"""Whose key this is, and whether it asks too often."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils import timezone

from convive.accounts.tokens.models import ApiToken

if TYPE_CHECKING:
    from convive.accounts.models import User

REQUESTS_PER_MINUTE = 120
_MINUTE_S = 60


def user_of(secret: str) -> User | None:
    """The person, if the key is live. Notes its use, at most once a minute."""
    digest = ApiToken.digest_of(secret)
    token = ApiToken.objects.live().select_related("user").filter(digest=digest).first()
    if token is None:
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user


def is_too_often(caller: str) -> bool:
    """Count a request of this minute; True when there were too many."""
    minute = int(timezone.now().timestamp()) // _MINUTE_S
    key = f"api:{ApiToken.digest_of(caller)[:32]}:{minute}"
    cache.add(key, 0, timeout=2 * _MINUTE_S)
    return cache.incr(key) > REQUESTS_PER_MINUTE
