"""Remembers where a request comes from, for the audit trail."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings

from convive.core.audit import Origin, coming_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def client_address(request: HttpRequest) -> str:
    """The caller's address.

    A header can say anything, so it is read only when the installation says how many
    proxies stand before it (CONVIVE_PROXIES), and then only what the outermost of
    those proxies wrote itself.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.TRUSTED_PROXY_COUNT
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    if proxies and len(told) >= proxies:
        return _address(told[-proxies]) or direct
    return direct


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""


class OriginMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(Origin("web", client_address(request))):
            return self.get_response(request)
