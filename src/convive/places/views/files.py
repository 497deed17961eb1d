"""Files of boundaries, population and names: preview first, then confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from convive.accounts.permissions import check
from convive.accounts.roles import Permission
from convive.places import actions, plans, uploads
from convive.places.actions import Origin
from convive.places.boundaries import BoundaryError
from convive.places.forms import BoundariesFileForm, FileForm, PopulationFileForm
from convive.places.models import Place
from convive.places.tables import PlaceFileError

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User
    from convive.places.plans import Plan

Refusals = (BoundaryError, PlaceFileError)


@dataclass(frozen=True)
class FileKind:
    title: str
    expects: str
    form: type[FileForm]
    plan: Callable[[Path, Place, FileForm], Plan]
    write: Callable[[User, Path, Place, FileForm], int]


def _plan_boundaries(file: Path, place: Place, form: FileForm) -> Plan:
    kind, fields = cast("BoundariesFileForm", form).target
    return plans.plan_boundaries(file, kind, place, fields)


def _write_boundaries(by: User, file: Path, place: Place, form: FileForm) -> int:
    kind, fields = cast("BoundariesFileForm", form).target
    return actions.import_boundaries(
        by=by,
        file=file,
        kind=kind,
        parent=place,
        fields=fields,
        origin=_origin(form),
    )


def _plan_population(file: Path, place: Place, form: FileForm) -> Plan:
    return plans.plan_population(file, place.path, form.cleaned_data["source"])


def _write_population(by: User, file: Path, place: Place, form: FileForm) -> int:
    return actions.import_population(
        by=by, file=file, origin=_origin(form), within=place.path
    )


def _plan_gazetteer(file: Path, place: Place, form: FileForm) -> Plan:
    return plans.plan_gazetteer(file, place, form.cleaned_data["source"])


def _write_gazetteer(by: User, file: Path, place: Place, form: FileForm) -> int:
    return actions.import_gazetteer(
        by=by, file=file, municipality=place, origin=_origin(form)
    )


def _origin(form: FileForm) -> Origin:
    data = form.cleaned_data
    return Origin(
        data["source"],
        data.get("licence", ""),
        is_approximate=data.get("is_approximate", False),
        is_verified=data.get("is_verified", False),
    )


KINDS = {
    "limites": FileKind(
        gettext_noop("Load boundaries"),
        gettext_noop(
            "GeoJSON in degrees (WGS 84), or a .zip with the .shp, .shx, .dbf and .prj "
            "of one shapefile."
        ),
        BoundariesFileForm,
        _plan_boundaries,
        _write_boundaries,
    ),
    "poblacion": FileKind(
        gettext_noop("Load population"),
        gettext_noop(
            "CSV or XLSX with the columns place, year and persons and, if known, sex, "
            "age_group and source. A place is its path, as sv/sonsonate/acajutla, or "
            "its name."
        ),
        PopulationFileForm,
        _plan_population,
        _write_population,
    ),
    "nombres": FileKind(
        gettext_noop("Load barrios and landmarks"),
        gettext_noop(
            "CSV or XLSX with the columns name, kind (neighbourhood or landmark), "
            "longitude and latitude in degrees."
        ),
        FileForm,
        _plan_gazetteer,
        _write_gazetteer,
    ),
}


def _known(request: HttpRequest, what: str, path: str) -> tuple[FileKind, Place]:
    if what not in KINDS:
        raise Http404
    place = get_object_or_404(Place, path=path)
    check(request.user, Permission.EDIT_PLACES, place.path)
    return KINDS[what], place


@login_required
@require_http_methods(["GET", "POST"])
def file_preview(request: HttpRequest, what: str, path: str) -> HttpResponse:
    """Take a file and say what it would change. Nothing of a place is written."""
    kind, place = _known(request, what, path)
    form = kind.form(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {
        "place": place,
        "form": form,
        "what": what,
        "title": _(kind.title),
        "expects": _(kind.expects),
    }
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "places/file_form.html", shown, status=status)
    upload = form.cleaned_data["file"]
    answers = _answers(form) | {"about": f"{what} {path}"}
    token = uploads.keep(request.session, upload, answers)
    kept = uploads.find(request.session, token)
    if kept is None:
        raise Http404
    try:
        plan = kind.plan(kept.path, place, form)
    except Refusals as refusal:
        form.add_error("file", str(refusal).splitlines())
    else:
        if not plan.problems:
            shown |= {"plan": plan, "token": token, "file_name": kept.name}
            return render(request, "places/file_preview.html", shown)
        form.add_error("file", plan.sentences().splitlines())
        shown["plan"] = plan
    uploads.forget(request.session, token)
    return render(request, "places/file_form.html", shown, status=422)


def _answers(form: FileForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.fields if name != "file"}


@login_required
@require_POST
def file_confirm(request: HttpRequest, what: str, path: str) -> HttpResponse:
    """Write what the preview showed."""
    kind, place = _known(request, what, path)
    token = request.POST.get("token", "")
    kept = uploads.find(request.session, token)
    # A file that was previewed for one place is not written into another.
    if kept is None or kept.answers["about"] != f"{what} {path}":
        messages.error(request, _("The file is no longer here. Choose it again."))
        return redirect("places:file", what=what, path=path)
    form = kind.form()
    form.cleaned_data = kept.answers
    try:
        count = kind.write(cast("User", request.user), kept.path, place, form)
    except Refusals as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("Loaded from %(file)s: %(count)s.")
        messages.success(request, said % {"count": count, "file": kept.name})
    uploads.forget(request.session, token)
    return redirect("places:detail", path=path)
