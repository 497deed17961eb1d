"""The home page, the components, and what is said when a request is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from convive.website import showcase
from convive.website.context import THEME_COOKIE, THEMES
from convive.website.presenters import present_home

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

YEAR_S = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Refusal:
    title: str
    text: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "website/welcome.html")
    return render(request, "website/home.html", {"home": present_home(request.user)})


@login_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    shown = showcase.present_components(request)
    return render(request, "website/components.html", {"components": shown})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the colours this browser asks for; anything else is the system's."""
    following = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}):
        following = reverse("home")
    response = HttpResponseRedirect(following)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, YEAR_S, samesite="Lax")
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        # The frame of a page asks for the host, which is what was wrong.
        return HttpResponseBadRequest(_("This address is not served here."))
    if isinstance(exception, RequestDataTooBig):
        text = _("It is larger than this page takes. Send a smaller text or file.")
        return _refuse(request, Refusal(_("This is too large"), text), 413)
    text = _("Something in it could not be read. Go back, reload the page and retry.")
    return _refuse(request, Refusal(_("The request was not understood"), text), 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("Go back, reload the page and send the form again. Nothing was saved.")
    return _refuse(request, Refusal(_("The page was open for too long"), text), 403)


def _refuse(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    return render(request, "website/refused.html", {"refusal": refusal}, status=status)
