"""Whether one person may act on another's account and roles.

Whoever can hand out someone's one-time link can become that someone. So a
coordinator acts only on people whose every role lies inside her places and holds
nothing that she does not hold there; an administrator acts on everyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from convive.accounts.models import Membership
from convive.accounts.permissions import is_within, places_where
from convive.accounts.roles import PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User

# Given and taken only by an administrator: they reach beyond a Unit.
ABOVE_A_UNIT = frozenset({Role.MINISTRY, Role.ADMINISTRATOR})


class PolicyError(PermissionDenied):
    """Refused, with a sentence that says why."""


def is_administrator(user: User | AnonymousUser) -> bool:
    return _holds(user, Role.ADMINISTRATOR)


def may_give_role(giver: User, role: Role, place_path: str) -> bool:
    """Nobody gives what reaches beyond their own."""
    if is_administrator(giver):
        return role != Role.ADMINISTRATOR or not place_path
    if role in ABOVE_A_UNIT:
        return False
    return _holds_all(
        giver, PERMISSIONS[role] | {Permission.MANAGE_MEMBERS}, place_path
    )


def check_give_role(giver: User, role: Role, place_path: str) -> None:
    if not may_give_role(giver, role, place_path):
        raise PolicyError(
            _("You may not give the role %(role)s there. Ask an administrator.")
            % {"role": role.label}
        )


def may_take_role(taker: User, membership: Membership) -> bool:
    if _is_last_administrator(membership.user) and _is_administration(membership):
        return False
    if is_administrator(taker):
        return True
    return may_give_role(taker, Role(membership.role), membership.place_path)


def check_take_role(taker: User, membership: Membership) -> None:
    if may_take_role(taker, membership):
        return
    if _is_administration(membership) and is_administrator(taker):
        raise PolicyError(_("This is the last administrator. Name another one first."))
    raise PolicyError(
        _("You may not take the role %(role)s there. Ask an administrator.")
        % {"role": Role(membership.role).label}
    )


def may_see_member(viewer: User, person: User) -> bool:
    """The page of a person who holds a role in a place whose members one manages."""
    paths = Membership.objects.filter(user=person).values_list("place_path", flat=True)
    return are_in_sight(places_where(viewer, Permission.MANAGE_MEMBERS), list(paths))


def are_in_sight(managed: list[str], held: list[str]) -> bool:
    """Roles in these places are seen by whoever manages those; '' is everywhere."""
    return "" in managed or any(
        is_within(path, place) for path in held for place in managed
    )


def check_see_member(viewer: User, person: User) -> None:
    if not may_see_member(viewer, person):
        raise PolicyError(_("This person holds no role in the places you manage."))


def may_manage_account(manager: User, person: User) -> bool:
    """One-time link, unlocking, activation: whatever could end in taking it over."""
    if is_administrator(manager):
        return True
    held = list(Membership.objects.filter(user=person))
    if person.is_superuser or not held:
        return False
    return all(may_give_role(manager, Role(m.role), m.place_path) for m in held)


def check_manage_account(manager: User, person: User) -> None:
    if not may_manage_account(manager, person):
        raise PolicyError(
            _(
                "%(name)s holds roles beyond your places or above yours. "
                "Ask an administrator."
            )
            % {"name": person}
        )


def may_issue_link(issuer: User, person: User) -> bool:
    """Not to oneself: a browser left open must not become a new password."""
    return issuer.pk != person.pk and may_manage_account(issuer, person)


def check_issue_link(issuer: User, person: User) -> None:
    if issuer.pk == person.pk:
        raise PolicyError(_("Change your own password on the page My account."))
    check_manage_account(issuer, person)


def may_deactivate(manager: User, person: User) -> bool:
    if manager.pk == person.pk or _is_last_administrator(person):
        return False
    return may_manage_account(manager, person)


def check_deactivate(manager: User, person: User) -> None:
    check_manage_account(manager, person)
    if manager.pk == person.pk:
        raise PolicyError(_("You cannot deactivate yourself. Ask someone else."))
    if not may_deactivate(manager, person):
        raise PolicyError(_("This is the last administrator. Name another one first."))


def _holds(user: User | AnonymousUser, role: Role) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    return Membership.objects.filter(user_id=user.pk, role=role).exists()


def _holds_all(user: User, permissions: frozenset[Permission], place_path: str) -> bool:
    return all(
        any(is_within(place_path, held) for held in places_where(user, permission))
        for permission in permissions
    )


def _is_administration(membership: Membership) -> bool:
    return membership.role == Role.ADMINISTRATOR


def _is_last_administrator(person: User) -> bool:
    administrators = Membership.objects.filter(
        role=Role.ADMINISTRATOR, user__is_active=True
    )
    mine = administrators.filter(user=person)
    return mine.exists() and not administrators.exclude(user=person).exists()
