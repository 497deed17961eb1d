"""Every URL of the project is asked by every member of the cast."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse

from convive.accounts.tests.expectations import NAMES, Expected
from convive.places.tests.sonsonate import make_sonsonate

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOMS = [app for app in settings.INSTALLED_APPS if app.startswith("convive.")]


def _table() -> dict[str, list[Expected]]:
    table: dict[str, list[Expected]] = {}
    for room in ROOMS:
        module = importlib.import_module(room)
        for path in Path(module.__path__[0]).rglob("tests/url_table.py"):
            inside = path.relative_to(module.__path__[0]).with_suffix("")
            name = ".".join((room, *inside.parts))
            table |= importlib.import_module(name).URLS
    return table


TABLE = _table()


def _names(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _names(entry, inner)
        else:
            yield ":".join((*spaces, entry.name or f"(no name) {entry.pattern}"))


def test_every_address_is_in_the_table_and_the_table_has_no_other():
    names = set(_names(get_resolver()))

    assert names - TABLE.keys() == set()
    assert TABLE.keys() - names == set()


class _UndoError(Exception):
    """Leaves the transaction, so that the next person finds things as they were."""


@pytest.mark.parametrize(
    ("name", "position"),
    [(name, i) for name, all_ in TABLE.items() for i in range(len(all_))],
)
def test_an_address_answers_each_person_as_the_table_says(name, position, client_of):
    expected = TABLE[name][position]
    make_sonsonate()
    answers = {}

    for person in NAMES:
        with pytest.raises(_UndoError), transaction.atomic():
            address = reverse(name, kwargs=dict(expected.prepare()))
            client = client_of(person)
            ask = getattr(client, expected.method)
            query = f"?{expected.query}" if expected.query else ""
            answers[person] = ask(address + query, data=expected.data).status_code
            raise _UndoError

    assert answers == {person: expected.of(person) for person in NAMES}
