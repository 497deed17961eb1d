"""A page that lists what a program can ask for, out of the OpenAPI description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convive.observatory.api import api

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Parameter:
    name: str
    words: str
    is_required: bool


@dataclass(frozen=True)
class Operation:
    path: str
    words: str
    parameters: tuple[Parameter, ...]


def operations() -> tuple[Operation, ...]:
    described = api.get_openapi_schema()["paths"]
    return tuple(
        Operation(
            path,
            _words(methods["get"]),
            tuple(
                Parameter(
                    given["name"],
                    _words(given["schema"]),
                    bool(given.get("required")),
                )
                for given in methods["get"].get("parameters", [])
            ),
        )
        for path, methods in described.items()
    )


def _words(described: dict[str, Any]) -> str:
    """The description is in English; its sentences stand in the catalogue."""
    text = " ".join(str(described.get("description", "")).split())
    return _(text) if text else ""


@login_required
@require_safe
def api_guide(request: HttpRequest) -> HttpResponse:
    return render(request, "observatory/api.html", {"operations": operations()})
