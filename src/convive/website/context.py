"""What every page's frame needs: the menu of rooms this person may open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest


def page_frame(request: HttpRequest) -> dict[str, Any]:
    return {}
