"""People who sign in, and the role each holds in a place."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from convive.accounts.roles import PERMISSIONS, Permission, Role
from convive.accounts.tokens.models import ApiToken

__all__ = ["ApiToken", "Membership", "User"]


class User(AbstractUser):
    """Signs in by user name: many municipal officers have no mailbox of their own."""

    display_name = models.CharField(_("name"), max_length=150)
    language = models.CharField(max_length=5, blank=True)

    class Meta:
        verbose_name = _("user")

    def __str__(self) -> str:
        return self.display_name or self.username


class MembershipQuerySet(models.QuerySet["Membership"]):
    def granting(self, permission: Permission) -> MembershipQuerySet:
        roles = [role for role, held in PERMISSIONS.items() if permission in held]
        return self.filter(role__in=roles)


class Membership(models.Model):
    """A role in a place and everything inside it; '' is every place.

    The place is its slug path, not a foreign key: places are a room above this one.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role.choices)
    place_path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "place_path"], name="membership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.place_path or '*'}"
