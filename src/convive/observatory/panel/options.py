"""What a reader asks of a panel, beside what, where and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Options:
    panel: str = ""
    is_similar: bool = False  # only places of about the same population
    year: int | None = None  # of the funnel
    unit: str = ""  # code of one of the panel's places
    search: str = ""

    @property
    def query(self) -> str:
        asked = {
            "panel": self.panel,
            "similar": "1" if self.is_similar else "",
            "year": str(self.year) if self.year else "",
            "unit": self.unit,
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def with_unit(self, code: str) -> str:
        return replace(self, unit=code).query


def options_of(request: HttpRequest) -> Options:
    asked = request.GET
    year = asked.get("year", "")
    return Options(
        panel=asked.get("panel", "")[:60],
        is_similar=asked.get("similar") == "1",
        year=int(year)
        if year.isascii() and year.isdigit() and len(year) == 4
        else None,
        unit=asked.get("unit", "")[:20],
        search=asked.get("q", "").strip()[:100],
    )
