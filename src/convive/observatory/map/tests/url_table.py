"""What each of the cast gets from the addresses of the map."""

from __future__ import annotations

from convive.accounts.tests.expectations import Expected, only, signed_in

OWN = "where=sv/sonsonate/sonsonate&since=2009-01&until=2009-12"
DEPARTMENT = "where=sv/sonsonate&since=2009-01&until=2009-12"
WINDOW = "&bbox=-90,13,-89,14&zoom=12"


def file(table: str, file_format: str) -> dict[str, str]:
    return {"table": table, "file_format": file_format}


URLS: dict[str, list[Expected]] = {
    "observatory:map": [signed_in(query=OWN)],
    "observatory:map_areas": [signed_in(query=OWN)],
    "observatory:map_points": [
        only("alicia", "bruno", query=OWN + WINDOW),
        only("alicia", "bruno", status=400, query=OWN),
        # Held in a municipality, the permission does not reach its department.
        only(query=DEPARTMENT + WINDOW),
    ],
    "observatory:map_download": [
        signed_in(query=OWN, prepare=lambda: file("areas", "csv")),
        only("alicia", "bruno", query=OWN, prepare=lambda: file("points", "csv")),
        only("alicia", "bruno", query=OWN, prepare=lambda: file("points", "geojson")),
        # No outline stands here, so there is nothing to draw.
        signed_in(404, query=OWN, prepare=lambda: file("areas", "svg")),
        signed_in(404, query=OWN, prepare=lambda: file("points", "png")),
    ],
}
