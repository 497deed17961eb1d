"""Lying bars of one breakdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convive.observatory.charts import bars
from convive.observatory.people.presenters import breakdown
from convive.observatory.presenters import present_about

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.selection import Selection


def spec_of(name: str) -> Callable[[Selection, User | AnonymousUser], dict[str, Any]]:
    def spec(selection: Selection, user: User | AnonymousUser) -> dict[str, Any]:
        about, part = present_about(selection), breakdown(selection, user, name)
        groups = [(r.label, r.number) for r in part.rows if r.number is not None]
        return bars(about, f"{part.title} · {about.title}", groups)

    return spec
