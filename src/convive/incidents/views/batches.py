"""What has been imported, and undoing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from convive.accounts import permissions
from convive.accounts.roles import Permission
from convive.incidents import importing, policies
from convive.incidents.forms.batches import BatchFilterForm, WithdrawForm
from convive.incidents.models import Batch
from convive.incidents.policies import ImportRefusedError
from convive.incidents.presenters import batches as presenters
from convive.incidents.presenters.imports import present_waiting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User

PER_PAGE = 25


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


@login_required
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    if not permissions.may_somewhere(request.user, Permission.SEE_INCIDENTS):
        raise PermissionDenied(
            _("Your role does not allow this here. Ask the coordinator of your Unit.")
        )
    visible = presenters.visible_batches(_user(request))
    form = BatchFilterForm(
        request.GET,
        places=presenters.places_of(visible),
        sources=presenters.sources_of(visible),
    )
    page = Paginator(form.narrow(visible), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    shown = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "lines": presenters.present_lines(list(page)),
        "waiting": present_waiting(_user(request)),
        "may_import": permissions.may_somewhere(
            request.user, Permission.IMPORT_INCIDENTS
        ),
    }
    return render(request, "incidents/batches.html", shown)


@login_required
@require_safe
def batch(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Batch.objects.select_related("crosswalk"), pk=number)
    permissions.check(request.user, Permission.SEE_INCIDENTS, found.place_path)
    shown = presenters.present_batch(found, _user(request))
    return render(request, "incidents/batch.html", {"shown": shown, "batch": found})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batch_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Batch, pk=number)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    try:
        policies.check_withdraw(request.user, found)
        if form.is_bound and form.is_valid():
            reason = form.cleaned_data["reason"]
            importing.undo_import(by=_user(request), batch=found, reason=reason)
            messages.success(request, _("The import was undone."))
            return redirect("incidents:batch", number)
    except ImportRefusedError as error:
        messages.error(request, str(error))
        return redirect("incidents:batch", number)
    shown = {"form": form, "undoing": presenters.present_undoing(found)}
    return render(request, "incidents/batch_withdraw.html", shown)
