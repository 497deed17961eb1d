"""Pages of background work: each person sees what they started themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convive.core import actions
from convive.core.models import Job

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest

    from convive.core.actors import Actor

PER_PAGE = 25
NOTHING_NEW = 204


@login_required
@require_safe
@never_cache
def jobs(request: HttpRequest) -> HttpResponse:
    mine = Job.objects.of(cast("Actor", request.user))
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "core/jobs.html", {"page": page})


@login_required
@require_safe
@never_cache
def job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The job's page; who follows it is taken to its result when it is done."""
    shown = _own(request, job_id)
    follows = request.GET.get("follow") == "1"
    is_polled = bool(request.headers.get("HX-Request"))
    if is_polled and not shown.is_finished:
        return _state(request, shown)
    if is_polled:
        response = HttpResponse(status=NOTHING_NEW)
        response["HX-Redirect"] = _next(request, shown, follows=follows)
        return response
    if follows and shown.is_done and shown.result_url:
        return redirect(shown.result_url)
    return render(request, "core/job.html", {"job": shown})


def _own(request: HttpRequest, job_id: uuid.UUID) -> Job:
    mine = Job.objects.of(cast("Actor", request.user))
    return get_object_or_404(mine, pk=job_id)


def _state(request: HttpRequest, shown: Job) -> HttpResponse:
    """The part that moves, or nothing while it stands still."""
    if request.GET.get("seen") == shown.stamp:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "core/_job_state.html", {"job": shown})


def _next(request: HttpRequest, shown: Job, *, follows: bool) -> str:
    return (
        shown.result_url
        if follows and shown.is_done and shown.result_url
        else (request.path)
    )


@login_required
@require_POST
def job_cancel(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    shown = _own(request, job_id)
    actions.cancel_job(by=cast("Actor", request.user), job=shown)
    messages.info(request, _("It stops as soon as it can. Nothing is left half-done."))
    return redirect("core:job", job_id=shown.pk)
