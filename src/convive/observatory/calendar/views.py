from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from convive.observatory.calendar.presenters import present_calendar
from convive.observatory.views import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.observatory.selection import Selection


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        shown = present_calendar(selection, request.user)
        return {"calendar": shown, "about": shown.about, "table": "calendar"}

    return page(request, "observatory/calendar.html", present)
