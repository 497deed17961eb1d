"""What each of the cast gets from the addresses of this analysis."""

from __future__ import annotations

from convive.accounts.tests.expectations import Expected, signed_in
from convive.observatory.tests.questions import OWN

URLS: dict[str, list[Expected]] = {
    "observatory:series": [signed_in(query=OWN)],
    "observatory:series_chart": [signed_in(query=OWN)],
}
