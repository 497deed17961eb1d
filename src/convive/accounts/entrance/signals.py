"""allauth tells about second factors only by signals; each leaves an audit entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_noop

from convive.accounts.entrance import actions

if TYPE_CHECKING:
    from convive.accounts.models import User

Type = Authenticator.Type
ADDED = {
    Type.TOTP: gettext_noop("%(by)s added an authenticator app"),
    Type.WEBAUTHN: gettext_noop("%(by)s added a passkey"),
    Type.RECOVERY_CODES: gettext_noop("%(by)s made recovery codes"),
}
REMOVED = {
    Type.TOTP: gettext_noop("%(by)s removed the authenticator app"),
    Type.WEBAUTHN: gettext_noop("%(by)s removed a passkey"),
    Type.RECOVERY_CODES: gettext_noop("%(by)s removed the recovery codes"),
}


def connect() -> None:
    signals.authenticator_added.connect(_added)
    signals.authenticator_reset.connect(_added)
    signals.authenticator_removed.connect(_removed)


def _added(*, user: User, authenticator: Authenticator, **_rest: object) -> None:
    sentence = ADDED[Type(authenticator.type)]
    actions.record_second_factor(by=user, sentence=sentence)


def _removed(*, user: User, authenticator: Authenticator, **_rest: object) -> None:
    sentence = REMOVED[Type(authenticator.type)]
    actions.record_second_factor(by=user, sentence=sentence)
