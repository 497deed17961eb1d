"""Which column holds what: recognised once, kept as the office's profile."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop as _

from convive.incidents.intake.headings import Field, field_of
from convive.incidents.intake.outcome import IntakeError

if TYPE_CHECKING:
    from convive.incidents.intake.sheet import Sheet

__all__ = ["Field", "Mapping", "recognise"]


@dataclass(frozen=True)
class Mapping:
    """Headings by field, and how the office writes dates and coordinates."""

    columns: dict[str, str] = field(default_factory=dict)
    # '' decides from the column; 'dmy' or 'mdy' where the office is known.
    date_order: str = ""
    # Any name that pyproj knows, such as 'EPSG:32616'; '' decides from the values.
    crs: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Mapping:
        columns = {str(Field(key)): str(v) for key, v in stored["columns"].items()}
        return cls(columns, stored.get("date_order", ""), stored.get("crs", ""))

    def position(self, sheet: Sheet, wanted: Field) -> int | None:
        """Where the field's column stands in this sheet."""
        heading = self.columns.get(wanted)
        return sheet.headings.index(heading) if heading in sheet.headings else None

    def check_fits(self, sheet: Sheet) -> None:
        """Raise a sentence when the file lacks a column the profile needs."""
        missing = [h for h in self.columns.values() if h not in sheet.headings]
        if missing:
            raise IntakeError(
                _("The file has no column “%(missing)s”, which this profile expects. "
                  "Its columns are: %(present)s."),
                missing="”, “".join(missing),
                present=", ".join(sheet.headings),
            )  # fmt: skip
        has_date = Field.DATE in self.columns or Field.YEAR in self.columns
        if not has_date:
            raise IntakeError(
                _("No column holds the date of the incident. Say which one does.")
            )
        if Field.OFFENCE not in self.columns and Field.ICCS not in self.columns:
            raise IntakeError(
                _("No column holds the offence. Say which one does.")
            )  # fmt: skip


def recognise(sheet: Sheet) -> Mapping:
    """The best reading of the headings: each field once, the surest heading first."""
    found = [
        (score, -position, heading, name)
        for position, heading in enumerate(sheet.headings)
        if (named := field_of(heading))
        for name, score in [named]
    ]
    columns: dict[str, str] = {}
    for _score, _position, heading, name in sorted(found, reverse=True):
        if name not in columns and heading not in columns.values():
            columns[str(name)] = heading
    # Day, month and year beside a whole date are only its parts.
    if Field.DATE in columns:
        for part in (Field.DAY, Field.MONTH, Field.YEAR):
            columns.pop(part, None)
    return Mapping(columns)
