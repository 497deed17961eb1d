"""What each of the cast gets from the addresses of the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convive.accounts.tests.expectations import Expected, signed_in
from convive.observatory.panel.tests.small_panel import make_small_panel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OWN = "where=sv/sonsonate/sonsonate&since=2009-01&until=2009-12"


def with_panel(**kwargs: str) -> Callable[[], Mapping[str, Any]]:
    def prepare() -> Mapping[str, Any]:
        make_small_panel()
        return kwargs

    return prepare


URLS: dict[str, list[Expected]] = {
    "observatory:panel": [
        signed_in(query=OWN, prepare=with_panel()),
        signed_in(query=OWN),
    ],
    "observatory:panel_chart": [
        signed_in(query=OWN, prepare=with_panel(table="years")),
        signed_in(404, query=OWN, prepare=with_panel(table="unit")),
    ],
    "observatory:panel_download": [
        signed_in(query=OWN, prepare=with_panel(table="funnel", file_format="csv")),
        signed_in(404, query=OWN, prepare=with_panel(table="years", file_format="pdf")),
    ],
}
