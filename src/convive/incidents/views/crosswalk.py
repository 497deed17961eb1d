"""Pages of the offence table, from an office's words to the classes of the ICCS."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from convive.accounts.permissions import check_figures
from convive.core.actions import cancel_job
from convive.core.models import Job
from convive.core.text import fold
from convive.incidents.classification import actions, presenters, table
from convive.incidents.classification.forms import TableForm, TermForm
from convive.incidents.classification.permissions import check_may_edit
from convive.incidents.classification.tasks import reread_incidents
from convive.incidents.models import Crosswalk
from convive.incidents.reference import latest_crosswalk
from convive.places.models import Place

if TYPE_CHECKING:
    from django.http import HttpRequest

    from convive.accounts.models import User


@login_required
@require_safe
def crosswalk(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("country", "")
    if chosen:
        check_figures(request.user, chosen)
    search, page = request.GET.get("search", ""), request.GET.get("page", "1")
    shown = presenters.present_crosswalk(request.user, chosen, search, page)
    if shown is None:
        raise Http404
    return render(request, "incidents/crosswalk.html", {"shown": shown})


def _country(country: str) -> presenters.Country:
    place = get_object_or_404(Place, path=country, parent=None)
    return presenters.Country(place.path, place.name, is_chosen=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_edit(request: HttpRequest, country: str) -> HttpResponse:
    check_may_edit(request.user, country)
    text = request.GET.get("term", "")
    latest = latest_crosswalk(country)
    known = latest.terms.filter(key=fold(text)).first() if latest and text else None
    initial = {name: getattr(known, name, "") for name in table.FIELDS}
    given = request.POST if request.method == "POST" else None
    form = TermForm(given, initial=initial if known else {"term": text})
    if form.is_valid():
        _save_term(request, country, form, known.term if known else "")
        return redirect(f"{reverse('incidents:crosswalk')}?country={country}")
    shown = {"form": form, "known": known, "country": _country(country)}
    return render(request, "incidents/crosswalk_term.html", shown)


def _save_term(request: HttpRequest, country: str, form: TermForm, before: str) -> None:
    is_removed = "remove" in request.POST
    version = actions.save_crosswalk(
        by=cast("User", request.user),
        country_path=country,
        terms=[] if is_removed else [form.row()],
        # A term that was written otherwise takes the place of the old one.
        removed=[before] if before else [],
        note=form.cleaned_data["note"],
    )
    _tell_saved(request, version)


def _tell_saved(request: HttpRequest, version: Crosswalk) -> None:
    messages.success(
        request,
        _("Version %(version)s of the table holds now. Incidents that count already "
          "keep their class until you classify them again.")
        % {"version": version.version},
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def table_upload(request: HttpRequest, country: str) -> HttpResponse:
    check_may_edit(request.user, country)
    is_sent = request.method == "POST"
    form = TableForm(request.POST, request.FILES) if is_sent else TableForm()
    if form.is_valid():
        version = actions.save_crosswalk(
            by=cast("User", request.user),
            country_path=country,
            terms=form.rows,
            note=form.cleaned_data["note"],
            is_whole=True,
        )
        _tell_saved(request, version)
        return redirect(f"{reverse('incidents:crosswalk')}?country={country}")
    shown = {"form": form, "country": _country(country), "fields": table.FIELDS}
    return render(request, "incidents/crosswalk_upload.html", shown)


@login_required
@require_safe
def table_download(request: HttpRequest, country: str, version: int) -> HttpResponse:
    check_figures(request.user, country)
    wanted = get_object_or_404(Crosswalk, country_path=country, version=version)
    content = table.to_csv(wanted.terms.order_by("key"))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"convive-iccs-{country}-v{version}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_safe
def version_list(request: HttpRequest, country: str) -> HttpResponse:
    check_figures(request.user, country)
    older, newer = request.GET.get("older", ""), request.GET.get("newer", "")
    shown = presenters.present_versions(_country(country), older, newer)
    return render(request, "incidents/crosswalk_versions.html", {"shown": shown})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def incidents_reread(request: HttpRequest, country: str) -> HttpResponse:
    places = check_may_edit(request.user, country)
    by = cast("User", request.user)
    if request.method == "POST":
        actions.start_rereading(
            by=by, country_path=country, places=places, task=reread_incidents
        )
        return redirect("incidents:crosswalk_reread", country)
    shown = presenters.present_reread(by, _country(country), places)
    return render(request, "incidents/crosswalk_reread.html", {"shown": shown})


@login_required
@require_POST
def rereading_stop(request: HttpRequest, country: str) -> HttpResponse:
    check_may_edit(request.user, country)
    by = cast("User", request.user)
    mine = Job.objects.of(by).unfinished().filter(title=actions.REREADING)
    job = mine.filter(place_path=country).first()
    if job is not None:
        cancel_job(by=by, job=job)
    return redirect("incidents:crosswalk_reread", country)
