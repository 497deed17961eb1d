"""Every address of the project, and what each room's table says of it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convive.accounts.tests.expectations import Expected

ROOMS = [app for app in settings.INSTALLED_APPS if app.startswith("convive.")]


def table() -> dict[str, list[Expected]]:
    """The rooms' `tests/url_table.py`, put together."""
    together: dict[str, list[Expected]] = {}
    for room in ROOMS:
        module = importlib.import_module(room)
        for path in sorted(Path(module.__path__[0]).rglob("tests/url_table.py")):
            inside = path.relative_to(module.__path__[0]).with_suffix("")
            name = ".".join((room, *inside.parts))
            together |= importlib.import_module(name).URLS
    return together


def names() -> set[str]:
    """Names of all addresses that stand, with their namespaces."""
    return set(_names(get_resolver()))


def _names(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _names(entry, inner)
        else:
            yield ":".join((*spaces, entry.name or f"(no name) {entry.pattern}"))
