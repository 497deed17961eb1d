"""Pages of the observatory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convive.accounts.permissions import check_figures
from convive.incidents import iccs
from convive.observatory import actions, charts, downloads, presenters
from convive.observatory.selection import Selection, choose, place_choices

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from convive.accounts.models import User

PICTURES = {"svg", "png"}


def _page(
    request: HttpRequest,
    template: str,
    present: Callable[[Selection], dict[str, Any]],
) -> HttpResponse:
    selection = choose(request)
    if selection is None:
        return render(request, "observatory/nothing.html")
    check_figures(request.user, selection.where)
    frame = {
        "selection": selection,
        "what_choices": iccs.choices(),
        "place_choices": place_choices(request.user),
    }
    return render(request, template, frame | present(selection))


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        shown = presenters.present_overview(selection, request.user)
        return {"overview": shown, "about": shown.about, "table": "overview"}

    return _page(request, "observatory/overview.html", present)


@login_required
@require_safe
def series(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        shown = presenters.present_series(selection, request.user)
        return {"series": shown, "about": shown.about, "table": "series"}

    return _page(request, "observatory/series.html", present)


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        shown = presenters.present_people(selection, request.user)
        about = presenters.present_about(selection)
        return {"breakdowns": shown, "about": about, "table": "people"}

    return _page(request, "observatory/people.html", present)


@login_required
@require_safe
def origin(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        shown = presenters.present_origin(selection)
        return {"origin": shown, "about": shown.about}

    return _page(request, "observatory/origin.html", present)


@login_required
@require_safe
def series_chart(request: HttpRequest) -> HttpResponse:
    selection = _selection(request)
    shown = presenters.present_series(selection, request.user)
    svg = charts.to_svg(charts.series_spec(shown))
    return HttpResponse(svg, content_type=downloads.TYPES["svg"])


@login_required
@require_safe
def download(request: HttpRequest, table: str, file_format: str) -> HttpResponse:
    is_drawn = file_format not in PICTURES or table == "series"
    if (
        table not in downloads.TABLES
        or file_format not in downloads.TYPES
        or not is_drawn
    ):
        raise Http404
    selection = _selection(request)
    made = downloads.make(table, file_format, selection, request.user)
    by = cast("User", request.user)
    actions.record_release(by=by, selection=selection, download=made)
    response = HttpResponse(made.content, content_type=downloads.TYPES[file_format])
    name = f"convive-{table}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _selection(request: HttpRequest) -> Selection:
    selection = choose(request)
    if selection is None:
        raise Http404(_("There are no figures yet."))
    check_figures(request.user, selection.where)
    return selection
