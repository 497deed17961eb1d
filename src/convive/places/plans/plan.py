"""What a file would change, told before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import shapely
from django.utils.translation import gettext as _

from convive.places.models import Boundary, Place
from convive.places.tables import ValueProblem

if TYPE_CHECKING:
    from convive.places.tables import Row

T = TypeVar("T")
SHOWN = 20


@dataclass
class Plan:
    """Counts for the preview; an import with problems writes nothing."""

    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.new + self.replaced + self.unchanged

    @property
    def unmatched(self) -> int:
        return len(self.problems)

    def sentences(self) -> str:
        """The first problems, for a person to mend."""
        shown = self.problems[:SHOWN]
        if rest := len(self.problems) - len(shown):
            shown.append(_("And %(count)s more.") % {"count": rest})
        return "\n".join(shown)

    def count(self, *, is_new: bool, is_same: bool = False) -> None:
        if is_same:
            self.unchanged += 1
        elif is_new:
            self.new += 1
        else:
            self.replaced += 1


class Cells:
    """Collects the problems of one row, each with its column."""

    def __init__(self, row: Row, plan: Plan) -> None:
        self._row, self._plan, self.is_bad = row, plan, False

    def problem(self, column: str, sentence: str) -> None:
        self.is_bad = True
        self._plan.problems.append(
            _("Row %(row)s, column %(column)s: %(sentence)s")
            % {
                "row": self._row.number,
                "column": self._row.heading(column),
                "sentence": sentence,
            }
        )

    def take(self, read: Callable[[Row, str], T], column: str) -> T | None:
        try:
            return read(self._row, column)
        except ValueProblem as problem:
            self.problem(column, str(problem))
            return None


def frame_of(parent: Place) -> shapely.Geometry | None:
    """A box around what is known of the parent, with as much again around it."""
    inside = Place.objects.within(parent.path)
    found = list(
        Boundary.objects.filter(place__in=inside).values_list("wkb", flat=True)[:400]
    )
    if not found:
        return None
    west, south, east, north = shapely.total_bounds(
        shapely.from_wkb([bytes(wkb) for wkb in found])
    )
    wide, high = max(east - west, 0.05), max(north - south, 0.05)
    return shapely.box(west - wide, south - high, east + wide, north + high)
