"""Organisations and their contacts."""

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
from convive.partners.models import Contact, Organisation
from convive.partners.organisations import actions
from convive.partners.organisations.forms import ContactForm, OrganisationForm
from convive.partners.organisations.presenters import present_organisations
from convive.partners.permissions import check_organisation
from convive.partners.policies import PartnersRefusedError
from convive.places.models import Place

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User


@login_required
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    if not may_somewhere(request.user, Permission.SEE_UNIT):
        raise PermissionDenied(_("Your role sees no organisations."))
    page = present_organisations(cast("User", request.user))
    return render(request, "partners/organisation_list.html", {"page": page})


@login_required
@require_safe
def organisation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _found(pk)
    check_organisation(request.user, organisation)
    page = {
        "organisation": organisation,
        "contacts": organisation.contacts.all(),
        "seats": organisation.seats.select_related("unit__place"),
        "agreements": organisation.agreements.current(),
        "may_edit": may(request.user, Permission.RUN_UNIT, organisation.place.path),
    }
    return render(request, "partners/organisation_detail.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def organisation_add(request: HttpRequest, path: str) -> HttpResponse:
    place = get_object_or_404(Place, path=path)
    check(request.user, Permission.RUN_UNIT, place.path)
    form = OrganisationForm(request.POST or None)
    page = FormPage(
        _("Add an organisation"), reverse("partners:organisations"), _("Organisations")
    )

    def save() -> str:
        made = actions.add_organisation(
            by=_by(request), place=place, **form.cleaned_data
        )
        return _address(made)

    return answer_form(request, form, page, save)


@login_required
@require_http_methods(["GET", "POST"])
def organisation_change(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _editable(request, pk)
    names = ("name", "acronym", "kind", "mandate")
    now = {name: getattr(organisation, name) for name in names}
    form = OrganisationForm(request.POST or None, initial=now)
    page = FormPage(
        _("Change the organisation"), _address(organisation), organisation.name
    )

    def save() -> str:
        actions.change_organisation(
            by=_by(request), organisation=organisation, **form.cleaned_data
        )
        return _address(organisation)

    return answer_form(request, form, page, save)


@login_required
@require_POST
def organisation_remove(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _editable(request, pk)
    name = organisation.name
    try:
        actions.remove_organisation(by=_by(request), organisation=organisation)
    except PartnersRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("partners:organisation", pk=pk)
    messages.success(request, _("%(name)s was removed.") % {"name": name})
    return redirect("partners:organisations")


@login_required
@require_http_methods(["GET", "POST"])
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _editable(request, pk)
    form = ContactForm(request.POST or None)
    page = FormPage(_("Add a contact"), _address(organisation), organisation.name)

    def save() -> str:
        actions.add_contact(
            by=_by(request), organisation=organisation, **form.cleaned_data
        )
        return _address(organisation)

    return answer_form(request, form, page, save)


@login_required
@require_POST
def contact_remove(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(
        Contact.objects.select_related("organisation__place"), pk=pk
    )
    organisation = contact.organisation
    check(request.user, Permission.RUN_UNIT, organisation.place.path)
    actions.remove_contact(by=_by(request), contact=contact)
    messages.success(request, _("The contact was removed."))
    return redirect(_address(organisation))


def _found(pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("place"), pk=pk)


def _editable(request: HttpRequest, pk: int) -> Organisation:
    organisation = _found(pk)
    check(request.user, Permission.RUN_UNIT, organisation.place.path)
    return organisation


def _address(organisation: Organisation) -> str:
    return reverse("partners:organisation", kwargs={"pk": organisation.pk})


def _by(request: HttpRequest) -> User:
    return cast("User", request.user)
