"""The diagnosis: a matrix that a workshop fills, and what each entry rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from convive.accounts.permissions import check, may, may_somewhere
from convive.accounts.roles import Permission
from convive.core.form_page import FormPage, answer_form
from convive.partners.models import Unit
from convive.programme import policies
from convive.programme.diagnosis import actions
from convive.programme.diagnosis.forms import (
    EntryForm,
    EvidenceForm,
    LinkForm,
    VersionForm,
)
from convive.programme.diagnosis.presenters import present_matrix, present_units
from convive.programme.models import Diagnosis, Entry
from convive.programme.policies import ProgrammeRefusedError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User
    from convive.programme.diagnosis.actions import EntryFacts


@login_required
@require_safe
def diagnosis_list(request: HttpRequest) -> HttpResponse:
    if not may_somewhere(request.user, Permission.SEE_UNIT):
        raise PermissionDenied(_("Your role sees no diagnosis."))
    page = {"units": present_units(_by(request))}
    return render(request, "programme/diagnosis_list.html", page)


@login_required
@require_POST
def diagnosis_begin(request: HttpRequest, path: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.select_related("place"), place__path=path)
    check(request.user, Permission.RUN_UNIT, path)
    try:
        diagnosis = actions.begin_diagnosis(by=_by(request), unit=unit)
    except ProgrammeRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("programme:diagnoses")
    return redirect(_address(diagnosis))


@login_required
@require_safe
def diagnosis_detail(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _found(pk)
    check(request.user, Permission.SEE_UNIT, diagnosis.unit.place.path)
    page = {
        "diagnosis": diagnosis,
        "page": present_matrix(diagnosis, _by(request)),
        "is_workshop": "taller" in request.GET,
    }
    return render(request, "programme/diagnosis_detail.html", page)


@login_required
@require_POST
def diagnosis_agree(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _run(request, pk)
    try:
        actions.agree_diagnosis(by=_by(request), diagnosis=diagnosis)
    except ProgrammeRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(diagnosis))


@login_required
@require_http_methods(["GET", "POST"])
def version_begin(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _run(request, pk)
    form = VersionForm(request.POST or None)

    def save() -> str:
        later = actions.begin_version(
            by=_by(request), diagnosis=diagnosis, **form.cleaned_data
        )
        return _address(later)

    return answer_form(request, form, _page(_("Begin a new version"), diagnosis), save)


@login_required
@require_http_methods(["GET", "POST"])
def entry_add(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _run(request, pk)
    form = EntryForm(diagnosis, request.POST or None)

    def save() -> str:
        facts = cast("EntryFacts", form.cleaned_data)
        entry = actions.add_entry(by=_by(request), diagnosis=diagnosis, facts=facts)
        return _entry_address(entry)

    return answer_form(request, form, _page(_("Add to the matrix"), diagnosis), save)


@login_required
@require_safe
def entry_detail(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry(pk)
    path = entry.diagnosis.unit.place.path
    check(request.user, Permission.SEE_UNIT, path)
    page = {
        "entry": entry,
        "acts_on": entry.acts_on.select_related("target"),
        "acted_on_by": entry.acted_on_by.select_related("source"),
        "may_write": may(request.user, Permission.RUN_UNIT, path)
        and policies.may_write(entry.diagnosis),
    }
    return render(request, "programme/entry_detail.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def entry_change(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _run_entry(request, pk)
    names = ("kind", "dimension", "text", "place", "group", "severity", "dissent")
    now = {name: getattr(entry, name) for name in names}
    form = EntryForm(entry.diagnosis, request.POST or None, initial=now)

    def save() -> str:
        facts = cast("EntryFacts", form.cleaned_data)
        actions.change_entry(by=_by(request), entry=entry, facts=facts)
        return _entry_address(entry)

    page = FormPage(_("Change the entry"), _entry_address(entry), entry.text)
    return answer_form(request, form, page, save)


@login_required
@require_POST
def entry_remove(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _run_entry(request, pk)
    diagnosis = entry.diagnosis
    try:
        actions.remove_entry(by=_by(request), entry=entry)
    except ProgrammeRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(diagnosis))


@login_required
@require_http_methods(["GET", "POST"])
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _run_entry(request, pk)
    form = EvidenceForm(request.POST or None)

    def save() -> str:
        actions.add_evidence(by=_by(request), entry=entry, **form.cleaned_data)
        return _entry_address(entry)

    page = FormPage(_("Add evidence"), _entry_address(entry), entry.text)
    return answer_form(request, form, page, save)


@login_required
@require_http_methods(["GET", "POST"])
def entry_link(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _run_entry(request, pk)
    form = LinkForm(entry, request.POST or None)

    def save() -> str:
        target = form.cleaned_data["target"]
        actions.link_entries(by=_by(request), source=entry, target=target)
        return _entry_address(entry)

    page = FormPage(_("What it acts on"), _entry_address(entry), entry.text)
    return answer_form(request, form, page, save)


def _found(pk: int) -> Diagnosis:
    return get_object_or_404(Diagnosis.objects.select_related("unit__place"), pk=pk)


def _run(request: HttpRequest, pk: int) -> Diagnosis:
    diagnosis = _found(pk)
    check(request.user, Permission.RUN_UNIT, diagnosis.unit.place.path)
    return diagnosis


def _entry(pk: int) -> Entry:
    entries = Entry.objects.select_related("diagnosis__unit__place", "place")
    return get_object_or_404(entries, pk=pk)


def _run_entry(request: HttpRequest, pk: int) -> Entry:
    entry = _entry(pk)
    check(request.user, Permission.RUN_UNIT, entry.diagnosis.unit.place.path)
    return entry


def _page(title: str, diagnosis: Diagnosis) -> FormPage:
    return FormPage(title, _address(diagnosis), _("The matrix"))


def _address(diagnosis: Diagnosis) -> str:
    return reverse("programme:diagnosis", kwargs={"pk": diagnosis.pk})


def _entry_address(entry: Entry) -> str:
    return reverse("programme:entry", kwargs={"pk": entry.pk})


def _by(request: HttpRequest) -> User:
    return cast("User", request.user)
