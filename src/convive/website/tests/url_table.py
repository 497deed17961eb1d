"""What each of the cast gets from the addresses of this room."""

from __future__ import annotations

from convive.accounts.tests.expectations import Expected, signed_in

URLS: dict[str, list[Expected]] = {
    "home": [Expected(200)],
    "website:components": [signed_in()],
    "theme": [
        Expected(302, method="post", data={"theme": "dark"}),
        Expected(405),
    ],
    "set_language": [Expected(302, method="post", data={"language": "en"})],
}
