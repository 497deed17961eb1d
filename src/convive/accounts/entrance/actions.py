"""Writes around the door: signing in and out, passwords, links, second factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.accounts import policies
from convive.accounts.entrance import throttle
from convive.accounts.models import LINK_LIVES, OneTimeLink, User
from convive.core import audit

if TYPE_CHECKING:
    from convive.core.actors import Actor


class LinkSpentError(Exception):
    """The link was used, replaced or ran out: a sentence for whoever opened it."""


@audit.action
def record_sign_in(*, by: User) -> None:
    audit.record(by=by, sentence=gettext_noop("%(by)s signed in"), about=by)


@audit.action
def record_sign_out(*, by: User) -> None:
    audit.record(by=by, sentence=gettext_noop("%(by)s signed out"), about=by)


@audit.action
def record_expiry(*, by: User, hours: int) -> None:
    """Tell that a session reached the longest it may last."""
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s was signed out after %(hours)s hours"),
        about=by,
        hours=hours,
    )


@audit.action
def record_failed_sign_in(*, by: Actor, username: str, is_last: bool) -> None:
    """Leave an entry; a name nobody has is not kept, it may be a password."""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        sentence = gettext_noop("Someone tried to sign in with a name nobody has")
    elif is_last:
        sentence = gettext_noop("The account of %(name)s was locked after failures")
    else:
        sentence = gettext_noop("A sign-in as %(name)s failed")
    known = user.username if user else ""
    audit.record(by=by, sentence=sentence, about=user, name=known)


@audit.action
def record_wrong_code(*, by: Actor, user: User, is_last: bool) -> None:
    """The password was right: whoever reads this should ask the person."""
    if is_last:
        sentence = gettext_noop("The second factor of %(name)s was locked")
    else:
        sentence = gettext_noop("A second-factor code of %(name)s was wrong")
    audit.record(by=by, sentence=sentence, about=user, name=user.username)


@audit.action
def record_second_factor(*, by: User, sentence: str) -> None:
    audit.record(by=by, sentence=sentence, about=by)


@audit.action
def change_password(*, by: User, password: str) -> None:
    """Set one's own password; Django then ends the person's other sessions."""
    by.set_password(password)
    by.save(update_fields=["password"])
    audit.record(
        by=by, sentence=gettext_noop("%(by)s changed their password"), about=by
    )


@audit.action
def issue_link(*, by: Actor, user: User, removes_second_factor: bool = False) -> str:
    """Make the person's only open link; gives the token, which is kept nowhere."""
    if isinstance(by, User):
        policies.check_issue_link(by, user)
    now = timezone.now()
    open_links = OneTimeLink.objects.filter(user=user, used_at=None, revoked_at=None)
    open_links.update(revoked_at=now)
    token = OneTimeLink.new_token()
    OneTimeLink.objects.create(
        user=user,
        digest=OneTimeLink.digest_of(token),
        removes_second_factor=removes_second_factor,
        expires_at=now + LINK_LIVES,
    )
    if removes_second_factor:
        sentence = gettext_noop(
            "%(by)s issued a one-time link for %(name)s that removes the second factor"
        )
    else:
        sentence = gettext_noop("%(by)s issued a one-time link for %(name)s")
    audit.record(by=by, sentence=sentence, about=user, name=user.username)
    return token


@audit.action
def use_link(*, by: User, token: str, password: str) -> None:
    """Set the password of the link's person and end all their sessions."""
    now = timezone.now()
    # The update decides who of two that open it at once may use it.
    mine = OneTimeLink.objects.of_token(token).open().filter(user=by)
    link = mine.first()
    if link is None or not mine.update(used_at=now):
        raise LinkSpentError(
            _("This link was used, replaced or ran out. Ask for a new one.")
        )
    if link.removes_second_factor:
        Authenticator.objects.filter(user=by).delete()
    by.set_password(password)
    by.session_stamp += 1
    by.save(update_fields=["password", "session_stamp"])
    throttle.forget(throttle.of_account(by.username), throttle.of_second_factor(by))
    audit.record(
        by=by, sentence=gettext_noop("%(by)s set a password by a link"), about=by
    )


@audit.action
def unlock(*, by: Actor, user: User) -> None:
    """Let the person try again at once."""
    if isinstance(by, User):
        policies.check_manage_account(by, user)
    throttle.forget(throttle.of_account(user.username), throttle.of_second_factor(user))
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s unlocked the account of %(name)s"),
        about=user,
        name=user.username,
    )


@audit.action
def sign_out_everywhere(*, by: User) -> None:
    by.session_stamp += 1
    by.save(update_fields=["session_stamp"])
    audit.record(by=by, sentence=gettext_noop("%(by)s signed out everywhere"), about=by)
