"""Members of a place: who holds which role, and what may be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from convive.accounts import actions, directory, policies
from convive.accounts.entrance import actions as entrance
from convive.accounts.entrance.forms import LinkForm
from convive.accounts.members.forms import AddMemberForm, RoleForm
from convive.accounts.members.presenters import present_member, present_members
from convive.accounts.models import LINK_LIVES, Membership, User
from convive.accounts.permissions import check, places_where
from convive.accounts.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    viewer = cast("User", request.user)
    where = _where(request)
    check(viewer, Permission.MANAGE_MEMBERS, where)
    held = places_where(viewer, Permission.MANAGE_MEMBERS)
    page = {
        "where": where,
        "place_name": directory.names([where])[where],
        "place_choices": directory.choices(held),
        "members": present_members(viewer, where),
    }
    return render(request, "accounts/member_list.html", page)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: HttpRequest) -> HttpResponse:
    giver = cast("User", request.user)
    where = _where(request)
    check(giver, Permission.MANAGE_MEMBERS, where)
    start = {"place_path": where}
    form = AddMemberForm(giver, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        return _added(request, giver, form)
    page = {"form": form, "where": where}
    return render(request, "accounts/member_add.html", page)


@login_required
@require_safe
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    viewer, person = _pair(request, pk)
    page = {
        "page": present_member(viewer, person),
        "role_form": RoleForm(viewer),
        "link_form": LinkForm(),
    }
    return render(request, "accounts/member_detail.html", page)


@login_required
@require_POST
def role_give(request: HttpRequest, pk: int) -> HttpResponse:
    giver, person = _pair(request, pk)
    form = RoleForm(giver, request.POST)
    if form.is_valid():
        actions.give_role(by=giver, user=person, **form.cleaned_data)
        messages.success(request, _("The role was given."))
    else:
        for sentences in form.errors.values():
            messages.error(request, " ".join(str(one) for one in sentences))
    return redirect("accounts:member", pk=pk)


@login_required
@require_POST
def role_take(request: HttpRequest, pk: int) -> HttpResponse:
    taker, person = _pair(request, pk)
    number = request.POST.get("membership", "")
    held = Membership.objects.filter(user=person)
    wanted = int(number) if number.isdecimal() else None
    membership = get_object_or_404(held, pk=wanted)
    actions.take_role(by=taker, membership=membership)
    messages.success(request, _("The role was taken."))
    if policies.may_see_member(taker, person):
        return redirect("accounts:member", pk=pk)
    return redirect("accounts:members")


@login_required
@never_cache
@require_POST
def link_issue(request: HttpRequest, pk: int) -> HttpResponse:
    issuer, person = _pair(request, pk)
    form = LinkForm(request.POST)
    form.is_valid()
    token = entrance.issue_link(by=issuer, user=person, **form.cleaned_data)
    return _show_link(request, person, token)


@login_required
@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    by, person = _pair(request, pk)
    entrance.unlock(by=by, user=person)
    messages.success(request, _("Unlocked: the person can try again now."))
    return redirect("accounts:member", pk=pk)


@login_required
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    by, person = _pair(request, pk)
    actions.deactivate_member(by=by, user=person)
    messages.success(request, _("Deactivated: the person can no longer sign in."))
    return redirect("accounts:member", pk=pk)


@login_required
@require_POST
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    by, person = _pair(request, pk)
    actions.activate_member(by=by, user=person)
    messages.success(request, _("Activated: the person can sign in again."))
    return redirect("accounts:member", pk=pk)


def _where(request: HttpRequest) -> str:
    """The place asked for, or the first that the person manages."""
    asked = request.GET.get("where")
    if asked is not None:
        return asked.strip("/")
    held = places_where(request.user, Permission.MANAGE_MEMBERS)
    return min(held, default="")


def _pair(request: HttpRequest, pk: int) -> tuple[User, User]:
    """The person who asks and the one it is about, who must be in sight."""
    viewer = cast("User", request.user)
    person = get_object_or_404(User, pk=pk)
    policies.check_see_member(viewer, person)
    return viewer, person


def _added(request: HttpRequest, giver: User, form: AddMemberForm) -> HttpResponse:
    given = form.cleaned_data
    if given["person"]:
        role = {"role": given["role"], "place_path": given["place_path"]}
        actions.give_role(by=giver, user=given["person"], **role)
        messages.success(request, _("The role was given."))
        return redirect("accounts:member", pk=given["person"].pk)
    person = actions.create_member(
        by=giver,
        username=given["username"],
        display_name=given["display_name"],
        password=None,
        roles=[(given["role"], given["place_path"])],
    )
    token = entrance.issue_link(by=giver, user=person)
    return _show_link(request, person, token)


def _show_link(request: HttpRequest, person: User, token: str) -> HttpResponse:
    """Shown in the answer itself: a redirect would have to keep the token."""
    address = reverse("accounts:link_open", kwargs={"token": token})
    page = {
        "person": person,
        "link": request.build_absolute_uri(address),
        "hours": int(LINK_LIVES.total_seconds() // 3600),
    }
    return render(request, "accounts/link_issued.html", page)
