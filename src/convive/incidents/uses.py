"""Tells the places room which imports gave records to a place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.dispatch import receiver

from convive.incidents import compute
from convive.incidents.models import Batch
from convive.places.signals import Usage, Use, place_used
from convive.warehouse import Slice, count_by
from convive.warehouse.slices import PLACE_COLUMNS

if TYPE_CHECKING:
    from convive.places.models import Place


@receiver(place_used)
def tell_uses(place: Place, *, with_count: bool, **_rest: Any) -> Usage:
    batches = Batch.objects.recorded().filter(_related(place.path)).order_by("number")
    files = tuple(
        Use(
            f"{batch.number} · {batch.file_name}",
            batch.recorded_at,
            batch.covers_from,
            batch.covers_until,
        )
        for batch in batches
        if batch.recorded_at is not None
    )
    return Usage(_count(place.path) if with_count else 0, files)


def _related(path: str) -> Q:
    """Files about the place, about a place inside it, or about one around it."""
    parts = path.split("/")
    around = ["/".join(parts[:i]) for i in range(1, len(parts) + 1)]
    return Q(place_path__in=around) | Q(place_path__startswith=f"{path}/")


def _count(path: str) -> int:
    level = path.count("/")
    if level >= len(PLACE_COLUMNS):
        return 0
    always = Slice(path, date.min, date.max)
    row = count_by(compute.incidents_known_on(), always, []).to_pylist()[0]
    return int(str(row["incident_count"]))
