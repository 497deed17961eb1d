"""Every URL of the project is asked by every member of the cast."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from convive.accounts.tests.expectations import NAMES
from convive.places.tests.sonsonate import make_sonsonate
from convive.website.tests import addresses

TABLE = addresses.table()


def test_every_address_is_in_the_table_and_the_table_has_no_other():
    names = addresses.names()

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
