"""Writes of the accounts room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from convive.accounts.models import Membership, User
from convive.core import audit

if TYPE_CHECKING:
    from convive.accounts.roles import Role
    from convive.core.actors import Actor


@audit.action
def create_member(
    *,
    by: Actor,
    username: str,
    display_name: str,
    password: str,
    roles: list[tuple[Role, str]],
) -> User:
    """Add a person with a password and roles in places."""
    user = User(username=username, display_name=display_name)
    user.set_password(password)
    user.save()
    for role, place_path in roles:
        Membership.objects.create(user=user, role=role, place_path=place_path)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s added %(name)s as a user"),
        about=user,
        place_path=roles[0][1] if roles else "",
        name=username,
    )
    return user
