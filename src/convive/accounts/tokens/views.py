"""My keys: make one, see it once, end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from convive.accounts.permissions import may_somewhere
from convive.accounts.roles import Permission
from convive.accounts.tokens import actions
from convive.accounts.tokens.forms import TokenForm
from convive.accounts.tokens.models import ApiToken

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The secret of a new key stands on the answer to the form, and nowhere else."""
    user = cast("User", request.user)
    if not may_somewhere(user, Permission.SEE_FIGURES):
        raise PermissionDenied(_("Your role sees no figures that a key could ask for."))
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _token, secret = actions.create_token(by=user, **form.cleaned_data)
        form = TokenForm()
    page = {"form": form, "secret": secret, "tokens": ApiToken.objects.of(user)}
    return render(request, "accounts/tokens.html", page)


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast("User", request.user)
    token = get_object_or_404(ApiToken.objects.of(user), pk=pk)
    actions.revoke_token(by=user, token=token)
    messages.success(request, _("The key has ended."))
    return redirect("accounts:tokens")
