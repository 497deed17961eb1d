"""Pages and files of the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convive.accounts.permissions import check, may
from convive.accounts.roles import Permission
from convive.observatory import actions, files
from convive.observatory.map import downloads, page, points
from convive.observatory.map import scope as scopes
from convive.observatory.map.presenters import present_areas
from convive.observatory.presenters import present_about
from convive.observatory.selection import Selection, place_choices
from convive.observatory.views import exact_question
from convive.observatory.views import page as figures_page

if TYPE_CHECKING:
    from django.http import HttpRequest

    from convive.accounts.models import User


@dataclass(frozen=True)
class Asked:
    selection: Selection
    scope: scopes.Scope


def _asked(request: HttpRequest) -> Asked:
    selection = exact_question(request)
    return Asked(selection, scopes.choose_scope(selection, request.GET))


@login_required
@require_safe
def area_map(request: HttpRequest) -> HttpResponse:
    def present(selection: Selection) -> dict[str, Any]:
        scope = scopes.choose_scope(selection, request.GET)
        shown = present_areas(selection, scope, request.user)
        has_points = may(request.user, Permission.SEE_INCIDENTS, selection.where)
        sheet = scopes.sheet_of(shown.boundaries)
        is_asked = request.GET.get("interactivo") == "1"
        return {
            "place_choices": _with_own(place_choices(request.user), selection),
            "about": shown.about,
            "shown": shown,
            "rows": page.rows(shown, selection),
            "picture": page.areas_figure(shown, selection),
            "points": points.present_points(selection, sheet) if has_points else None,
            "switches": page.switches(shown, selection),
            "precision_labels": points.labels(),
            "is_interactive": is_asked and shown.has_outlines,
            "scope_query": f"{selection.query}&{scope.query}",
        }

    return figures_page(request, "observatory/map/map.html", present)


def _with_own(
    choices: list[tuple[str, str]], selection: Selection
) -> list[tuple[str, str]]:
    """A place reached by a click on the map stands among the choices too."""
    if any(path == selection.where for path, _label in choices):
        return choices
    return [(selection.where, selection.place.name), *choices]


@login_required
@require_safe
def map_areas(request: HttpRequest) -> JsonResponse:
    asked = _asked(request)
    shown = present_areas(asked.selection, asked.scope, request.user)
    return JsonResponse(page.layer(shown, asked.selection))


@login_required
@require_safe
def map_points(request: HttpRequest) -> JsonResponse:
    selection = _asked(request).selection
    check(request.user, Permission.SEE_INCIDENTS, selection.where)
    try:
        window = points.read_window(request.GET)
    except points.WindowError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(points.present_window(selection, window))


@login_required
@require_safe
def map_download(request: HttpRequest, table: str, file_format: str) -> HttpResponse:
    if file_format not in downloads.FORMATS.get(table, ()):
        raise Http404
    asked = _asked(request)
    if table == "points":
        check(request.user, Permission.SEE_INCIDENTS, asked.selection.where)
        about = present_about(asked.selection)
        made = downloads.make_points(file_format, asked.selection, about)
    else:
        made = downloads.make_areas(
            file_format, asked.selection, asked.scope, request.user
        )
    if not made.content:
        raise Http404(_("No outline is loaded for these places."))
    by = cast("User", request.user)
    actions.record_release(by=by, selection=asked.selection, download=made)
    response = HttpResponse(made.content, content_type=downloads.TYPES[file_format])
    name = files.name_of(made.table, file_format, asked.selection)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
