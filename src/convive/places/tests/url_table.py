"""What each of the cast gets from the addresses of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convive.accounts.tests.expectations import Expected, only, signed_in
from convive.core.actors import System
from convive.places import actions
from convive.places.tests.sonsonate import SONSONATE, make_sonsonate

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = {"path": SONSONATE}


def here() -> Mapping[str, Any]:
    return HERE


def boundaries_file() -> Mapping[str, Any]:
    return {"what": "limites", **HERE}


def spelling() -> Mapping[str, Any]:
    place = make_sonsonate()
    return {"pk": actions.add_spelling(by=System(), place=place, name="Sonso").pk}


def figure() -> Mapping[str, Any]:
    made = actions.save_population(
        by=System(), place=make_sonsonate(), year=2007, persons=71541, source="a test"
    )
    return {"pk": made.pk}


def posted(prepare: Any, **data: Any) -> Expected:
    return only("alicia", status=302, method="post", prepare=prepare, data=data)


URLS: dict[str, list[Expected]] = {
    "places:list": [signed_in(), signed_in(query="q=Sta.+Catarina")],
    "places:detail": [
        signed_in(prepare=here),
        signed_in(404, prepare=lambda: {"path": "sv/nowhere"}),
    ],
    "places:add": [
        only("alicia", prepare=here),
        posted(here, name="El Ángel", kind="zone"),
    ],
    "places:rename": [
        only("alicia", prepare=here),
        posted(here, name="Sonsonate", note=""),
    ],
    "places:remove": [only("alicia", prepare=here), posted(here)],
    "places:spelling_add": [posted(here, name="Sonzonate")],
    "places:spelling_remove": [posted(spelling)],
    "places:population_add": [
        only("alicia", prepare=here),
        posted(
            here, year=2007, sex="all", age_group="all", persons=71541, source="a test"
        ),
    ],
    "places:population_edit": [
        only("alicia", prepare=figure),
        posted(figure, persons=70000, source="a test"),
    ],
    "places:population_remove": [posted(figure)],
    "places:file": [
        only("alicia", prepare=boundaries_file),
        signed_in(404, prepare=lambda: {"what": "nada", **HERE}),
    ],
    "places:file_confirm": [posted(boundaries_file, token="unknown")],
}
