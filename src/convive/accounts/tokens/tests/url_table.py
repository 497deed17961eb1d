"""What each of the cast gets from the addresses of keys."""

from __future__ import annotations

from convive.accounts.models import User
from convive.accounts.tests.expectations import Expected, signed_in
from convive.accounts.tokens.actions import create_token


def bruno_s_key():
    bruno = User.objects.get(username="bruno")
    token, _secret = create_token(by=bruno, name="boletín", days=30)
    return {"pk": token.pk}


URLS: dict[str, list[Expected]] = {
    "accounts:tokens": [
        signed_in(),
        signed_in(method="post", data={"name": "boletín", "days": 30}),
    ],
    # Nobody ends another's key.
    "accounts:token_revoke": [
        Expected(404, {"bruno": 302, "citizen": 302}, "post", bruno_s_key)
    ],
}
