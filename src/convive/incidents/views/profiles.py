"""The kept readings of the offices' files."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from convive.accounts import permissions
from convive.accounts.roles import Permission
from convive.incidents import actions
from convive.incidents.forms.batches import ProfileForm
from convive.incidents.models import MappingProfile
from convive.incidents.presenters import profiles as presenters

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from convive.accounts.models import User


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


@login_required
@require_safe
def profiles(request: HttpRequest) -> HttpResponse:
    if not permissions.may_somewhere(request.user, Permission.IMPORT_INCIDENTS):
        raise PermissionDenied(
            _("Your role does not allow this here. Ask the coordinator of your Unit.")
        )
    shown = {"lines": presenters.present_profiles(_user(request))}
    return render(request, "incidents/profiles.html", shown)


def _profile(request: HttpRequest, profile_id: int) -> MappingProfile:
    profile = get_object_or_404(MappingProfile, pk=profile_id)
    permissions.check(request.user, Permission.IMPORT_INCIDENTS, profile.place_path)
    return profile


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_rename(request: HttpRequest, profile_id: int) -> HttpResponse:
    profile = _profile(request, profile_id)
    was = profile.name
    form = ProfileForm(
        request.POST if request.method == "POST" else None, instance=profile
    )
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        profile.name = was
        actions.rename_profile(by=_user(request), profile=profile, name=name)
        messages.success(request, _("The profile was renamed."))
        return redirect("incidents:profiles")
    shown = {"form": form, "profile": profile, "was": was}
    return render(request, "incidents/profile_rename.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_delete(request: HttpRequest, profile_id: int) -> HttpResponse:
    profile = _profile(request, profile_id)
    if request.method == "POST":
        actions.delete_profile(by=_user(request), profile=profile)
        messages.success(request, _("The profile was deleted."))
        return redirect("incidents:profiles")
    return render(request, "incidents/profile_delete.html", {"profile": profile})
