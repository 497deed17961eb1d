from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from convive.observatory.series.presenters import present_series
from convive.observatory.views import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.observatory.selection import Selection


@login_required
@require_safe
def series(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        shown = present_series(selection, request.user)
        return {"series": shown, "about": shown.about, "table": "series"}

    return page(request, "observatory/series.html", present)
