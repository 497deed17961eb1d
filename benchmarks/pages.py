"""Server time of each page of the observatory, in both demonstration places.

CONVIVE_HOME=... python benchmarks/pages.py     (a home loaded by `convive demo`)
"""

from __future__ import annotations

import os
import statistics
import sys
from time import perf_counter, process_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convive.website.settings")
import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from convive.accounts.models import User  # noqa: E402

TARGET_MS = 300
REPEATS = 5
QUESTIONS = {
    "Cuauhtémoc, all offences, 2019-2024": (
        "where=mx/ciudad-de-mexico/cuauhtemoc&what=&since=2019-01&until=2024-12"
    ),
    "Sonsonate, all offences, 2005-2011": (
        "where=sv/sonsonate/sonsonate&what=&since=2005-01&until=2011-12"
    ),
}
PAGES = ("overview", "series", "calendar", "people", "origin")


def main() -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    slow = 0
    # The ministry sees every table; the officer gets small counts withheld.
    for person in ("gabriel", "emilio"):
        client = Client()
        client.force_login(
            User.objects.get(username=person),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        for title, query in QUESTIONS.items():
            if person == "emilio" and "Sonsonate" not in title:
                continue
            print(f"{person}: {title}")
            slow += sum(_measure(client, page, query) for page in PAGES)
    sys.exit(1 if slow else 0)


def _measure(client: Client, page: str, query: str) -> bool:
    address = f"{reverse(f'observatory:{page}')}?{query}"
    times, busy = [], []
    for _ in range(REPEATS + 1):
        start, work = perf_counter(), process_time()
        answer = client.get(address)
        times.append(1000 * (perf_counter() - start))
        busy.append(1000 * (process_time() - work))
        assert answer.status_code == 200, answer.status_code
    first, median = times[0], statistics.median(times[1:])
    print(
        f"  {page:10} first {first:6.0f} ms   median of {REPEATS} {median:6.0f} ms"
        f"   processor {statistics.median(busy[1:]):6.0f} ms"
        f"   {len(answer.content) / 1000:5.0f} kB"
    )
    return median > TARGET_MS


if __name__ == "__main__":
    main()
