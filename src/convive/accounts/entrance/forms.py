"""Forms at the door."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from allauth.mfa import app_settings
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convive.accounts.adapter import refusal
from convive.accounts.entrance import actions, throttle
from convive.core.actors import System

if TYPE_CHECKING:
    from convive.accounts.models import User


class ThrottledCode:
    """A second-factor code is guessed at most a few times, and used once."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        attempt = throttle.of_second_factor(self.user)
        try:
            is_last = throttle.count(attempt)
        except throttle.TooManyAttemptsError as refused:
            raise refusal(refused) from refused
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            self._check_used_once(code)
        except ValidationError:
            actions.record_wrong_code(by=System(), user=self.user, is_last=is_last)
            raise
        throttle.give_back(attempt)
        return code

    def _check_used_once(self, code: str) -> None:
        """Remember a code for as long as the tolerance accepts it."""
        if self.authenticator.type != Authenticator.Type.TOTP:
            return
        digest = hashlib.sha256(code.strip().encode()).hexdigest()
        periods = 2 * app_settings.TOTP_TOLERANCE + 1
        lasts_s = periods * app_settings.TOTP_PERIOD
        if not cache.add(f"totp:{self.user.pk}:{digest}", 1, timeout=lasts_s):
            raise ValidationError(_("This code was used already. Wait for the next."))


class AuthenticateForm(ThrottledCode, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(ThrottledCode, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class LinkPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The new password of whoever opens a one-time link."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].label = gettext_lazy("New password")
        self.fields["new_password2"].label = gettext_lazy("The same password again")
        self.fields["new_password2"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)

    @property
    def password(self) -> str:
        return str(self.cleaned_data["new_password1"])


class LinkForm(forms.Form):
    removes_second_factor = forms.BooleanField(
        required=False,
        label=gettext_lazy("The person also lost the phone or key: remove it"),
    )
