"""A session lasts a working day at most, however busy it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import auth, messages
from django.utils.translation import gettext as _

from convive.accounts.entrance import actions

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

SINCE = "signed_in_at"


class SessionLimitMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            since = request.session.setdefault(SINCE, time.time())
            if time.time() - since > settings.SESSION_LIMIT_S:
                self._end(request)
        return self.get_response(request)

    def _end(self, request: HttpRequest) -> None:
        hours = settings.SESSION_LIMIT_S // 3600
        if request.user.is_authenticated:
            actions.record_expiry(by=request.user, hours=hours)
        auth.logout(request)
        sentence = _("You were signed out after %(hours)s hours. Sign in again.")
        messages.warning(request, sentence % {"hours": hours})
