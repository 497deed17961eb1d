"""Waiting after repeated failures, kept in the database: see ADR 0009.

An attempt is counted before the secret is looked at and given back when it was
right, so that guesses sent at the same moment, by whatever process, do not slip
through together.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from convive.accounts.models import Throttle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convive.accounts.models import User

Scope = Throttle.Scope
WINDOW_S = 15 * 60
# An office signs in from one address: it may err more often than one person.
LIMITS = {Scope.ACCOUNT: 5, Scope.ADDRESS: 30, Scope.SECOND_FACTOR: 5}
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Attempt:
    """What is counted together: an account as typed, an address, a second factor."""

    scope: Throttle.Scope
    key: str


class TooManyAttemptsError(Exception):
    """Nothing was looked at; the person may try again after `wait_s` seconds."""

    def __init__(self, attempt: Attempt, wait_s: float) -> None:
        super().__init__(f"{attempt.scope}: wait {wait_s:.0f} s")
        self.attempt = attempt
        self.wait_minutes = max(1, math.ceil(wait_s / 60))


def of_account(username: str) -> Attempt:
    """An unknown name waits like a known one, and so tells nothing."""
    return Attempt(Scope.ACCOUNT, _digest(username.strip().casefold()))


def of_address(address: str) -> Attempt:
    return Attempt(Scope.ADDRESS, _digest(_network(address)))


def of_second_factor(user: User) -> Attempt:
    return Attempt(Scope.SECOND_FACTOR, _digest(f"{Scope.SECOND_FACTOR} {user.pk}"))


def count(*attempts: Attempt) -> bool:
    """Count an attempt on each, or on none and raise when one must wait.

    True when this attempt is the last before the wait.
    """
    Throttle.objects.filter(updated_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    is_last = False
    with transaction.atomic():
        now = time.time()
        for attempt in attempts:
            row = _locked(attempt)
            recent = [at for at in row.failures if at > now - WINDOW_S]
            limit = LIMITS[attempt.scope]
            if len(recent) >= limit:
                raise TooManyAttemptsError(attempt, recent[-limit] + WINDOW_S - now)
            row.failures = [*recent, now]
            row.save(update_fields=["failures", "updated_at"])
            is_last = is_last or len(row.failures) == limit
    return is_last


def give_back(*attempts: Attempt) -> None:
    """The last attempt was right after all. Earlier failures still count."""
    with transaction.atomic():
        for attempt in attempts:
            row = _locked(attempt)
            row.failures = row.failures[:-1]
            row.save(update_fields=["failures", "updated_at"])


def forget(*attempts: Attempt) -> int:
    """Unlock; gives the number of counts that were held."""
    forgotten = 0
    for attempt in attempts:
        held = Throttle.objects.filter(scope=attempt.scope, key=attempt.key)
        forgotten += held.delete()[0]
    return forgotten


def waiting(users: Sequence[User]) -> set[int]:
    """Keys of the users whose account or second factor waits now."""
    keys = {of_account(u.username).key: u.pk for u in users} | {
        of_second_factor(u).key: u.pk for u in users
    }
    rows = Throttle.objects.filter(key__in=keys)
    return {keys[row.key] for row in rows if _is_full(row)}


def _is_full(row: Throttle) -> bool:
    since = time.time() - WINDOW_S
    recent = [at for at in row.failures if at > since]
    return len(recent) >= LIMITS[Scope(row.scope)]


def _locked(attempt: Attempt) -> Throttle:
    Throttle.objects.get_or_create(scope=attempt.scope, key=attempt.key)
    return Throttle.objects.select_for_update().get(
        scope=attempt.scope, key=attempt.key
    )


def _network(address: str) -> str:
    """One household or office holds a whole /64 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return address


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
