"""Every page can be printed on A4 and read at a meeting."""

from __future__ import annotations

import pytest

from convive.website.tests.pages import names_of_pages

# A4 less the margins of the stylesheet, at the 96 dots an inch of CSS.
PAPER = {"width": round((210 - 28) / 25.4 * 96), "height": 980}
SCREEN_ONLY = ".masthead, .menu, .menu-phone, .filters, .skip, .themes, form .button"
SEEN = "all => all.filter(e => e.offsetParent).length"


@pytest.mark.parametrize("url_name", names_of_pages())
def test_a_page_fits_the_paper_without_what_only_a_screen_can_do(
    page_of, session_of, url_name
):
    found = page_of(url_name)
    page = session_of(found.person).new_page()
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print", color_scheme="dark")

    page.goto(found.address)

    across = page.evaluate("document.documentElement.scrollWidth")
    headings = page.eval_on_selector_all(
        "thead", "all => all.map(e => getComputedStyle(e).display)"
    )
    ink = page.evaluate("getComputedStyle(document.documentElement).color")
    assert page.eval_on_selector_all(SCREEN_ONLY, SEEN) == 0
    assert across <= PAPER["width"]
    assert set(headings) <= {"table-header-group"}
    # Ink is dark on paper, whatever the screen's colours are.
    assert max(int(part) for part in ink[4:-1].split(",")) < 128
    page.close()
