"""The department of Sonsonate with two municipalities, for tests that need places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convive.core.actors import System
from convive.places.actions import save_place
from convive.places.models import PlaceKind

if TYPE_CHECKING:
    from convive.places.models import Place

SONSONATE = "sv/sonsonate/sonsonate"
ACAJUTLA = "sv/sonsonate/acajutla"


def make_sonsonate() -> Place:
    """Make the places, or find them; gives the municipality of Sonsonate."""
    by = System()
    country = save_place(
        by=by, kind=PlaceKind.COUNTRY, name="El Salvador", parent=None, path="sv"
    )
    department = save_place(
        by=by, kind=PlaceKind.DEPARTMENT, name="Sonsonate", parent=country
    )
    save_place(by=by, kind=PlaceKind.MUNICIPALITY, name="Acajutla", parent=department)
    return save_place(
        by=by, kind=PlaceKind.MUNICIPALITY, name="Sonsonate", parent=department
    )
