from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from convive.accounts.permissions import may
from convive.accounts.roles import Permission
from convive.observatory.overview.presenters import present_overview
from convive.observatory.views import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.observatory.selection import Selection


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        shown = present_overview(selection, request.user)
        may_see_records = may(request.user, Permission.SEE_INCIDENTS, selection.where)
        return {
            "overview": shown,
            "about": shown.about,
            "table": "overview",
            "may_see_records": may_see_records,
        }

    return page(request, "observatory/overview.html", present)
