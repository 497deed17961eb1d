"""What each of the cast gets from this analysis and from what all share."""

from __future__ import annotations

from convive.accounts.tests.expectations import Expected, only, signed_in
from convive.observatory.tests.questions import OWN


def _file(table, file_format):
    return lambda: {"table": table, "file_format": file_format}


URLS: dict[str, list[Expected]] = {
    "observatory:overview": [signed_in(query=OWN)],
    "observatory:chart": [
        signed_in(query=OWN, prepare=_file("overview", "svg")),
        signed_in(query=OWN, prepare=_file("sex", "json")),
        signed_in(404, query=OWN, prepare=_file("records", "json")),
    ],
    "observatory:download": [
        signed_in(query=OWN, prepare=_file("series", "csv")),
        signed_in(query=OWN, prepare=_file("calendar", "xlsx")),
        signed_in(query=OWN, prepare=_file("sex", "png")),
        signed_in(404, query=OWN, prepare=_file("people", "svg")),
        only("alicia", "bruno", query=OWN, prepare=_file("records", "parquet")),
    ],
    # The same open-source script for everyone; it holds no figures.
    "observatory:bundle": [Expected(200, prepare=lambda: {"version": "1"})],
}
