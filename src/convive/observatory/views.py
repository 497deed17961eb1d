"""What the pages of every analysis share: the frame, charts, files, the bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convive.accounts.permissions import check, check_figures
from convive.incidents import iccs
from convive.observatory import actions, charts, downloads, files, interactive
from convive.observatory.selection import Selection, choose, place_choices

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from convive.accounts.models import User


def page(
    request: HttpRequest,
    template: str,
    present: Callable[[Selection], dict[str, Any]],
) -> HttpResponse:
    """A page of figures below the selectors."""
    selection = choose(request)
    if selection is None:
        return render(request, "observatory/nothing.html")
    check_figures(request.user, selection.where)
    frame = {
        "selection": selection,
        "what_choices": iccs.choices(),
        "place_choices": place_choices(request.user),
        "tables": downloads.TABLES,
        "bundle_version": interactive.VERSION,
    }
    return render(request, template, frame | present(selection))


def exact_question(request: HttpRequest) -> Selection:
    """For what has no room for a notice: a file must hold just what was asked for."""
    selection = choose(request)
    if selection is None:
        raise Http404(_("There are no figures yet."))
    check_figures(request.user, selection.where)
    if selection.problems:
        raise BadRequest(" ".join(selection.problems))
    return selection


@login_required
@require_safe
def chart(request: HttpRequest, table: str, file_format: str) -> HttpResponse:
    """A table's picture for the page, or its specification for the browser."""
    entry = downloads.TABLES.get(table)
    if entry is None or entry.spec is None or file_format not in {"svg", "json"}:
        raise Http404
    spec = entry.spec(exact_question(request), request.user)
    if file_format == "json":
        return JsonResponse(spec)
    return HttpResponse(charts.to_svg(spec), content_type=files.TYPES["svg"])


@login_required
@require_safe
def download(request: HttpRequest, table: str, file_format: str) -> HttpResponse:
    entry = downloads.TABLES.get(table)
    if entry is None or file_format not in entry.formats:
        raise Http404
    selection = exact_question(request)
    if entry.permission is not None:
        check(request.user, entry.permission, selection.where)
    made = downloads.make(table, file_format, selection, request.user)
    by = cast("User", request.user)
    actions.record_release(by=by, selection=selection, download=made)
    response = HttpResponse(made.content, content_type=files.TYPES[file_format])
    name = files.name_of(table, file_format, selection)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
