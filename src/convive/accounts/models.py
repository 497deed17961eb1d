"""People who sign in, and the role each holds in a place."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from convive.accounts.roles import PERMISSIONS, Permission, Role
from convive.accounts.tokens.models import ApiToken

__all__ = ["ApiToken", "Membership", "User"]

LINK_LIVES = timedelta(hours=48)


class PeopleManager(UserManager["User"]):
    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> User:
        """Phones capitalise the first letter: 'Alicia' signs in as 'alicia'."""
        return self.get(username__iexact=username or "")


class User(AbstractUser):
    """Signs in by user name: many municipal officers have no mailbox of their own."""

    display_name = models.CharField(_("name"), max_length=150)
    language = models.CharField(max_length=5, blank=True)
    # Part of every session's hash: a new number ends all sessions at once.
    session_stamp = models.PositiveIntegerField(default=0)

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta:
        verbose_name = _("user")
        constraints = [
            models.UniqueConstraint(Lower("username"), name="username_once_in_any_case")
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        salt = "convive.accounts.session"
        text = f"{self.password}:{self.session_stamp}"
        return salted_hmac(salt, text, secret=secret, algorithm="sha256").hexdigest()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def within(self, place_path: str) -> MembershipQuerySet:
        """Roles in the place and everything inside it; '' is everywhere."""
        if not place_path:
            return self
        return self.filter(
            models.Q(place_path=place_path)
            | models.Q(place_path__startswith=f"{place_path}/")
        )

    def reaching(self, place_path: str) -> MembershipQuerySet:
        """Roles that hold in the place: those in it and in what it lies in."""
        steps = place_path.split("/") if place_path else []
        around = ["/".join(steps[:count]) for count in range(len(steps) + 1)]
        return self.filter(place_path__in=around)

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
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.ADMINISTRATOR) | models.Q(place_path=""),
                name="administrator_holds_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.place_path or '*'}"


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    def open(self) -> OneTimeLinkQuerySet:
        return self.filter(
            used_at=None, revoked_at=None, expires_at__gt=timezone.now()
        ).filter(user__is_active=True)

    def of_token(self, token: str) -> OneTimeLinkQuerySet:
        return self.filter(digest=OneTimeLink.digest_of(token))


class OneTimeLink(models.Model):
    """Lets a person set a password once. Only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    # Whoever lost the phone lost the second factor with it.
    removes_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = OneTimeLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-time link")

    def __str__(self) -> str:
        return f"{self.user} · {self.expires_at:%Y-%m-%d %H:%M}"

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(token: str) -> str:
        """256 random bits need no salt and no slow hash."""
        return hashlib.sha256(token.encode()).hexdigest()


class Throttle(models.Model):
    """Recent failures of one account, address or second factor."""

    class Scope(models.TextChoices):
        ACCOUNT = "account", _("account")
        ADDRESS = "address", _("address")
        SECOND_FACTOR = "second_factor", _("second factor")

    scope = models.CharField(max_length=20, choices=Scope.choices)
    # A digest: a typed name may be a password typed into the wrong field.
    key = models.CharField(max_length=64)
    # Unix times of the failures that still count, oldest first.
    failures = models.JSONField(default=list)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="throttle_once")
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {len(self.failures)}"
