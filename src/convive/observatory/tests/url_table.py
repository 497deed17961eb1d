"""What each of the cast gets from the addresses of this room."""

from __future__ import annotations

from convive.accounts.tests.expectations import Expected, signed_in

OWN = "where=sv/sonsonate/sonsonate&since=2009-01&until=2009-12"
ELSEWHERE = "where=mx&since=2009-01&until=2009-12"

URLS: dict[str, list[Expected]] = {
    "observatory:overview": [signed_in(query=OWN)],
    "observatory:series": [signed_in(query=OWN)],
    "observatory:series_chart": [signed_in(query=OWN)],
    "observatory:people": [signed_in(query=OWN)],
    "observatory:origin": [signed_in(query=OWN)],
    "observatory:download": [
        signed_in(query=OWN, prepare=lambda: {"table": "series", "file_format": "csv"}),
        signed_in(
            404, query=OWN, prepare=lambda: {"table": "people", "file_format": "svg"}
        ),
    ],
}
