"""What the pages about members show."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q

from convive.accounts import directory, policies
from convive.accounts.entrance import throttle
from convive.accounts.models import Membership, OneTimeLink, User
from convive.accounts.permissions import places_where
from convive.accounts.roles import Permission, Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet


@dataclass(frozen=True)
class HeldRole:
    membership_id: int
    role: str
    place: str
    may_be_taken: bool


@dataclass(frozen=True)
class Member:
    pk: int
    name: str
    username: str
    roles: list[HeldRole]
    is_active: bool
    is_locked: bool
    # Added, and has not opened the one-time link yet.
    is_invited: bool
    has_second_factor: bool
    last_sign_in: datetime | None
    may_be_opened: bool


@dataclass(frozen=True)
class MemberPage:
    member: Member
    may_be_managed: bool
    may_be_deactivated: bool
    may_get_a_link: bool
    link_until: datetime | None


def present_members(viewer: User, where: str) -> list[Member]:
    """Who holds a role in the place, inside it, or over it."""
    held = Membership.objects.all()
    roles = held.within(where) | held.reaching(where)
    people = User.objects.filter(Q(memberships__in=roles)).distinct()
    if not where:
        people = User.objects.all()
    found = list(_with_factor(people).order_by("display_name"))
    return _members(viewer, found, may_be_taken=_never)


def present_member(viewer: User, person: User) -> MemberPage:
    found = _with_factor(User.objects.filter(pk=person.pk))
    may_be_taken = functools.partial(policies.may_take_role, viewer)
    [member] = _members(viewer, list(found), may_be_taken=may_be_taken)
    link = OneTimeLink.objects.open().filter(user=person).first()
    return MemberPage(
        member=member,
        may_be_managed=policies.may_manage_account(viewer, person),
        may_be_deactivated=policies.may_deactivate(viewer, person),
        may_get_a_link=member.is_active and policies.may_issue_link(viewer, person),
        link_until=link.expires_at if link else None,
    )


def _with_factor(people: QuerySet[User]) -> QuerySet[User]:
    factor = Authenticator.objects.filter(user=OuterRef("pk"))
    return people.annotate(has_factor=Exists(factor)).prefetch_related("memberships")


def _members(
    viewer: User, people: list[User], *, may_be_taken: Callable[[Membership], bool]
) -> list[Member]:
    paths = {m.place_path for one in people for m in one.memberships.all()}
    names = directory.names(paths)
    locked = throttle.waiting(people)
    managed = places_where(viewer, Permission.MANAGE_MEMBERS)
    members = []
    for one in people:
        held = sorted(one.memberships.all(), key=lambda m: (m.place_path, m.role))
        paths_held = [m.place_path for m in held]
        members.append(
            Member(
                pk=one.pk,
                name=str(one),
                username=one.username,
                roles=[
                    HeldRole(
                        membership_id=m.pk,
                        role=str(Role(m.role).label),
                        place=names[m.place_path],
                        may_be_taken=may_be_taken(m),
                    )
                    for m in held
                ],
                is_active=one.is_active,
                is_locked=one.pk in locked,
                is_invited=not one.has_usable_password(),
                has_second_factor=one.has_factor,  # type: ignore[attr-defined]
                last_sign_in=one.last_login,
                may_be_opened=policies.are_in_sight(managed, paths_held),
            )
        )
    return members


def _never(membership: Membership) -> bool:
    """The list shows roles and moves nothing."""
    return False
