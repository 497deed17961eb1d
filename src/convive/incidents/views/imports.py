"""A file's way in: upload, columns, preview and decision."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from convive.core.actors import System
from convive.core.models import Job
from convive.incidents import actions, policies, previewing, tasks, uploads
from convive.incidents.actions import Claim
from convive.incidents.forms import columns, decision
from convive.incidents.forms.upload import UploadForm
from convive.incidents.intake import IntakeError, Mapping
from convive.incidents.models import ImportDraft
from convive.incidents.policies import ImportRefusedError
from convive.incidents.presenters import imports as presenters

if TYPE_CHECKING:
    import uuid
    from typing import Any

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User

# A larger file is read by the worker: its reading would keep a page waiting.
READ_AT_ONCE_BYTES = 1024 * 1024
PROFILE_PARAMETER, RECOGNISED = "profile", "recognised"


@csrf_exempt  # checked in `_upload`, once the limit stands before the body is read
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request: HttpRequest) -> HttpResponse:
    places = presenters.import_places(_user(request))
    if not places:
        raise PermissionDenied(
            _("Your role does not allow this here. Ask the coordinator of your Unit.")
        )
    limit = uploads.UploadLimit(request)
    request.upload_handlers.insert(0, limit)
    return _upload(request, limit, places)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


@csrf_protect
def _upload(
    request: HttpRequest, limit: uploads.UploadLimit, places: list[tuple[str, str]]
) -> HttpResponse:
    is_sent = request.method == "POST"
    given = (request.POST, request.FILES) if is_sent else ()
    form = UploadForm(*given, user=_user(request), places=places)
    if is_sent and limit.is_over:
        form.errors["file"] = form.error_class([_too_large()])
    elif is_sent and form.is_valid():
        draft = _start(request, form)
        if draft is not None:
            return _first_reading(request, draft)
    status = 413 if limit.is_over else 200
    shown = {"form": form, "limit": filesizeformat(settings.UPLOAD_LIMIT_BYTES)}
    return render(request, "incidents/import_upload.html", shown, status=status)


def _too_large() -> str:
    return _(
        "The file is larger than %(limit)s. Split it by year, or compress it with gzip."
    ) % {"limit": filesizeformat(settings.UPLOAD_LIMIT_BYTES)}


def _start(request: HttpRequest, form: UploadForm) -> ImportDraft | None:
    """Keep the file; one that is small is read at once, so that a bad one is told."""
    actions.sweep_drafts(by=System())
    given = form.cleaned_data
    upload: UploadedFile[Any] = given["file"]
    stored = uploads.store(upload)
    try:
        reading = _read_if_small(stored)
    except IntakeError as error:
        uploads.remove(stored.name)
        form.add_error("file", str(error))
        return None
    draft = actions.start_draft(
        by=_user(request),
        stored=stored,
        file_name=PurePath(upload.name or "").name[:255],
        place_path=given["place_path"],
        source=given["source"],
        claim=Claim(nature=given["nature"], note=given["note"]),
    )
    if reading:
        _keep_reading(request, draft, reading)
    return draft


def _read_if_small(stored: uploads.Stored) -> dict[str, Any]:
    if stored.size_bytes > READ_AT_ONCE_BYTES:
        return {}
    return previewing.read_head(uploads.path_of(stored.name))


def _keep_reading(
    request: HttpRequest, draft: ImportDraft, reading: dict[str, Any]
) -> None:
    actions.understand_draft(
        by=_user(request), draft=draft, sheet_name=reading["sheet"], reading=reading
    )


def _first_reading(request: HttpRequest, draft: ImportDraft) -> HttpResponse:
    if ImportDraft.objects.get(pk=draft.pk).reading:
        return redirect("incidents:import_columns", draft.pk)
    return _begin(request, draft, tasks.read_draft, tasks.READING)


def _begin(
    request: HttpRequest,
    draft: ImportDraft,
    task: Any,  # noqa: ANN401 - django-tasks has no public generic type
    title: str,
) -> HttpResponse:
    try:
        job = actions.begin_work(by=_user(request), draft=draft, task=task, title=title)
    except ImportRefusedError as error:
        messages.error(request, str(error))
        return redirect("incidents:import_columns", draft.pk)
    return _follow(job)


def _follow(job: Job) -> HttpResponse:
    return redirect(f"{reverse('core:job', args=[job.pk])}?follow=1")


def _draft(request: HttpRequest, draft_id: uuid.UUID) -> ImportDraft:
    draft = get_object_or_404(ImportDraft, pk=draft_id)
    policies.check_continue(request.user, draft)
    return draft


def _about(draft: ImportDraft) -> dict[str, Any]:
    about = presenters.present_about(draft)
    job = Job.objects.filter(pk=draft.job_id).first() if draft.job_id else None
    return {"draft": draft, "about": about, "job": job}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    draft = _draft(request, draft_id)
    if not draft.is_open:
        return redirect("incidents:import_preview", draft.pk)
    about = _about(draft)
    if request.method == "POST" and "sheet" in request.POST:
        return _read_again(request, draft, request.POST["sheet"])
    if policies.is_busy(draft):
        return render(request, "incidents/import_busy.html", about)
    if not draft.reading:
        return render(request, "incidents/import_unread.html", about)
    return _columns(request, draft, about)


def _read_again(request: HttpRequest, draft: ImportDraft, sheet: str) -> HttpResponse:
    """Read another sheet of the workbook, or the file whose reading was stopped."""
    name = sheet if sheet in draft.reading.get("sheets", []) else ""
    try:
        policies.check_free(draft)
        actions.understand_draft(
            by=_user(request), draft=draft, sheet_name=name, reading={}
        )
        return _begin(request, draft, tasks.read_draft, tasks.READING)
    except ImportRefusedError as error:
        messages.error(request, str(error))
        return redirect("incidents:import_columns", draft.pk)


def _columns(
    request: HttpRequest, draft: ImportDraft, about: dict[str, Any]
) -> HttpResponse:
    profiles = presenters.fitting_profiles(draft)
    start, chosen = _start_from(request, draft, profiles)
    headings = draft.reading["headings"]
    form = columns.ColumnsForm(
        request.POST if request.method == "POST" else None,
        headings=headings,
        initial=columns.initial_of(start, headings),
    )
    if form.is_bound and form.is_valid():
        return _understood(request, draft, form)
    head = presenters.present_head(draft)
    shown = {
        "form": form,
        "head": head,
        "groups": presenters.present_columns(form, head),
        "profiles": profiles,
        "chosen": chosen,
    }
    return render(request, "incidents/import_columns.html", about | shown)


def _start_from(
    request: HttpRequest, draft: ImportDraft, profiles: list[Any]
) -> tuple[Mapping, str]:
    """The reading to begin with: what was said before, a profile, or the headings."""
    asked = request.GET.get(PROFILE_PARAMETER, "")
    recognised = Mapping.from_json(draft.reading["recognised"])
    if asked == RECOGNISED:
        return recognised, RECOGNISED
    if draft.mapping and not asked:
        return Mapping.from_json(draft.mapping), ""
    for profile in profiles:
        if asked in ("", str(profile.pk)):
            return Mapping.from_json(profile.mapping), str(profile.pk)
    return recognised, RECOGNISED


def _understood(
    request: HttpRequest, draft: ImportDraft, form: columns.ColumnsForm
) -> HttpResponse:
    mapping, name = form.mapping(), form.cleaned_data["profile_name"].strip()
    try:
        actions.map_draft(by=_user(request), draft=draft, mapping=mapping)
    except ImportRefusedError as error:
        messages.error(request, str(error))
        return redirect("incidents:import_columns", draft.pk)
    if name:
        actions.save_profile(
            by=_user(request),
            name=name,
            place_path=draft.place_path,
            source=draft.source,
            mapping=mapping,
        )
    return _begin(request, draft, tasks.preview_draft, tasks.PREVIEWING)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    draft = _draft(request, draft_id)
    about = _about(draft)
    if not draft.is_open:
        return render(request, "incidents/import_closed.html", about)
    if policies.is_busy(draft):
        return render(request, "incidents/import_busy.html", about)
    if not draft.is_checked:
        return redirect("incidents:import_columns", draft.pk)
    form = decision.DecisionForm(
        request.POST if request.method == "POST" else None,
        initial=decision.initial_of(draft),
    )
    if form.is_bound and form.is_valid():
        return _decided(request, draft, form)
    shown = {"form": form, "preview": presenters.present_preview(draft)}
    return render(request, "incidents/import_preview.html", about | shown)


def _decided(
    request: HttpRequest, draft: ImportDraft, form: decision.DecisionForm
) -> HttpResponse:
    mode, claim = form.cleaned_data["mode"], form.claim(draft)
    try:
        actions.decide_draft(by=_user(request), draft=draft, mode=mode, claim=claim)
    except ImportRefusedError as error:
        messages.error(request, str(error))
        return redirect("incidents:import_preview", draft.pk)
    return _begin(request, draft, tasks.import_draft, tasks.IMPORTING)


@login_required
@require_POST
def import_discard(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    draft = _draft(request, draft_id)
    try:
        actions.discard_draft(by=_user(request), draft=draft)
    except ImportRefusedError as error:
        messages.error(request, str(error))
        return redirect("incidents:import_preview", draft.pk)
    messages.success(request, _("The file was discarded. Nothing was imported."))
    return redirect("incidents:batches")
