"""How allauth behaves here.

Nobody signs up alone: a coordinator adds people to a Unit. Failures are counted in
the database, and each passage through the door leaves an audit entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convive.accounts.entrance import actions, throttle
from convive.core.actors import System
from convive.core.middleware import client_address

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - a socket on this machine has none


def refusal(refused: throttle.TooManyAttemptsError) -> ValidationError:
    """The same sentence whether the account exists or not."""
    if refused.attempt.scope == throttle.Scope.ADDRESS:
        sentence = _(
            "Too many failed attempts from this network. Wait %(minutes)s min and "
            "try again."
        )
    else:
        sentence = _(
            "Too many failed attempts. Wait %(minutes)s min and try again, or ask "
            "the coordinator of your Unit to unlock the account."
        )
    return ValidationError(
        sentence % {"minutes": refused.wait_minutes}, code="too_many_attempts"
    )


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy(
            "The user name or the password is not right."
        ),
        "incorrect_password": gettext_lazy("The password is not right."),
        "enter_current_password": gettext_lazy("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or NO_ADDRESS

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        username = str(credentials.get("username", ""))
        attempts = (
            throttle.of_account(username),
            throttle.of_address(client_address(request)),
        )
        try:
            is_last = throttle.count(*attempts)
        except throttle.TooManyAttemptsError as refused:
            raise refusal(refused) from refused
        user: User | None = authenticate(request, **credentials)
        if user:
            throttle.give_back(*attempts)
        else:
            actions.record_failed_sign_in(
                by=System(), username=username, is_last=is_last
            )
        return user

    def post_login(
        self, request: HttpRequest, user: User, **details: Any
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **details)
        actions.record_sign_in(by=user)
        if user.language:
            # From here on the switch in the masthead decides, in this browser.
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language)
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            actions.record_sign_out(by=request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        actions.change_password(by=user, password=password)
