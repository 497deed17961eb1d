"""What slug paths are called, for the rooms below."""

from __future__ import annotations

import pytest

from convive.accounts import directory
from convive.accounts.tests import places as stand_in
from convive.places.directory import named_places
from convive.places.tests.sonsonate import ACAJUTLA, SONSONATE, make_sonsonate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"exactly": ["sv", ACAJUTLA, "sv/nowhere"]},
        {"within": [""]},
        {"within": [SONSONATE]},
        {"within": ["sv/sonsonate"], "exactly": ["sv"]},
        {"within": ["sv/son"]},
    ],
)
def test_the_directory_and_the_one_of_the_accounts_tests_agree(asked):
    make_sonsonate()

    assert named_places(**asked) == stand_in.named_places(**asked)


def test_choices_are_what_lies_inside_with_what_lies_around():
    make_sonsonate()

    assert directory.choices([ACAJUTLA]) == [(ACAJUTLA, "Acajutla, Sonsonate")]
    assert [path for path, _name in directory.choices([""])] == ["", *stand_in.NAMES]


def test_a_path_that_is_no_place_is_shown_as_it_is():
    assert directory.names(["sv/nowhere"]) == {"sv/nowhere": "sv/nowhere"}
