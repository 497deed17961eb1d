"""The sheet with the records out of an XLSX, XLS or ODS workbook."""

from __future__ import annotations

import marshal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop as _

from convive.incidents.intake.headings import is_heading
from convive.incidents.intake.outcome import IntakeError
from convive.incidents.intake.table import SEARCHED_ROWS, Cells, Sheet, assemble

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENER = Path(__file__).with_name("opener.py")
MEMORY_LIMIT_BYTES = 4 * 1024**3
TIME_LIMIT_S = 300


def read_workbook(content: bytes, wanted: str | None) -> Sheet:
    sheets = _open(content, wanted or "")
    if not sheets:
        raise IntakeError(_("The workbook has no sheet."))
    name, rows = max(sheets, key=lambda sheet: _promise(sheet[1]))
    return assemble(rows, "workbook", name)


def _open(content: bytes, wanted: str) -> list[tuple[str, list[Cells]]]:
    # Isolated (-I): nothing from the user's folder or environment is imported.
    command = [sys.executable, "-I", str(_OPENER), str(MEMORY_LIMIT_BYTES), wanted]
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the name is one argument
            command, input=content, capture_output=True, check=True,
            timeout=TIME_LIMIT_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise IntakeError(
            _("The workbook takes too long to open. Save the sheet with the records "
              "as CSV and upload that."),
        ) from error  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise IntakeError(
            _("The workbook cannot be opened: it is damaged, protected by a password, "
              "or has no such sheet."),
        ) from error  # fmt: skip
    sheets: list[tuple[str, list[Cells]]] = marshal.loads(done.stdout)  # noqa: S302
    return sheets


def _promise(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """How likely a sheet is the one with the records."""
    heads = (sum(is_heading(cell) for cell in row) for row in rows[:SEARCHED_ROWS])
    return max(heads, default=0), len(rows)
