"""The file that a quarantined row came from, so that the row is read as part of it.

What 'M' means, in which order dates are written and which number a record without
one gets depend on the whole column. So the columns that were mapped are kept with a
batch that has quarantined rows, and a mended row is checked among its neighbours.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import polars as pl
from django.conf import settings
from django.utils.translation import gettext_noop as _

from convive.incidents.intake import IntakeError, Mapping, Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from collections.abc import Mapping as ByKey
    from pathlib import Path

    from convive.incidents.models import Batch

Corrections = dict[int, dict[str, str]]  # cells by heading, by row number
_ROW = "row"


def keep(number: int, sheet: Sheet, mapping: Mapping) -> None:
    """Write the mapped columns of a batch's file durably."""
    used = _used(sheet.headings, mapping)
    columns = [sheet.frame[str(sheet.headings.index(heading))] for heading in used]
    frame = pl.DataFrame(
        [
            sheet.row_numbers.cast(pl.Int32).alias(_ROW),
            *(column.alias(str(k)) for k, column in enumerate(columns)),
        ]
    )
    path = _path(number)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    frame.write_parquet(temporary, compression="zstd")
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.rename(path)


def is_kept(batch: Batch) -> bool:
    return bool(batch.mapping) and _path(batch.number).exists()


def sweep(keep_numbers: Collection[int]) -> None:
    """Remove files of batches that no record names."""
    for path in (settings.WAREHOUSE_ROOT / "sheets").glob("batch-*"):
        if path.suffix == ".tmp" or int(path.stem[6:]) not in keep_numbers:
            path.unlink()


def corrected_sheet(batch: Batch, corrections: ByKey[int, dict[str, str]]) -> Sheet:
    """The file as it would stand with these cells."""
    if not is_kept(batch):
        raise IntakeError(
            _("The file of batch %(number)s is not kept here. Download its rows, "
              "correct them and import them again."),
            number=batch.number,
        )  # fmt: skip
    stored = pl.read_parquet(_path(batch.number))
    headings = _used(batch.headings, Mapping.from_json(batch.mapping))
    numbers = stored[_ROW]
    at = {number: k for k, number in enumerate(numbers.to_list())}
    frame = stored.select(pl.exclude(_ROW))
    changed = [
        _corrected(frame[str(k)], heading, at, corrections)
        for k, heading in enumerate(headings)
    ]
    return Sheet(headings, pl.DataFrame(changed), numbers, {}, "", "")


def _corrected(
    column: pl.Series,
    heading: str,
    at: dict[int, int],
    corrections: ByKey[int, dict[str, str]],
) -> pl.Series:
    cells = {
        at[number]: given[heading] or None
        for number, given in corrections.items()
        if heading in given and number in at
    }
    if not cells:
        return column
    return column.scatter(list(cells), pl.Series(list(cells.values()), dtype=pl.String))


def _used(headings: Sequence[str], mapping: Mapping) -> list[str]:
    wanted = set(mapping.columns.values())
    return [heading for heading in headings if heading in wanted]


def _path(number: int) -> Path:
    folder: Path = settings.WAREHOUSE_ROOT / "sheets"
    return folder / f"batch-{number:08d}.parquet"
