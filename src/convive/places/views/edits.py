"""Changes to one place by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convive.accounts.permissions import check
from convive.accounts.roles import Permission
from convive.core.form_page import FormPage, answer_form
from convive.places import actions
from convive.places.forms import AddPlaceForm, PopulationForm, RenameForm, SpellingForm
from convive.places.models import Place, PlaceKind, PlaceName, Population
from convive.places.policies import PlaceRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User


def _editable(request: HttpRequest, path: str) -> Place:
    place = get_object_or_404(Place.objects.select_related("parent"), path=path)
    check(request.user, Permission.EDIT_PLACES, place.path)
    return place


def _by(request: HttpRequest) -> User:
    return cast("User", request.user)


def _to(place: Place) -> HttpResponse:
    return redirect("places:detail", path=place.path)


def _form_page(
    request: HttpRequest,
    place: Place,
    form: forms.Form,
    title: str,
    save: Callable[[], Place],
) -> HttpResponse:
    back = reverse("places:detail", kwargs={"path": place.path})
    page = FormPage(title, back, place.name)

    def save_and_tell() -> str:
        return reverse("places:detail", kwargs={"path": save().path})

    return answer_form(request, form, page, save_and_tell)


@login_required
@require_http_methods(["GET", "POST"])
def place_add(request: HttpRequest, path: str) -> HttpResponse:
    parent = _editable(request, path)
    form = AddPlaceForm(request.POST or None)

    def save() -> Place:
        data = form.cleaned_data
        return actions.add_place(
            by=_by(request),
            parent=parent,
            kind=PlaceKind(data["kind"]),
            name=data["name"],
            point=form.point,
            note=data["note"],
        )

    return _form_page(request, parent, form, _("Add a zone or public space"), save)


@login_required
@require_http_methods(["GET", "POST"])
def place_rename(request: HttpRequest, path: str) -> HttpResponse:
    place = _editable(request, path)
    now = {"name": place.name, "note": place.note}
    form = RenameForm(request.POST or None, initial=now)

    def save() -> Place:
        return actions.rename_place(by=_by(request), place=place, **form.cleaned_data)

    return _form_page(request, place, form, _("Change the name or the note"), save)


@login_required
@require_http_methods(["GET", "POST"])
def place_remove(request: HttpRequest, path: str) -> HttpResponse:
    place = _editable(request, path)
    if request.method == "POST":
        try:
            actions.remove_place(by=_by(request), place=place)
        except PlaceRefusedError as refusal:
            messages.error(request, str(refusal))
            return _to(place)
        messages.success(request, _("%(place)s was removed.") % {"place": place.name})
        return _to(place.parent) if place.parent else redirect("places:list")
    return render(request, "places/place_remove.html", {"place": place})


@login_required
@require_POST
def spelling_add(request: HttpRequest, path: str) -> HttpResponse:
    place = _editable(request, path)
    form = SpellingForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        actions.add_spelling(by=_by(request), place=place, name=name)
        said = _("“%(name)s” is now understood as %(place)s.")
        messages.success(request, said % {"name": name, "place": place.name})
    else:
        messages.error(request, _("Write the spelling, at most 200 letters."))
    return _to(place)


@login_required
@require_POST
def spelling_remove(request: HttpRequest, pk: int) -> HttpResponse:
    spelling = get_object_or_404(PlaceName.objects.select_related("place"), pk=pk)
    check(request.user, Permission.EDIT_PLACES, spelling.place.path)
    actions.remove_spelling(by=_by(request), spelling=spelling)
    messages.success(request, _("The spelling was removed."))
    return _to(spelling.place)


@login_required
@require_http_methods(["GET", "POST"])
def population_add(request: HttpRequest, path: str) -> HttpResponse:
    place = _editable(request, path)
    return _population(request, place, None)


@login_required
@require_http_methods(["GET", "POST"])
def population_edit(request: HttpRequest, pk: int) -> HttpResponse:
    figure = get_object_or_404(Population.objects.select_related("place"), pk=pk)
    check(request.user, Permission.EDIT_PLACES, figure.place.path)
    return _population(request, figure.place, figure)


def _population(
    request: HttpRequest, place: Place, figure: Population | None
) -> HttpResponse:
    names = ("year", "sex", "age_group", "persons", "source", "is_verified")
    now = {name: getattr(figure, name) for name in names} if figure else {}
    form = PopulationForm(request.POST or None, initial=now)
    if figure:
        # Another year is another figure, so the key of this one is only shown.
        for name in ("year", "sex", "age_group"):
            form.fields[name].disabled = True

    def save() -> Place:
        actions.save_population(by=_by(request), place=place, **form.cleaned_data)
        return place

    return _form_page(request, place, form, _("Population figure"), save)


@login_required
@require_POST
def population_remove(request: HttpRequest, pk: int) -> HttpResponse:
    figure = get_object_or_404(Population.objects.select_related("place"), pk=pk)
    check(request.user, Permission.EDIT_PLACES, figure.place.path)
    actions.remove_population(by=_by(request), figure=figure)
    messages.success(request, _("The figure was removed."))
    return _to(figure.place)
