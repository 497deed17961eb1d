"""My account."""

from __future__ import annotations

import pytest

from convive.accounts.mine.presenters import describe_browser
from convive.accounts.tests.places import DIRECTORY

EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0"
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (EDGE, "Edge · Windows"),
        (PHONE, "Samsung Internet · Android"),
        (IPHONE, "Safari · iOS"),
        ("curl/8.0", "otro navegador"),
    ],
)
def test_a_browser_is_named_as_its_user_knows_it(told, said):
    assert describe_browser(told) == said


def test_name_and_language_are_saved_and_the_page_changes_at_once(client_of, cast):
    client = client_of("bruno")

    page = client.post(
        "/cuenta/", {"display_name": "Bruno M.", "language": "en"}, follow=True
    )

    cast["bruno"].refresh_from_db()
    assert (cast["bruno"].display_name, cast["bruno"].language) == ("Bruno M.", "en")
    assert "My account" in page.content.decode()
    assert "Saved." in page.content.decode()


def test_an_unknown_language_is_refused(client_of):
    page = client_of("bruno").post("/cuenta/", {"display_name": "B", "language": "xx"})

    assert "language" in page.context["form"].errors


def test_roles_are_told_with_their_places(client_of, settings):
    settings.PLACE_DIRECTORY = DIRECTORY

    [role] = client_of("bruno").get("/cuenta/").context["account"].roles

    assert (role.role, role.place) == ("Analista", "Sonsonate, Sonsonate")
