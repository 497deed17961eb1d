"""My account."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from convive.accounts import actions
from convive.accounts.entrance import actions as entrance
from convive.accounts.mine.forms import MyAccountForm
from convive.accounts.mine.presenters import present_my_account

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_account(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = MyAccountForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.save_my_account(by=user, **form.cleaned_data)
        return _in_language(request, user.language)
    page = {"form": form, "account": present_my_account(user)}
    return render(request, "accounts/my_account.html", page)


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    entrance.sign_out_everywhere(by=user)
    # This browser stays; every other session's hash is now wrong.
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)
    messages.success(request, _("Signed out everywhere else."))
    return redirect("accounts:my_account")


def _in_language(request: HttpRequest, language: str) -> HttpResponse:
    response = redirect("accounts:my_account")
    with translation.override(language or translation.get_language()):
        messages.success(request, _("Saved."))
    if language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language)
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response
