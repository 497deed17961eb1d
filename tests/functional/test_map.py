"""The map: drawn without JavaScript, enlarged with it, on a desk and on a phone."""

from __future__ import annotations

import pytest

from tests.functional.conftest import no_errors, sign_in

CUAUHTEMOC = "where=mx/ciudad-de-mexico/cuauhtemoc&what=&since=2024-01&until=2024-12"
HOMICIDES = "where=sv/sonsonate&what=0101&since=2009-01&until=2009-12"
SETTLED = 500  # ms after which an answer is on the map


PRESS_ENTER_ON_A_CELL = """() => {
  const press = new KeyboardEvent("keydown", { key: "Enter", bubbles: true });
  document.querySelector(".map-cell")?.dispatchEvent(press);
}"""


def wait_for_points(page, kind):
    page.wait_for_function(
        "kind => document.getElementById('map').dataset.kind === kind", arg=kind
    )
    page.wait_for_timeout(SETTLED)


def fits(page):
    # A click may still be on its way to the next page.
    page.wait_for_load_state()
    across = page.locator("html").evaluate("e => e.scrollWidth")
    return across <= page.viewport_size["width"]


def test_without_javascript_a_drawing_and_its_table_stand_there(demo, browser):
    context = browser.new_context(base_url=demo.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "fatima", demo.passwords["fatima"])

    page.goto(f"/observatorio/mapa/?{HOMICIDES}&interactivo=1")

    assert page.locator("#static-map .map-drawing a path").count() == 16
    assert page.locator("#map-table tbody tr").count() == 16
    assert page.locator("#map").is_hidden()
    context.close()


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_interactive_map_opens_when_asked_for_and_breaks_no_policy(open_as, width):
    page = open_as("fatima", width)
    page.goto(f"/observatorio/mapa/?{HOMICIDES}")
    assert page.locator("script[src*=leaflet]").count() == 0

    with no_errors(page):
        page.click("a[href*='interactivo=1']")
        page.wait_for_selector("#map path.map-area")
        page.wait_for_timeout(SETTLED)

    assert page.locator("#map path.map-area").count() == 16
    assert page.locator(".map-cell").count() == 0
    assert fits(page)


def test_enlarging_the_map_loads_points_one_by_one(open_as):
    page = open_as("alicia")
    with no_errors(page):
        page.goto(f"/observatorio/mapa/?{CUAUHTEMOC}&interactivo=1")
        wait_for_points(page, "cells")
        assert page.locator(".map-cell").count() > 20

        for _step in range(20):
            if page.locator("#map[data-kind=points]").count():
                break
            # In one step: the cells may give way to points at any moment.
            page.evaluate(PRESS_ENTER_ON_A_CELL)
            page.wait_for_timeout(SETTLED)
        wait_for_points(page, "points")
        page.locator("#map .map-point").first.press("Enter")
        page.wait_for_selector(".leaflet-popup")

    words = page.inner_text(".leaflet-popup-content").splitlines()
    assert len([line for line in words if line.strip()]) == 3
    assert page.evaluate("document.activeElement.getAttribute('role')") == "dialog"


def test_an_area_is_reached_and_opened_with_the_keyboard(open_as):
    page = open_as("gabriel")
    page.goto(f"/observatorio/mapa/?{HOMICIDES}&interactivo=1")
    area = page.locator("#map path.map-area[aria-label*='Acajutla']")
    area.wait_for()

    area.focus()
    area.press("Enter")
    page.wait_for_selector(".leaflet-popup")
    page.keyboard.press("Escape")

    assert page.locator(".leaflet-popup-content").count() <= 1
    page.wait_for_function(
        "(document.activeElement.getAttribute('aria-label') || '').includes('Acajutla')"
    )


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_page_of_points_fits_and_says_that_coordinates_are_moved(open_as, width):
    page = open_as("alicia", width)

    page.goto(f"/observatorio/mapa/?{CUAUHTEMOC}&interactivo=1")
    wait_for_points(page, "cells")

    assert "200 m" in page.inner_text(".leaflet-control-attribution")
    assert fits(page)
