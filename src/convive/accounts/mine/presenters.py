"""What My account shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from convive.accounts import directory
from convive.accounts.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from convive.accounts.models import User

Type = Authenticator.Type
# The first that fits: Edge and Opera also say Chrome, Chrome also says Safari.
BROWSERS = (
    (r"Edg", "Edge"),
    (r"OPR|Opera", "Opera"),
    (r"SamsungBrowser", "Samsung Internet"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrome|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)
SYSTEMS = (
    (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"),
    (r"Windows", "Windows"),
    (r"Mac OS", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


@dataclass(frozen=True)
class OpenSession:
    since: datetime
    address: str
    browser: str
    is_current: bool


@dataclass(frozen=True)
class MyRole:
    role: str
    place: str


@dataclass(frozen=True)
class MyAccount:
    username: str
    roles: list[MyRole]
    has_app: bool
    passkeys: int
    codes_left: int
    sessions: list[OpenSession]
    tokens_url: str


def present_my_account(user: User) -> MyAccount:
    held = list(user.memberships.order_by("place_path", "role"))
    names = directory.names(m.place_path for m in held)
    mine = Authenticator.objects.filter(user=user)
    codes = mine.filter(type=Type.RECOVERY_CODES).first()
    return MyAccount(
        username=user.username,
        roles=[MyRole(str(Role(m.role).label), names[m.place_path]) for m in held],
        has_app=mine.filter(type=Type.TOTP).exists(),
        passkeys=mine.filter(type=Type.WEBAUTHN).count(),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        sessions=_sessions(user),
        tokens_url=_address("accounts:tokens"),
    )


def describe_browser(user_agent: str) -> str:
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    found = " · ".join(part for part in (browser, system) if part)
    return found or _("another browser")


def _sessions(user: User) -> list[OpenSession]:
    found = [
        OpenSession(
            since=one.created_at,
            address=one.ip,
            browser=describe_browser(one.user_agent),
            is_current=one.is_current(),
        )
        for one in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda one: (not one.is_current, -one.since.timestamp()))


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in table if re.search(pattern, text)), "")


def _address(name: str) -> str:
    """A page of another room's making; no link where it is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
