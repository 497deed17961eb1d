"""May this person do this, in this place? The one door for every room.

Views call `check(user, permission, place_path)`; templates and presenters call
`may(...)`. Both deny by default, and a permission held in a place is held in
everything inside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from rules.permissions import add_perm
from rules.predicates import predicate

from convive.accounts.models import Membership, User
from convive.accounts.roles import PERMISSIONS, Permission, Role
from convive.core.models import AuditEntry, deeds_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from convive.core.models import AuditQuerySet


def places_where(user: User | AnonymousUser, permission: Permission) -> list[str]:
    """Slug paths in which the person holds the permission; '' stands for all."""
    if not user.is_authenticated or not user.is_active:
        return []
    held = Membership.objects.filter(user_id=user.pk).granting(permission)
    return list(held.values_list("place_path", flat=True).distinct())


def is_within(path: str, ancestor: str) -> bool:
    return not ancestor or path == ancestor or path.startswith(f"{ancestor}/")


def may(user: User | AnonymousUser, permission: Permission, place_path: str) -> bool:
    held = places_where(user, permission)
    return any(is_within(place_path, ancestor) for ancestor in held)


def may_somewhere(user: User | AnonymousUser, permission: Permission) -> bool:
    return bool(places_where(user, permission))


def permissions_somewhere(user: User | AnonymousUser) -> frozenset[Permission]:
    """All that the person may do in some place, in one query."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    roles = Membership.objects.filter(user_id=user.pk).values_list("role", flat=True)
    return frozenset[Permission]().union(*(PERMISSIONS[Role(role)] for role in roles))


def check(user: User | AnonymousUser, permission: Permission, place_path: str) -> None:
    if not may(user, permission, place_path):
        raise PermissionDenied(
            _("Your role does not allow this here. Ask the coordinator of your Unit.")
        )


def _held(permission: Permission) -> Callable[[User, str | None], bool]:
    return lambda user, place_path: may(user, permission, place_path or "")


# The same table for whoever asks Django: user.has_perm("accounts.see_figures", path).
for _permission in Permission:
    add_perm(
        f"accounts.{_permission}",
        predicate(_held(_permission), name=str(_permission)),
    )


def may_see_figures(user: User | AnonymousUser, place_path: str) -> bool:
    """Figures of a country are for whoever sees those of any place in it."""
    country = place_path.split("/")[0]
    held = places_where(user, Permission.SEE_FIGURES)
    return any(not path or path.split("/")[0] == country for path in held)


def check_figures(user: User | AnonymousUser, place_path: str) -> None:
    if not may_see_figures(user, place_path):
        raise PermissionDenied(
            _("Your role does not allow this here. Ask the coordinator of your Unit.")
        )


def may_see_exact(user: User | AnonymousUser, place_path: str) -> bool:
    """Small counts are shown only to those who work with the place's records."""
    return may(user, Permission.SEE_EXACT_FIGURES, place_path)


def audit_visible_to(user: User | AnonymousUser) -> AuditQuerySet:
    """Deeds in the places whose trail the person may read.

    A deed without a place (a sign-in, a password) belongs to the people it is about:
    whoever reads the trail of a place in which such a person holds a role reads it.
    """
    held = places_where(user, Permission.SEE_AUDIT)
    if "" in held:
        return AuditEntry.objects.all()
    if not held:
        return AuditEntry.objects.none()
    in_place, among = Q(), Q()
    for path in held:
        in_place |= deeds_within(path)
        among |= Q(place_path=path) | Q(place_path__startswith=f"{path}/")
    people = Membership.objects.filter(among).values("user_id")
    people_as_text = people.annotate(text=Cast("user_id", CharField())).values("text")
    about = Q(object_type=User._meta.label, object_id__in=people_as_text)
    by = ~Q(object_type=User._meta.label) & Q(actor_id__in=people)
    return AuditEntry.objects.filter(in_place | (Q(place_path="") & (about | by)))
