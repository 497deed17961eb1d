"""The page of the comparison panel."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convive.accounts.permissions import check_figures
from convive.incidents import iccs
from convive.observatory import actions, charts, presenters
from convive.observatory.files import TYPES
from convive.observatory.models import Panel
from convive.observatory.panel import files
from convive.observatory.panel.options import options_of
from convive.observatory.panel.presenters import present_panel
from convive.observatory.selection import choose, place_choices

if TYPE_CHECKING:
    from django.http import HttpRequest

    from convive.accounts.models import User
    from convive.observatory.panel.presenters import PanelPage
    from convive.observatory.selection import Selection


def _panel(asked: str) -> Panel | None:
    """The panel asked for, else the first."""
    return Panel.objects.filter(slug=asked).first() or Panel.objects.first()


@login_required
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    selection, options = choose(request), options_of(request)
    chosen = _panel(options.panel)
    if selection is None:
        return render(request, "observatory/nothing.html")
    check_figures(request.user, selection.where)
    if chosen is None:
        return render(request, "observatory/panel_none.html")
    compared = dataclasses.replace(selection, what=chosen.iccs)
    shown = {
        "page": present_panel(chosen, selection, options, request.user),
        "options": options,
        "panels": Panel.objects.all(),
        "selection": selection,
        "about": presenters.present_about(compared),
        "what_choices": iccs.choices(),
        "place_choices": place_choices(request.user),
    }
    return render(request, "observatory/panel.html", shown)


def _shown(request: HttpRequest, table: str) -> tuple[Selection, PanelPage]:
    selection, options = choose(request), options_of(request)
    chosen = _panel(options.panel)
    if selection is None or chosen is None or table not in files.TABLES:
        raise Http404(_("There are no figures yet."))
    check_figures(request.user, selection.where)
    return selection, present_panel(chosen, selection, options, request.user)


@login_required
@require_safe
def panel_chart(request: HttpRequest, table: str) -> HttpResponse:
    _selection, page = _shown(request, table)
    spec = files.spec_of(table, page)
    if spec is None:
        raise Http404
    return HttpResponse(charts.to_svg(spec), content_type=TYPES["svg"])


@login_required
@require_safe
def panel_download(request: HttpRequest, table: str, file_format: str) -> HttpResponse:
    if file_format not in files.FORMATS:
        raise Http404
    selection, page = _shown(request, table)
    made = files.make(table, file_format, page, selection)
    if made is None:
        raise Http404
    by = cast("User", request.user)
    actions.record_release(by=by, selection=selection, download=made)
    response = HttpResponse(made.content, content_type=TYPES[file_format])
    name = f"convive-panel-{table}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
