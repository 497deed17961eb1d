"""The pages of the served demonstration: one address for each name of the tables.

A name whose address needs records is found by following links from the others; what
cannot be found is left with its reason, which the tests print.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from django.urls import Resolver404, resolve, reverse

from convive.accounts.tests.expectations import NAMES, Expected
from convive.website.tests import addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    # Asks an address as a person: status, content type, text.
    Ask = Callable[[str, str], tuple[int, str, str]]

# Addresses that answer a person with something else than a page of their own. Their
# rooms test them; a new one is written here or must be found as a page.
DATA = "is a file or data"
RECORD = "needs a record that the demonstration has not"
WITHOUT_PAGE = {
    "accounts:audit_download": DATA,
    "accounts:link_open": RECORD,
    "api:calendar": DATA,
    "api:offences": DATA,
    "api:openapi-json": DATA,
    "api:origin": DATA,
    "api:people": DATA,
    "api:places": DATA,
    "api:rates": DATA,
    "api:series": DATA,
    "core:job": RECORD,
    "incidents:crosswalk_download": DATA,
    "incidents:import_columns": RECORD,
    "incidents:import_preview": RECORD,
    "incidents:profile_delete": RECORD,
    "incidents:profile_rename": RECORD,
    "incidents:quarantine_download": DATA,
    "observatory:bundle": DATA,
    "observatory:chart": DATA,
    "observatory:download": DATA,
    "observatory:map_areas": DATA,
    "observatory:map_download": DATA,
    "observatory:map_points": DATA,
    "observatory:panel_chart": DATA,
    "observatory:panel_download": DATA,
    "observatory:series_chart": DATA,
    "partners:minutes": DATA,
    "places:remove": RECORD,
    "programme:version": RECORD,
}
LINK = re.compile(r'href="(/[^"#]*)')


@dataclass(frozen=True)
class Page:
    """An address that answers with a page, and a person who may open it."""

    address: str
    person: str


def names_of_pages() -> list[str]:
    """Names whose page someone gets with GET, in the order of the tables."""
    return [
        name
        for name, told in addresses.table().items()
        if name not in WITHOUT_PAGE and _first_reader(told)
    ]


def _first_reader(told: list[Expected]) -> tuple[Expected, str] | None:
    for expected in told:
        for person in NAMES:
            if expected.method == "get" and expected.of(person) == 200:
                return expected, person
    return None


def find_pages(ask: Ask) -> tuple[dict[str, Page], dict[str, str]]:
    """Pages by name, and the reason for each name that is none or was not found."""
    names = names_of_pages()
    waiting = [(name, page) for name in names if (page := _plain_page(name))]
    pages: dict[str, Page] = {}
    reasons = dict.fromkeys(names, "no page of the demonstration links to one")
    seen = {name for name, _ in waiting}
    while waiting:
        name, page = waiting.pop(0)
        status, kind, text = ask(page.address, page.person)
        if reason := _reason(status, kind, text):
            reasons[name] = reason
            continue
        pages[name] = page
        for address in LINK.findall(text):
            linked = _name_of(unescape(address))
            if linked in reasons and linked not in seen:
                seen.add(linked)
                waiting.append((linked, Page(unescape(address), page.person)))
    return pages, {name: why for name, why in reasons.items() if name not in pages}


def _plain_page(name: str) -> Page | None:
    """The page of a name whose address needs no record."""
    for expected in addresses.table()[name]:
        found = _first_reader([expected])
        if found and expected.prepare is dict:
            query = f"?{expected.query}" if expected.query else ""
            return Page(reverse(name) + query, found[1])
    return None


def _reason(status: int, kind: str, text: str) -> str:
    if status != 200:
        return f"answers {status} in the demonstration"
    if not kind.startswith("text/html"):
        return f"is no page but {kind.partition(';')[0]}"
    return "" if "<html" in text else "is a part of a page"


def _name_of(address: str) -> str:
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return ""
