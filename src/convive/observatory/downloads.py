"""Every table that can leave a page: the one registry. A new analysis adds its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convive.accounts.roles import Permission
from convive.observatory import compute, files
from convive.observatory.actions import Download
from convive.observatory.calendar.charts import calendar_spec
from convive.observatory.calendar.presenters import calendar_table
from convive.observatory.overview.charts import overview_spec
from convive.observatory.overview.presenters import overview_table
from convive.observatory.people.charts import spec_of
from convive.observatory.people.presenters import DIMENSIONS, people_table, table_of
from convive.observatory.presenters import present_about
from convive.observatory.series.charts import series_spec
from convive.observatory.series.presenters import series_table, years_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.files import Told
    from convive.observatory.presenters import Table
    from convive.observatory.selection import Selection

TABULAR = ("csv", "xlsx", "parquet")
PICTURES = ("svg", "png")


@dataclass(frozen=True)
class Entry:
    """What makes a table and its picture; a permission beyond that to see figures."""

    table: Callable[[Selection, User | AnonymousUser], Table] | None
    spec: Callable[[Selection, User | AnonymousUser], dict[str, Any]] | None = None
    permission: Permission | None = None

    @property
    def formats(self) -> tuple[str, ...]:
        if self.table is None:
            return ("csv", "parquet")
        return TABULAR + (PICTURES if self.spec else ())


TABLES: dict[str, Entry] = {
    "overview": Entry(overview_table, overview_spec),
    "series": Entry(series_table, series_spec),
    "years": Entry(years_table),
    "calendar": Entry(calendar_table, calendar_spec),
    "people": Entry(people_table),
    # The records themselves, row by row.
    "records": Entry(None, permission=Permission.SEE_INCIDENTS),
} | {name: Entry(table_of(name), spec_of(name)) for name in DIMENSIONS}


def make(
    table: str, file_format: str, selection: Selection, user: User | AnonymousUser
) -> Download:
    about, entry = present_about(selection), TABLES[table]
    told = files.provenance(about)
    if entry.table is None:
        content, rows = _records(file_format, selection, told)
    elif file_format in PICTURES and entry.spec is not None:
        content = files.picture(entry.spec(selection, user), file_format, told)
        rows = len(entry.table(selection, user).rows)
    else:
        made = entry.table(selection, user)
        write = {"csv": files.to_csv, "xlsx": files.to_xlsx}.get(
            file_format, files.to_parquet
        )
        content, rows = write(made, told), len(made.rows)
    return Download(table, file_format, content, rows, about.batches)


def _records(file_format: str, selection: Selection, told: Told) -> tuple[bytes, int]:
    records = compute.records_of(selection)
    is_csv = file_format == "csv"
    write = files.records_to_csv if is_csv else files.records_to_parquet
    return write(records, told), int(records.num_rows)
