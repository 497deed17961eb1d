from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from convive.observatory.people.presenters import present_people
from convive.observatory.views import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.observatory.selection import Selection


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        shown = present_people(selection, request.user)
        return {"people": shown, "about": shown.about, "table": "people"}

    return page(request, "observatory/people.html", present)
