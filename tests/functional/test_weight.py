"""A poor line opens the pages: few bytes at first, fewer after."""

from __future__ import annotations

import pytest

FIRST_VISIT_BYTES, NEXT_PAGE_BYTES = 200_000, 60_000
LOADED = """() => [...performance.getEntriesByType("navigation"),
  ...performance.getEntriesByType("resource")].map(e => [e.name, e.transferSize])"""


def weigh(page, address: str) -> int:
    """Bytes on the line, headers included; what the browser kept weighs nothing."""
    page.goto(address, wait_until="load")
    return sum(size for _name, size in page.evaluate(LOADED))


@pytest.fixture
def page(demo, browser):
    context = browser.new_context(base_url=demo.url, locale="es-SV")
    yield context.new_page()
    context.close()


def test_a_first_visit_and_the_pages_after_it_are_light(demo, page):
    first = weigh(page, "/cuenta/login/")
    page.fill("[name=login]", "bruno")
    page.fill("[name=password]", demo.passwords["bruno"])
    page.click("main form button")
    page.wait_for_url(f"{demo.url}/")
    addresses = ("/", "/observatorio/", "/observatorio/serie/", "/observatorio/origen/")
    after = {address: weigh(page, address) for address in addresses}

    assert 0 < first < FIRST_VISIT_BYTES
    assert {
        address: size for address, size in after.items() if size > NEXT_PAGE_BYTES
    } == {}


def test_files_named_by_their_content_are_kept_for_a_year(page):
    page.goto("/")
    style = page.get_attribute("link[rel=stylesheet]", "href")

    answer = page.request.get(style, headers={"accept-encoding": "gzip"})

    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
