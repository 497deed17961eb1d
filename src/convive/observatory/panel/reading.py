"""A panel's figures out of a CSV (also gzip) or XLSX, checked row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from convive.places.tables import PlaceFileError, read_rows

if TYPE_CHECKING:
    from pathlib import Path

    from convive.places.tables import Row

HEADINGS = {
    "code": ("code", "codigo", "id"),
    "name": ("name", "nombre", "municipio", "municipality"),
    "region": ("region", "departamento", "depto", "department", "state"),
    "year": ("year", "ano", "anio"),
    "count": ("count", "conteo", "homicidios", "homicides", "hechos", "casos"),
    "population": ("population", "poblacion", "personas", "persons", "habitantes"),
}
WANTED = ("code", "name", "year", "count", "population")
_WHOLE = re.compile(r"\d+(?:\.0+)?")
_UNKNOWN = {"", "na", "nan", "n/d", "nd", "-"}
_SHOWN = 20
_LARGEST = 2_000_000_000


class PanelFileError(Exception):
    """A panel's file cannot be used; the sentences name row and column."""


@dataclass(frozen=True)
class Figure:
    code: str
    name: str
    region: str
    year: int
    count: int | None
    population: int | None


def read_figures(file: Path) -> list[Figure]:
    try:
        rows = read_rows(file, WANTED, HEADINGS)
    except PlaceFileError as error:
        raise PanelFileError(str(error)) from error
    problems: list[str] = []
    figures: list[Figure] = []
    seen: dict[tuple[str, int], int] = {}
    for row in rows:
        figure = _figure(row, problems)
        if figure is None:
            continue
        first = seen.setdefault((figure.code, figure.year), row.number)
        if first != row.number:
            problems.append(
                _("Row %(row)s repeats the code and year of row %(first)s.")
                % {"row": row.number, "first": first}
            )
        figures.append(figure)
    if problems:
        raise PanelFileError("\n".join(problems[:_SHOWN]))
    if not figures:
        raise PanelFileError(_("The file holds no figure."))
    return figures


def _figure(row: Row, problems: list[str]) -> Figure | None:
    found = {
        column: _whole(row, column, problems) for column in ("count", "population")
    }
    year = row["year"].removesuffix(".0")
    if not (year.isascii() and year.isdigit() and 1900 <= int(year) <= 2100):
        problems.append(
            _("Row %(row)s, column year: “%(value)s” is not a year. Write it as 2005.")
            % {"row": row.number, "value": row["year"]}
        )
        return None
    if not row["code"] or not row["name"]:
        problems.append(
            _("Row %(row)s: the code or the name is missing.") % {"row": row.number}
        )
        return None
    return Figure(row["code"], row["name"], row["region"], int(year), **found)


def _whole(row: Row, column: str, problems: list[str]) -> int | None:
    text = row[column]
    if text.casefold() in _UNKNOWN:
        return None
    if not _WHOLE.fullmatch(text) or int(float(text)) > _LARGEST:
        problems.append(
            _("Row %(row)s, column %(column)s: “%(value)s” is not a whole number. "
              "Leave it blank if it is not known.")
            % {"row": row.number, "column": row.heading(column), "value": text}
        )  # fmt: skip
        return None
    return int(float(text))
