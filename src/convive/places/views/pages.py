"""Pages that show places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from convive.places import presenters
from convive.places.models import Place

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:200]
    shown = presenters.present_list(request.user, asked)
    return render(request, "places/place_list.html", {"shown": shown, "q": asked})


@login_required
@require_safe
def place_detail(request: HttpRequest, path: str) -> HttpResponse:
    place = get_object_or_404(Place.objects.select_related("parent"), path=path)
    shown = presenters.present_place(place, request.user)
    return render(request, "places/place_detail.html", {"place": place, "shown": shown})
