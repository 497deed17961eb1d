"""Meetings: called, held, written down and approved; and what was promised there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from convive.accounts.permissions import check, may_somewhere
from convive.accounts.roles import Permission
from convive.core.form_page import FormPage, answer_form
from convive.partners.meetings import actions
from convive.partners.meetings.forms import (
    AttendanceForm,
    CommitmentForm,
    DecisionForm,
    ItemForm,
    MeetingForm,
    MinutesForm,
    ReportForm,
    ReviewForm,
)
from convive.partners.meetings.minutes import minutes_pdf
from convive.partners.meetings.presenters import present_commitments, present_meeting
from convive.partners.models import AgendaItem, Commitment, Meeting, Unit
from convive.partners.policies import PartnersRefusedError
from convive.partners.workflow import MeetingStatus, Outcome

if TYPE_CHECKING:
    from django.http import HttpRequest

    from convive.accounts.models import User


@login_required
@require_safe
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _found(pk)
    check(request.user, Permission.SEE_UNIT, meeting.unit.place.path)
    page = {"meeting": meeting, "page": present_meeting(meeting, _by(request))}
    return render(request, "partners/meeting_detail.html", page)


@login_required
@require_safe
def meeting_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _found(pk)
    check(request.user, Permission.SEE_UNIT, meeting.unit.place.path)
    answer = HttpResponse(minutes_pdf(meeting), content_type="application/pdf")
    name = f"acta-{meeting.unit.place.path.rpartition('/')[2]}-{meeting.day}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def meeting_call(request: HttpRequest, path: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.select_related("place"), place__path=path)
    check(request.user, Permission.RUN_UNIT, path)
    form = MeetingForm(request.POST or None)
    back = reverse("partners:unit", kwargs={"path": path})

    def save() -> str:
        meeting = actions.call_meeting(by=_by(request), unit=unit, **form.cleaned_data)
        return _address(meeting)

    page = FormPage(_("Call a meeting"), back, unit.name)
    return answer_form(request, form, page, save)


@login_required
@require_POST
def meeting_move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    meeting = _run(request, pk)
    if to not in MeetingStatus:
        raise Http404
    try:
        actions.move_meeting(by=_by(request), meeting=meeting, to=MeetingStatus(to))
    except PartnersRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(meeting))


@login_required
@require_http_methods(["GET", "POST"])
def item_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _run(request, pk)
    form = ItemForm(request.POST or None)

    def save() -> str:
        actions.add_item(by=_by(request), meeting=meeting, **form.cleaned_data)
        return _address(meeting)

    return answer_form(request, form, _page(_("Add a matter"), meeting), save)


@login_required
@require_http_methods(["GET", "POST"])
def item_write(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(AgendaItem, pk=pk)
    meeting = _run(request, item.meeting_id)
    now = {"title": item.title, "minutes": item.minutes}
    form = MinutesForm(request.POST or None, initial=now)

    def save() -> str:
        actions.write_minutes(by=_by(request), item=item, **form.cleaned_data)
        return _address(meeting)

    return answer_form(request, form, _page(str(item), meeting), save)


@login_required
@require_http_methods(["GET", "POST"])
def attendance_record(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _run(request, pk)
    form = AttendanceForm(meeting, request.POST or None)

    def save() -> str:
        actions.record_attendance(by=_by(request), meeting=meeting, came=form.came)
        return _address(meeting)

    return answer_form(request, form, _page(_("Who came"), meeting), save)


@login_required
@require_http_methods(["GET", "POST"])
def decision_record(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _run(request, pk)
    form = DecisionForm(request.POST or None)

    def save() -> str:
        actions.record_decision(by=_by(request), meeting=meeting, **form.cleaned_data)
        return _address(meeting)

    return answer_form(request, form, _page(_("Write a decision"), meeting), save)


@login_required
@require_http_methods(["GET", "POST"])
def commitment_record(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _run(request, pk)
    form = CommitmentForm(meeting.unit, request.POST or None)

    def save() -> str:
        actions.record_commitment(by=_by(request), meeting=meeting, **form.cleaned_data)
        return _address(meeting)

    return answer_form(request, form, _page(_("Write a commitment"), meeting), save)


@login_required
@require_http_methods(["GET", "POST"])
def commitment_review(request: HttpRequest, pk: int, commitment: int) -> HttpResponse:
    meeting = _run(request, pk)
    found = get_object_or_404(
        Commitment, pk=commitment, meeting__unit_id=meeting.unit_id
    )
    form = ReviewForm(request.POST or None)

    def save() -> str:
        data = form.cleaned_data
        actions.review_commitment(
            by=_by(request),
            commitment=found,
            meeting=meeting,
            outcome=Outcome(data["outcome"]),
            note=data["note"],
            due_on=data["due_on"],
        )
        return _address(meeting)

    title = _("Review: %(text)s") % {"text": found.text}
    return answer_form(request, form, _page(title, meeting), save)


@login_required
@require_safe
def commitment_list(request: HttpRequest) -> HttpResponse:
    if not may_somewhere(request.user, Permission.SEE_UNIT):
        raise PermissionDenied(_("Your role sees no Coordination Unit."))
    page = {"page": present_commitments(_by(request))}
    return render(request, "partners/commitment_list.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def commitment_report(request: HttpRequest, pk: int) -> HttpResponse:
    """For who sits on the seat, whatever the role: the action asks."""
    commitments = Commitment.objects.select_related("seat", "meeting__unit__place")
    commitment = get_object_or_404(commitments, pk=pk)
    check(request.user, Permission.SEE_UNIT, commitment.meeting.unit.place.path)
    form = ReportForm(request.POST or None)
    back = reverse("partners:commitments")

    def save() -> str:
        actions.report_done(by=_by(request), commitment=commitment, **form.cleaned_data)
        return back

    page = FormPage(
        _("Done: %(text)s") % {"text": commitment.text}, back, _("Commitments")
    )
    return answer_form(request, form, page, save)


def _found(pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("unit__place"), pk=pk)


def _run(request: HttpRequest, pk: int) -> Meeting:
    meeting = _found(pk)
    check(request.user, Permission.RUN_UNIT, meeting.unit.place.path)
    return meeting


def _page(title: str, meeting: Meeting) -> FormPage:
    return FormPage(title, _address(meeting), str(meeting))


def _address(meeting: Meeting) -> str:
    return reverse("partners:meeting", kwargs={"pk": meeting.pk})


def _by(request: HttpRequest) -> User:
    return cast("User", request.user)
