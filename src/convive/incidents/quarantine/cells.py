"""Cells for a spreadsheet, which would run a text that begins like a formula."""

from __future__ import annotations

import re

# With quotes in front, so that a text which has some already comes back as it was.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?$")


def guarded(cell: str) -> str:
    """The text with a quote before it where a spreadsheet would run it."""
    is_formula = _FORMULA.match(cell) and not _NUMBER.match(cell)
    return f"'{cell}" if is_formula else cell


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell
