"""Writes about people and the roles they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from convive.accounts import policies
from convive.accounts.models import Membership, User
from convive.accounts.roles import Role
from convive.core import audit

if TYPE_CHECKING:
    from convive.core.actors import Actor

# Message ids of the roles, for sentences that are translated when they are read.
ROLE_WORDS = {
    Role.COORDINATOR: "Coordinator",
    Role.ANALYST: "Analyst",
    Role.CASE_WORKER: "Case worker",
    Role.AGENCY_OFFICER: "Agency officer",
    Role.COMMUNITY_LEADER: "Community leader",
    Role.MINISTRY: "Ministry",
    Role.ADMINISTRATOR: "Administrator",
}


@audit.action
def create_member(
    *,
    by: Actor,
    username: str,
    display_name: str,
    password: str | None,
    roles: list[tuple[Role, str]],
) -> User:
    """Add a person with roles; without a password they wait for a one-time link."""
    for role, place_path in roles:
        _check_gives(by, role, place_path)
    user = User(username=username, display_name=display_name)
    user.set_password(password)  # None makes it unusable
    user.save()
    for role, place_path in roles:
        Membership.objects.create(user=user, role=role, place_path=place_path)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s added %(name)s as a user"),
        about=user,
        place_path=roles[0][1] if roles else "",
        changes={"roles": [[], [f"{role} {path}".strip() for role, path in roles]]},
        name=username,
    )
    return user


@audit.action
def give_role(*, by: Actor, user: User, role: Role, place_path: str) -> Membership:
    _check_gives(by, role, place_path)
    membership, is_new = Membership.objects.get_or_create(
        user=user, role=role, place_path=place_path
    )
    if not is_new:
        audit.unchanged()
        return membership
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s gave %(name)s the role %(role_word)s"),
        about=user,
        place_path=place_path,
        changes={"roles": ["", f"{role} {place_path}".strip()]},
        name=user.username,
        role_word=ROLE_WORDS[role],
    )
    return membership


@audit.action
def take_role(*, by: Actor, membership: Membership) -> None:
    if isinstance(by, User):
        policies.check_take_role(by, membership)
    held = f"{membership.role} {membership.place_path}".strip()
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s took the role %(role_word)s from %(name)s"),
        about=membership.user,
        place_path=membership.place_path,
        changes={"roles": [held, ""]},
        name=membership.user.username,
        role_word=ROLE_WORDS[Role(membership.role)],
    )
    membership.delete()


@audit.action
def deactivate_member(*, by: Actor, user: User) -> None:
    """End the person's sessions and let them in no more; what they did stays."""
    if isinstance(by, User):
        policies.check_deactivate(by, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s deactivated %(name)s"),
        about=user,
        changes={"is_active": [user.is_active, False]},
        name=user.username,
    )


@audit.action
def activate_member(*, by: Actor, user: User) -> None:
    if isinstance(by, User):
        policies.check_manage_account(by, user)
    User.objects.filter(pk=user.pk).update(is_active=True)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s activated %(name)s again"),
        about=user,
        changes={"is_active": [user.is_active, True]},
        name=user.username,
    )


@audit.action
def make_administrator(*, by: Actor, username: str, display_name: str) -> User:
    """Find or add the person, active and administrator: the shell's way in."""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        user = User(username=username, display_name=display_name)
        user.set_unusable_password()
    user.is_active = True
    user.save()
    Membership.objects.get_or_create(user=user, role=Role.ADMINISTRATOR, place_path="")
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s made %(name)s an administrator"),
        about=user,
        name=user.username,
    )
    return user


@audit.action
def save_my_account(*, by: User, display_name: str, language: str) -> None:
    before = {"display_name": by.display_name, "language": by.language}
    after = {"display_name": display_name, "language": language}
    changes: dict[str, list[object]] = {
        field: [before[field], after[field]]
        for field in before
        if before[field] != after[field]
    }
    if not changes:
        audit.unchanged()
        return
    by.display_name, by.language = display_name, language
    by.save(update_fields=["display_name", "language"])
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s changed their account"),
        about=by,
        changes=changes,
    )


@audit.action
def record_audit_download(*, by: User, rows: int, filters: str) -> None:
    """The trail left the house: say how much of it, and which part."""
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s downloaded %(rows)s entries of the audit trail"),
        about=by,
        changes={"filters": ["", filters]} if filters else {},
        rows=rows,
    )


def _check_gives(by: Actor, role: Role, place_path: str) -> None:
    if isinstance(by, User):
        policies.check_give_role(by, role, place_path)
