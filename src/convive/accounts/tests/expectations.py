"""What each of the cast is expected to get from an address.

Every room writes its addresses in `tests/url_table.py`; tests/security walks them
all and fails on one that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

SIGN_IN = 302  # a citizen is sent to the sign-in page
FORBIDDEN = 403

NAMES = (
    "alicia",
    "bruno",
    "carla",
    "delia",
    "emilio",
    "fatima",
    "gabriel",
    "citizen",
)


@dataclass(frozen=True)
class Expected:
    """The answer to each of the cast; a name that is not given gets `others`.

    `prepare` makes the records that the address needs, in Sonsonate, and returns
    the address's keyword arguments.
    """

    others: int
    answers: Mapping[str, int] = field(default_factory=dict)
    method: str = "get"
    prepare: Callable[[], Mapping[str, Any]] = dict
    query: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def of(self, name: str) -> int:
        return self.answers.get(name, self.others)


def signed_in(status: int = 200, **rest: Any) -> Expected:
    """Anyone who has signed in gets `status`; a citizen is sent to sign in."""
    return Expected(status, {"citizen": SIGN_IN}, **rest)


def only(*names: str, status: int = 200, **rest: Any) -> Expected:
    """These people get `status`, others are refused, a citizen is sent to sign in."""
    answers = dict.fromkeys(names, status) | {"citizen": SIGN_IN}
    return Expected(FORBIDDEN, answers, **rest)
