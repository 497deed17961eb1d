"""What each of the cast gets from the API and the page about it."""

from __future__ import annotations

from convive.accounts.tests.expectations import Expected, signed_in
from convive.observatory.tests.questions import OWN


def asked(**rest):
    """A program is told 401 where a browser would be sent to sign in."""
    return Expected(200, {"citizen": 401}, **rest)


URLS: dict[str, list[Expected]] = {
    "observatory:api_guide": [signed_in()],
    "api:api-root": [Expected(404)],
    # The description is public: it holds no figures.
    "api:openapi-json": [Expected(200)],
    "api:places": [asked()],
    "api:offences": [asked()],
    "api:rates": [asked(query=OWN), Expected(422, {"citizen": 401})],
    "api:series": [asked(query=OWN)],
    "api:calendar": [asked(query=OWN)],
    "api:people": [asked(query=OWN)],
    "api:origin": [asked(query=OWN)],
}
