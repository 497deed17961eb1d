"""Pages of the rows that wait for someone to mend them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from convive.incidents.intake import IntakeError
from convive.incidents.models import Batch, QuarantinedRow
from convive.incidents.quarantine import actions, downloads, mending, presenters
from convive.incidents.quarantine.forms import AlikeForm, CellsForm, DismissForm
from convive.incidents.quarantine.permissions import check_may_mend, places_to_mend
from convive.incidents.quarantine.selection import choose

if TYPE_CHECKING:
    from django.http import HttpRequest

    from convive.accounts.models import User
    from convive.incidents.actions import Outcome


@login_required
@require_safe
def quarantine_list(request: HttpRequest) -> HttpResponse:
    places = places_to_mend(request.user)
    chosen = choose(request.GET)
    shown = presenters.present_list(places, chosen, request.GET.get("page", "1"))
    return render(request, "incidents/quarantine.html", {"quarantine": shown})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def row_detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    if request.method != "POST":
        return _show(request, row, CellsForm(row))
    form = CellsForm(row, request.POST)
    if not form.is_valid():
        return _show(request, row, form)
    by, cells = cast("User", request.user), form.cells()
    try:
        outcome = mending.mend(
            by=by, batch=row.batch, corrections={row.row_number: cells}
        )
    except IntakeError as error:
        messages.error(request, str(error))
        return redirect("incidents:quarantine_row", pk)
    if outcome.rejected:
        problems = outcome.rejected[0].problems
        return _show(request, row, CellsForm(row, request.POST, problems))
    messages.success(request, _accepted(row, outcome))
    shown = presenters.present_row(row)
    return redirect(shown.next_url or reverse("incidents:quarantine"))


def _row(request: HttpRequest, pk: int) -> QuarantinedRow:
    rows = QuarantinedRow.objects.select_related("batch", "again_in", "mended_in")
    row = get_object_or_404(rows, pk=pk)
    check_may_mend(request.user, row.batch)
    return row


def _show(request: HttpRequest, row: QuarantinedRow, form: CellsForm) -> HttpResponse:
    shown = {"shown": presenters.present_row(row), "form": form}
    return render(
        request, "incidents/quarantine_row.html", shown | {"dismiss": DismissForm()}
    )


def _accepted(row: QuarantinedRow, outcome: Outcome) -> str:
    facts = {"row": row.row_number, "number": outcome.batch.pk if outcome.batch else 0}
    if not outcome.new and not outcome.changed:
        return _("Row %(row)s counted already, in batch %(number)s.") % facts
    return _("Row %(row)s is accepted; it counts in batch %(number)s.") % facts


@login_required
@require_POST
def row_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _row(request, pk), DismissForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the row is dismissed."))
        return redirect("incidents:quarantine_row", pk)
    reason = form.cleaned_data["reason"]
    try:
        actions.dismiss_row(by=cast("User", request.user), row=row, reason=reason)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("incidents:quarantine_row", pk)
    dismissed = _("Row %(row)s is dismissed. It is kept and can be opened again.")
    messages.success(request, dismissed % {"row": row.row_number})
    shown = presenters.present_row(row)
    return redirect(shown.next_url or reverse("incidents:quarantine"))


@login_required
@require_POST
def row_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    try:
        actions.reopen_row(by=cast("User", request.user), row=row)
    except ValidationError as error:
        messages.error(request, error.message)
    return redirect("incidents:quarantine_row", pk)


@login_required
@require_POST
def alike_mend(request: HttpRequest) -> HttpResponse:
    form = AlikeForm(request.POST)
    if not form.is_valid():
        raise Http404
    asked = form.cleaned_data
    batch = get_object_or_404(Batch, pk=asked["batch"])
    check_may_mend(request.user, batch)
    try:
        outcome = mending.mend_alike(
            by=cast("User", request.user),
            batch=batch,
            column=asked["column"],
            value=asked["value"],
            correct=asked["correct"],
        )
    except IntakeError as error:
        messages.error(request, str(error))
    else:
        _tell(request, outcome)
    return redirect(f"{reverse('incidents:quarantine')}?{asked['query']}")


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    if outcome.accepted:
        messages.success(
            request, _("Rows accepted: %(count)s.") % {"count": outcome.accepted}
        )
    if outcome.rejected:
        facts = {
            "count": len(outcome.rejected),
            "sentence": outcome.rejected[0].problems[0].text(),
        }
        waiting = _("Rows that go on waiting: %(count)s. %(sentence)s")
        messages.warning(request, waiting % facts)


@login_required
@require_safe
def quarantine_download(
    request: HttpRequest, number: int, file_format: str
) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=number)
    check_may_mend(request.user, batch)
    if file_format not in downloads.TYPES:
        raise Http404
    content = downloads.make(batch, batch.quarantine.open(), file_format)
    response = HttpResponse(content, content_type=downloads.TYPES[file_format])
    name = f"convive-{_('quarantine')}-{number}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
