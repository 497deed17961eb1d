"""Where a request comes from."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from convive.core.middleware import client_address
from convive.core.models import AuditEntry

PROXY = "10.0.0.1"


def request_from(address, forwarded=None):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


def test_a_header_is_not_believed_unless_a_proxy_is_configured():
    request = request_from("190.5.1.2", "1.2.3.4")

    assert client_address(request) == "190.5.1.2"


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (1, "190.5.1.2", "190.5.1.2"),
        # What the caller wrote stands before what the proxy added.
        (1, "6.6.6.6, 190.5.1.2", "190.5.1.2"),
        (2, "6.6.6.6, 190.5.1.2, 10.0.0.2", "190.5.1.2"),
        (2, "190.5.1.2", PROXY),
        (1, "<script>", PROXY),
        (1, None, PROXY),
    ],
)
def test_behind_proxies_only_what_the_outermost_wrote_counts(
    settings, proxies, told, address
):
    settings.TRUSTED_PROXY_COUNT = proxies

    assert client_address(request_from(PROXY, told)) == address


def test_a_word_fact_is_told_in_the_readers_language_and_a_name_never():
    from django.utils.translation import override

    entry = AuditEntry(
        actor_name="alicia",
        sentence="%(by)s gave %(name)s the role %(role_word)s",
        facts={"name": "Analyst", "role_word": "Analyst"},
    )

    with override("es"):
        assert str(entry) == "alicia dio a Analyst la función: Analista"
