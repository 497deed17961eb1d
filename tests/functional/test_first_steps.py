"""A newcomer signs in and reads a rate."""

from __future__ import annotations

import pytest

HOMICIDES_OF_2005 = "where=sv/sonsonate/sonsonate&what=0101&since=2005-01&until=2005-12"


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_analyst_signs_in_and_reads_a_rate(open_as, width):
    page = open_as("bruno", width)

    page.goto(f"/observatorio/?{HOMICIDES_OF_2005}")

    # The public figure of the country in 2005.
    assert "54,5" in page.inner_text("main")
    across = page.locator("html").evaluate("e => e.scrollWidth")
    assert across <= page.viewport_size["width"]
