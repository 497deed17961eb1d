from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from convive.observatory.origin.presenters import month_names, present_origin
from convive.observatory.views import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.observatory.selection import Selection


@login_required
@require_safe
def origin(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        shown = present_origin(selection, request.user)
        return {"origin": shown, "about": shown.about, "month_names": month_names()}

    return page(request, "observatory/origin.html", present)
