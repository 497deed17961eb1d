"""Pages and files of the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convive.accounts.permissions import check, check_figures, may
from convive.accounts.roles import Permission
from convive.incidents import iccs
from convive.observatory import actions
from convive.observatory.map import downloads, page, points
from convive.observatory.map import scope as scopes
from convive.observatory.map.presenters import present_areas
from convive.observatory.presenters import present_about
from convive.observatory.selection import Selection, choose, place_choices

if TYPE_CHECKING:
    from django.http import HttpRequest

    from convive.accounts.models import User


@dataclass(frozen=True)
class Asked:
    selection: Selection
    scope: scopes.Scope


def _asked(request: HttpRequest) -> Asked:
    selection = choose(request)
    if selection is None:
        raise Http404(_("There are no figures yet."))
    check_figures(request.user, selection.where)
    return Asked(selection, scopes.choose_scope(selection, request.GET))


@login_required
@require_safe
def area_map(request: HttpRequest) -> HttpResponse:
    if choose(request) is None:
        return render(request, "observatory/nothing.html")
    asked = _asked(request)
    selection = asked.selection
    shown = present_areas(selection, asked.scope, request.user)
    has_points = may(request.user, Permission.SEE_INCIDENTS, selection.where)
    sheet = scopes.sheet_of(shown.boundaries)
    frame = {
        "selection": selection,
        "what_choices": iccs.choices(),
        "place_choices": _with_own(place_choices(request.user), selection),
        "about": shown.about,
        "shown": shown,
        "rows": page.rows(shown, selection),
        "picture": page.areas_figure(shown, selection),
        "points": points.present_points(selection, sheet) if has_points else None,
        "switches": page.switches(shown, selection),
        "precision_labels": points.labels(),
        "is_interactive": request.GET.get("interactivo") == "1" and shown.has_outlines,
        "scope_query": f"{selection.query}&{asked.scope.query}",
    }
    return render(request, "observatory/map/map.html", frame)


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
    name = f"convive-{made.table}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
