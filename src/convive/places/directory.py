"""What slug paths are called, for rooms below this one (settings.PLACE_DIRECTORY)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from convive.places.models import Place, PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterable

OF_A_UNIT = (PlaceKind.COUNTRY, PlaceKind.DEPARTMENT, PlaceKind.MUNICIPALITY)


def named_places(
    *, exactly: Iterable[str] = (), within: Iterable[str] = ()
) -> dict[str, str]:
    """Names by path of these places, and of those inside the paths of `within`."""
    wanted = Q(path__in=list(exactly))
    for path in within:
        inside = Q(path=path) | Q(path__startswith=f"{path}/")
        wanted |= inside if path else Q(pk__isnull=False)
    places = Place.objects.filter(wanted, kind__in=OF_A_UNIT)
    return dict(places.order_by("path").values_list("path", "name"))
