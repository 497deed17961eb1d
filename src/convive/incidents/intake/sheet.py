"""A table out of whatever an office sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convive.incidents.intake.delimited import read_delimited
from convive.incidents.intake.files import Kind, open_file
from convive.incidents.intake.table import Sheet
from convive.incidents.intake.workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Sheet", "read_sheet"]


def read_sheet(path: Path, *, sheet: str | None = None) -> Sheet:
    """Read the table of records in a CSV, XLSX, XLS or ODS file."""
    kind, content = open_file(path)
    if kind is Kind.WORKBOOK:
        return read_workbook(content, sheet)
    return read_delimited(content)
