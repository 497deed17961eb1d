"""Eight hours idle, twelve in all."""

from __future__ import annotations

from convive.accounts.middleware import SINCE
from convive.core.models import AuditEntry


def test_a_busy_session_ends_after_its_longest_time(client_of, settings):
    client = client_of("alicia")
    client.get("/cuenta/")
    session = client.session
    session[SINCE] -= settings.SESSION_LIMIT_S + 1
    session.save()

    response = client.get("/cuenta/", follow=True)

    assert response.redirect_chain[0][0].startswith("/cuenta/login/")
    assert "12" in response.content.decode()
    assert AuditEntry.objects.first().facts == {"hours": 12}


def test_an_hour_before_it_goes_on(client_of, settings):
    client = client_of("alicia")
    client.get("/cuenta/")
    session = client.session
    session[SINCE] -= settings.SESSION_LIMIT_S - 3600
    session.save()

    assert client.get("/cuenta/").status_code == 200


def test_the_session_slides_eight_hours_and_its_cookie_is_closed_to_scripts(client_of):
    client = client_of("alicia")
    response = client.get("/cuenta/")
    cookie = response.cookies["sessionid"]

    assert client.session.get_expiry_age() == 8 * 3600
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    # Ends with the browser: office computers are shared.
    assert cookie["max-age"] == ""
