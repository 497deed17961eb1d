"""What may be done with a place in the state it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.core.refusals import RefusedError
from convive.places.models import PlaceKind
from convive.places.signals import usage_of

if TYPE_CHECKING:
    from convive.places.models import Place

ADDABLE = (PlaceKind.ZONE, PlaceKind.PUBLIC_SPACE)


class PlaceRefusedError(RefusedError):
    """A change of a place that is not possible."""


def check_add(parent: Place, kind: str) -> None:
    if kind not in ADDABLE:
        raise PlaceRefusedError(
            _("Countries, departments and municipalities come with their boundaries: "
              "load a file of boundaries instead.")
        )  # fmt: skip
    is_public_space = kind == PlaceKind.PUBLIC_SPACE
    allowed = {PlaceKind.MUNICIPALITY} | (
        {PlaceKind.ZONE} if is_public_space else set()
    )
    if parent.kind not in allowed:
        raise PlaceRefusedError(
            _("A zone lies in a municipality, and a public space in a municipality or "
              "a zone. %(place)s is neither.")
            % {"place": parent.name}
        )  # fmt: skip


def may_add(parent: Place) -> bool:
    return parent.kind in {PlaceKind.MUNICIPALITY, PlaceKind.ZONE}


def check_remove(place: Place) -> None:
    if place.kind not in ADDABLE:
        raise PlaceRefusedError(
            _("Only zones and public spaces can be removed. Countries, departments and "
              "municipalities stay, because figures and roles name them.")
        )  # fmt: skip
    if count := place.children.count():
        raise PlaceRefusedError(
            _("%(place)s holds %(count)s other places. Remove those first.")
            % {"place": place.name, "count": count}
        )
    usage = usage_of(place, with_count=True)
    if usage.records:
        raise PlaceRefusedError(
            _("%(count)s incidents were recorded in %(place)s, so it cannot be "
              "removed. Rename it, or undo the imports that hold them.")
            % {"count": usage.records, "place": place.name}
        )  # fmt: skip


def may_remove(place: Place) -> bool:
    """Whether a page may offer it; the incidents are counted when it is asked for."""
    return place.kind in ADDABLE and not place.children.exists()
