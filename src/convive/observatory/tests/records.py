"""Recorded batches for tests: written to the warehouse, claimed complete."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np

from convive.incidents import compute
from convive.incidents.models import Batch
from convive.incidents.workflow import BatchStatus
from convive.observatory.selection import Selection
from convive.places.models import Place, Population
from convive.places.tests.sonsonate import SONSONATE, make_sonsonate
from convive.warehouse.tests.rows import incident_rows


def record(rows, **claim):
    """Record these rows as a file of Sonsonate that covers 2009 and 2010."""
    usual = {
        "place_path": SONSONATE,
        "source": "pnc",
        "covers_from": date(2009, 1, 1),
        "covers_until": date(2010, 12, 31),
        "recorded_at": datetime(2011, 1, 15, tzinfo=UTC),
    }
    make_sonsonate()
    batch = Batch.objects.create(
        status=BatchStatus.RECORDED, file_name="hechos.csv", **(usual | claim)
    )
    batch.accepted = len(rows)
    batch.save()
    nothing = np.array([], dtype=np.int64)
    mine = [{"source": batch.source, "place": None} | row for row in rows]
    for row in mine:
        row.pop("place")
    compute.warehouse().write_batch(batch.number, incident_rows(*mine), nothing)
    return batch


def in_months(counts, **values):
    """{(2009, 1): 3} is three rows of January 2009."""
    return [
        {"occurred_on": date(year, month, 10), **values}
        for (year, month), count in counts.items()
        for _ in range(count)
    ]


def ask(since=(2009, 1), until=(2009, 12), **rest):
    return Selection(
        what=rest.pop("what", ""),
        where=rest.pop("where", SONSONATE),
        since=date(*since, 1),
        until=_end(*until),
        **rest,
    )


def _end(year, month):
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def people_live_there(persons, sex="all", year=2009):
    place = Place.objects.get(path=SONSONATE)
    Population.objects.create(
        place=place, year=year, sex=sex, persons=persons, source="censo"
    )
