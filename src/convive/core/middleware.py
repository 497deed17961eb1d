"""Remembers where a request comes from, for the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convive.core.audit import Origin, coming_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class OriginMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = str(request.META.get("REMOTE_ADDR", ""))
        with coming_from(Origin("web", address)):
            return self.get_response(request)
