"""Opens one workbook in a process of its own and hands its cells over as texts.

A workbook is a program's worth of nested formats, and a hostile one can ask for more
memory than the machine has. Here it can take down only this process. Run as a script:
the workbook comes on standard input; the sheets leave, marshalled, on standard output.
"""

from __future__ import annotations

import io
import marshal
import sys
from datetime import date, datetime, time, timedelta


def limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # not on this platform
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    # No dump of a file that may name people.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(content: bytes, wanted: str) -> list[tuple[str, list[list[str]]]]:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for name in [wanted] if wanted else workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        sheets.append((name, [[as_text(cell) for cell in row] for row in rows]))
    return sheets


def as_text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60) % (24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(cell).replace("\0", "").strip()


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    marshal.dump(read(sys.stdin.buffer.read(), sys.argv[2]), sys.stdout.buffer)
