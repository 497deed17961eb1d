"""The one-time link: the only page of this room that needs no sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import auth, messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from convive.accounts.entrance import actions
from convive.accounts.entrance.forms import LinkPasswordForm
from convive.accounts.models import OneTimeLink

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def link_open(request: HttpRequest, token: str) -> HttpResponse:
    """Public by purpose: the token is the permission."""
    link = OneTimeLink.objects.of_token(token).open().select_related("user").first()
    if link is None:
        return _private(render(request, "accounts/link_spent.html", status=410))
    form = LinkPasswordForm(link.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.use_link(by=link.user, token=token, password=form.password)
        except actions.LinkSpentError:
            return _private(render(request, "accounts/link_spent.html", status=410))
        auth.logout(request)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    page = {"form": form, "person": link.user, "link": link}
    return _private(render(request, "accounts/link_open.html", page))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no other page and no search engine learns it.

    With "no-referrer" browsers send a null origin, and the form would be refused.
    """
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
