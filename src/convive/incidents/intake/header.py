"""Which row names the columns, and what it calls them."""

from __future__ import annotations

import re
from collections import Counter

from django.utils.translation import gettext_noop as _

from convive.incidents.intake.headings import is_heading
from convive.incidents.intake.outcome import IntakeError

SEARCHED_ROWS = 40

Cells = list[str]


def find_header(rows: list[Cells]) -> tuple[int, int]:
    """First row of the header and how many rows it takes, one or two."""
    searched = rows[:SEARCHED_ROWS]
    scores = [sum(is_heading(cell) for cell in row) for row in searched]
    best = max(scores, default=0)
    if best == 0:
        raise IntakeError(
            _("No row of headings was found. The first row of the table must name "
              "its columns, for example: fecha, delito, municipio."),
        )  # fmt: skip
    top = scores.index(best)
    if top and scores[top - 1] and _is_parent(rows[top - 1], rows[top]):
        return top - 1, 2
    if top + 1 < len(searched) and _is_child(rows[top], rows[top + 1]):
        return top, 2
    return top, 1


def _is_parent(row: Cells, below: Cells) -> bool:
    """A merged row above: text only, and it names columns that the row below leaves."""
    is_text = not any(re.search(r"\d", cell) for cell in row)
    fills = any(
        cell.strip() and not (below[i].strip() if i < len(below) else "")
        for i, cell in enumerate(row)
    )
    return is_text and fills


def _is_child(row: Cells, below: Cells) -> bool:
    is_text = not any(re.search(r"\d", cell) for cell in below)
    return is_text and any(map(is_heading, below)) and _is_parent(below, row)


def headings_of(header: list[Cells]) -> Cells:
    if len(header) == 1:
        return [" ".join(cell.split()) for cell in header[0]]
    named, parent = [], ""
    for above, below in zip(*header, strict=True):
        # A merged cell leaves its name to the columns on its right.
        parent = above.strip() or (parent if below.strip() else "")
        named.append(" ".join(f"{parent} {below}".split()))
    return named


def distinct(headings: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    distinct = []
    for heading in headings:
        seen[heading] += 1
        again = f" ({seen[heading]})" if seen[heading] > 1 else ""
        distinct.append(heading + again)
    return distinct
