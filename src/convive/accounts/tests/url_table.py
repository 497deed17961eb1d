"""What each of the cast gets from the addresses of this room, allauth's included."""

from __future__ import annotations

from convive.accounts.cast import SONSONATE
from convive.accounts.entrance.actions import issue_link
from convive.accounts.models import User
from convive.accounts.tests.expectations import Expected, only, signed_in
from convive.core.actors import System

HERE = f"where={SONSONATE}"
ANYWHERE = Expected(302)  # to the page that must come first


def _bruno() -> dict[str, int]:
    return {"pk": User.objects.get(username="bruno").pk}


def _gabriel() -> dict[str, int]:
    return {"pk": User.objects.get(username="gabriel").pk}


def _inactive_bruno() -> dict[str, int]:
    User.objects.filter(username="bruno").update(is_active=False)
    return _bruno()


def _link() -> dict[str, str]:
    bruno = User.objects.get(username="bruno")
    return {"token": issue_link(by=System(), user=bruno)}


def _deed(**rest: object) -> Expected:
    """Alicia may do it to Bruno; then she is back on his page."""
    return only("alicia", status=302, method="post", prepare=_bruno, **rest)


ALLAUTH: dict[str, list[Expected]] = {
    "account_login": [Expected(302, {"citizen": 200})],
    "account_logout": [signed_in()],
    "account_inactive": [Expected(200)],
    "account_reauthenticate": [signed_in()],
    "account_change_password": [signed_in()],
    "mfa_index": [signed_in()],
    "mfa_authenticate": [ANYWHERE],
    "mfa_reauthenticate": [ANYWHERE],
    "mfa_activate_totp": [ANYWHERE],
    "mfa_deactivate_totp": [signed_in(404)],
    "mfa_view_recovery_codes": [signed_in(404)],
    "mfa_generate_recovery_codes": [ANYWHERE],
    "mfa_download_recovery_codes": [signed_in(404)],
    "mfa_list_webauthn": [signed_in()],
    "mfa_add_webauthn": [ANYWHERE],
    "mfa_login_webauthn": [ANYWHERE],
    "mfa_reauthenticate_webauthn": [ANYWHERE],
    "mfa_edit_webauthn": [Expected(302, prepare=lambda: {"pk": 1})],
    "mfa_remove_webauthn": [Expected(302, prepare=lambda: {"pk": 1})],
}

OWN: dict[str, list[Expected]] = {
    "accounts:my_account": [signed_in()],
    "accounts:sign_out_everywhere": [signed_in(405), signed_in(302, method="post")],
    "accounts:link_open": [
        Expected(200, prepare=_link),
        Expected(410, prepare=lambda: {"token": "never-issued"}),
    ],
    "accounts:members": [
        only("alicia", query=HERE),
        only("alicia", "carla"),
        only("carla", query="where=sv/sonsonate/acajutla"),
        # Above what she holds.
        only(query="where=sv"),
    ],
    "accounts:member_add": [
        only("alicia", query=HERE),
        only("alicia", query=HERE, method="post"),
    ],
    "accounts:member": [
        only("alicia", prepare=_bruno),
        # The ministry's people are nobody's to manage in a municipality.
        only(prepare=_gabriel),
    ],
    "accounts:role_give": [
        _deed(data={"role": "case_worker", "place_path": SONSONATE}),
        only(prepare=_gabriel, method="post"),
    ],
    "accounts:role_take": [
        # No such role to take.
        only("alicia", status=404, method="post", prepare=_bruno),
    ],
    "accounts:link_issue": [
        only("alicia", method="post", prepare=_bruno),
        only(prepare=_gabriel, method="post"),
    ],
    "accounts:unlock": [_deed()],
    "accounts:deactivate": [_deed()],
    "accounts:activate": [
        Expected(
            403,
            # He is not let in any more, so he is sent to sign in like a citizen.
            {"alicia": 302, "citizen": 302, "bruno": 302},
            method="post",
            prepare=_inactive_bruno,
        )
    ],
    "accounts:audit": [
        only("alicia", "carla"),
        only("alicia", "carla", query=f"{HERE}&since=2009-01-01"),
    ],
    "accounts:audit_download": [only("alicia", "carla")],
}

URLS: dict[str, list[Expected]] = ALLAUTH | OWN
