"""What each of the cast gets from the addresses of this room, allauth's included."""

from __future__ import annotations

from convive.accounts.tests.expectations import Expected, signed_in

URLS: dict[str, list[Expected]] = {
    "account_login": [Expected(302, {"citizen": 200})],
    "account_logout": [signed_in()],
}
