"""Server time of the pages, in both demonstration places. There is no peer.

python benchmarks/pages.py     loads the demonstration into a folder of its own
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from time import perf_counter, process_time

HOME = tempfile.TemporaryDirectory(prefix="convive-pages-")
os.environ["CONVIVE_HOME"] = HOME.name
os.environ["DJANGO_SETTINGS_MODULE"] = "convive.website.settings"
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402 - after the data folder is named

subprocess.run(
    [sys.executable, "-m", "convive", "demo", "--no-serve"],
    check=True,
    capture_output=True,
)
django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from convive.accounts.models import User  # noqa: E402

TARGET_MS = 300
REPEATS = 5
CUAUHTEMOC = "where=mx/ciudad-de-mexico/cuauhtemoc&what=&since=2019-01&until=2024-12"
SONSONATE = "where=sv/sonsonate/sonsonate&what=&since=2005-01&until=2011-12"
COUNTRY = "where=sv&what=0101&since=2005-01&until=2011-12&kind=municipality"
FIGURES = tuple(
    f"observatory:{page}"
    for page in ("overview", "map", "series", "calendar", "people", "panel", "origin")
)
WORK = ("home", "incidents:batches", "incidents:quarantine", "incidents:crosswalk",
        "places:list", "accounts:my_account")  # fmt: skip
# The analyst sees the records, the officer gets small counts withheld.
VISITS = (
    ("bruno", "Cuauhtémoc, all offences, six years", CUAUHTEMOC, FIGURES),
    ("bruno", "Sonsonate, all offences, seven years", SONSONATE, FIGURES),
    ("emilio", "Sonsonate, small counts withheld", SONSONATE, FIGURES),
    ("emilio", "262 municipalities, homicides", COUNTRY, ("observatory:map",)),
    ("bruno", "work", "", WORK),
    ("alicia", "work", "", ("home", "accounts:members", "accounts:audit")),
)


def main() -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    slow = 0
    for person, title, query, pages in VISITS:
        client = Client()
        client.force_login(
            User.objects.get(username=person),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        print(f"{person}: {title}")
        slow += sum(_measure(client, page, query) for page in pages)
    print(f"pages over {TARGET_MS} ms: {slow}; target none")
    sys.exit(1 if slow else 0)


def _measure(client: Client, page: str, query: str) -> bool:
    address = f"{reverse(page)}?{query}"
    times, busy = [], []
    for _ in range(REPEATS + 1):
        start, work = perf_counter(), process_time()
        answer = client.get(address)
        times.append(1000 * (perf_counter() - start))
        busy.append(1000 * (process_time() - work))
        assert answer.status_code == 200, answer.status_code
    first, median = times[0], statistics.median(times[1:])
    print(
        f"  {page:22} first {first:5.0f} ms   median of {REPEATS} {median:4.0f} ms"
        f"   processor {statistics.median(busy[1:]):4.0f} ms"
        f"   {len(answer.content) / 1000:5.0f} kB"
    )
    return median > TARGET_MS


if __name__ == "__main__":
    main()
