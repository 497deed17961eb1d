"""The Coordination Unit: who sits at the table, and its agreements."""

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

from convive.accounts.permissions import check, may_somewhere
from convive.accounts.roles import Permission
from convive.core.form_page import FormPage, answer_form
from convive.partners.models import Agreement, Holder, Seat, Unit
from convive.partners.unit import actions
from convive.partners.unit.forms import (
    AgreementForm,
    EndHolderForm,
    HolderForm,
    RenewalForm,
    SeatForm,
    UnitForm,
)
from convive.partners.unit.presenters import present_unit, present_units
from convive.places.models import Place

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User


@login_required
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    if not may_somewhere(request.user, Permission.SEE_UNIT):
        raise PermissionDenied(_("Your role sees no Coordination Unit."))
    page = present_units(_by(request))
    return render(request, "partners/unit_list.html", {"page": page})


@login_required
@require_safe
def unit_detail(request: HttpRequest, path: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.select_related("place"), place__path=path)
    check(request.user, Permission.SEE_UNIT, path)
    page = {"unit": unit, "page": present_unit(unit, _by(request))}
    return render(request, "partners/unit_detail.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def unit_found(request: HttpRequest, path: str) -> HttpResponse:
    place = get_object_or_404(Place, path=path)
    check(request.user, Permission.RUN_UNIT, path)
    name = _("Coordination Unit of %(place)s") % {"place": place.name}
    form = UnitForm(request.POST or None, initial={"name": name})
    page = FormPage(_("Found the Unit"), reverse("partners:units"), _("Units"))

    def save() -> str:
        unit = actions.found_unit(by=_by(request), place=place, **form.cleaned_data)
        return _address(unit)

    return answer_form(request, form, page, save)


@login_required
@require_http_methods(["GET", "POST"])
def seat_add(request: HttpRequest, path: str) -> HttpResponse:
    unit = _run(request, path)
    form = SeatForm(unit, request.POST or None)

    def save() -> str:
        actions.add_seat(by=_by(request), unit=unit, **form.cleaned_data)
        return _address(unit)

    return answer_form(request, form, _page(_("Add a seat"), unit), save)


@login_required
@require_http_methods(["GET", "POST"])
def holder_add(request: HttpRequest, pk: int) -> HttpResponse:
    seat = get_object_or_404(Seat.objects.select_related("unit__place"), pk=pk)
    unit = _run(request, seat.unit.place.path)
    form = HolderForm(unit, request.POST or None)

    def save() -> str:
        actions.seat_holder(by=_by(request), seat=seat, **form.cleaned_data)
        return _address(unit)

    title = _("Who sits on “%(seat)s”") % {"seat": seat.title}
    return answer_form(request, form, _page(title, unit), save)


@login_required
@require_http_methods(["GET", "POST"])
def holder_end(request: HttpRequest, pk: int) -> HttpResponse:
    holders = Holder.objects.select_related("seat__unit__place")
    holder = get_object_or_404(holders, pk=pk, until=None)
    unit = _run(request, holder.seat.unit.place.path)
    form = EndHolderForm(request.POST or None)

    def save() -> str:
        actions.end_holder(by=_by(request), holder=holder, **form.cleaned_data)
        return _address(unit)

    title = _("%(name)s leaves the seat") % {"name": holder.name}
    return answer_form(request, form, _page(title, unit), save)


@login_required
@require_http_methods(["GET", "POST"])
def agreement_add(request: HttpRequest, path: str) -> HttpResponse:
    unit = _run(request, path)
    form = AgreementForm(unit, request.POST or None)

    def save() -> str:
        actions.sign_agreement(by=_by(request), unit=unit, **form.cleaned_data)
        return _address(unit)

    return answer_form(request, form, _page(_("Add an agreement"), unit), save)


@login_required
@require_http_methods(["GET", "POST"])
def agreement_renew(request: HttpRequest, pk: int) -> HttpResponse:
    term = _agreement(pk)
    unit = _run(request, term.unit.place.path)
    form = RenewalForm(request.POST or None)

    def save() -> str:
        actions.sign_agreement(
            by=_by(request),
            unit=unit,
            organisation=term.organisation,
            title=term.title,
            renews=term,
            **form.cleaned_data,
        )
        return _address(unit)

    title = _("Renew “%(title)s”") % {"title": term.title}
    return answer_form(request, form, _page(title, unit), save)


@login_required
@require_POST
def agreement_end(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = _agreement(pk)
    unit = _run(request, agreement.unit.place.path)
    actions.end_agreement(by=_by(request), agreement=agreement)
    messages.success(request, _("It is left to end and reminds no more."))
    return redirect(_address(unit))


def _agreement(pk: int) -> Agreement:
    found = Agreement.objects.select_related("unit__place", "organisation")
    return get_object_or_404(found, pk=pk)


def _run(request: HttpRequest, path: str) -> Unit:
    unit = get_object_or_404(Unit.objects.select_related("place"), place__path=path)
    check(request.user, Permission.RUN_UNIT, path)
    return unit


def _page(title: str, unit: Unit) -> FormPage:
    return FormPage(title, _address(unit), unit.name)


def _address(unit: Unit) -> str:
    return reverse("partners:unit", kwargs={"path": unit.place.path})


def _by(request: HttpRequest) -> User:
    return cast("User", request.user)
