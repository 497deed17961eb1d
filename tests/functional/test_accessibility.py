"""Every page can be read and worked by everyone, on any screen, without scripts."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from convive.website.tests.pages import names_of_pages

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
TEXT_ONLY = ["color-contrast"]
SERIOUS = {"serious", "critical"}
HEADINGS = "all => all.filter(h => h.offsetParent).map(h => Number(h.tagName[1]))"
TARGETS = (
    ".masthead a, .masthead button, .menu-phone a, .button, main select, main input"
)
every_page = pytest.mark.parametrize("url_name", names_of_pages())


def faults(page, rules: list[str] | None = None) -> list[str]:
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    else:
        options["rules"] = {"target-size": {"enabled": True}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]


@pytest.fixture
def visit(page_of, session_of):
    """`visit(url_name)`: the page, opened by a person who may."""
    opened = []

    def open_page(url_name: str):
        found = page_of(url_name)
        page = session_of(found.person).new_page()
        opened.append(page)
        page.set_viewport_size(DESK)
        page.goto(found.address)
        return page

    yield open_page
    for page in opened:
        page.close()


@every_page
def test_axe_finds_no_serious_fault(visit, url_name):
    page = visit(url_name)
    found = {}
    # What is folded away is read too.
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")

    for scheme, rules in (("light", None), ("dark", TEXT_ONLY)):
        page.emulate_media(color_scheme=scheme)
        for screen in (DESK, PHONE):
            page.set_viewport_size(screen)
            found[scheme, screen["width"]] = faults(page, rules)

    assert {where: all_ for where, all_ in found.items() if all_} == {}


@every_page
def test_a_page_fits_a_phone_and_its_headings_stand_in_order(visit, url_name):
    page = visit(url_name)

    page.set_viewport_size(PHONE)

    across = page.evaluate("document.documentElement.scrollWidth")
    levels = page.eval_on_selector_all("h1, h2, h3, h4, h5, h6", HEADINGS)
    assert across <= PHONE["width"]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip([0, *levels], levels, strict=False))


@every_page
def test_a_page_says_its_content_without_scripts(
    browser, demo, page_of, session_of, url_name
):
    found = page_of(url_name)
    with_scripts = session_of(found.person).new_page()
    with_scripts.goto(found.address)
    without = browser.new_context(
        java_script_enabled=False,
        base_url=demo.url,
        locale="es-SV",
        storage_state=session_of(found.person).storage_state(),
    )

    page = without.new_page()
    page.goto(found.address)

    assert page.inner_text("main h1") == with_scripts.inner_text("main h1")
    # Most of what is read with scripts is read without them.
    assert len(page.inner_text("main")) > 0.6 * len(with_scripts.inner_text("main"))
    with_scripts.close()
    without.close()


def test_the_keyboard_alone_signs_in_and_reaches_a_figure(demo, browser):
    context = browser.new_context(base_url=demo.url, locale="es-SV", viewport=DESK)
    page = context.new_page()
    page.goto("/")

    press_until(page, "a[href='/cuenta/login/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cuenta/login/**")
    press_until(page, "#id_login")
    page.keyboard.type("bruno")
    page.keyboard.press("Tab")
    page.keyboard.type(demo.passwords["bruno"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo.url}/")
    press_until(page, ".card h4 a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/observatorio/**")

    assert page.inner_text("main .figure-value")
    context.close()


def press_until(page, selector: str, most: int = 60) -> None:
    """Press Tab until the focus stands on it, seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            style = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(style) != "none"
            return
    pytest.fail(f"{most} presses of Tab did not reach {selector}")


def test_the_first_press_of_tab_offers_to_skip_to_the_content(session_of):
    page = session_of("bruno").new_page()
    page.goto("/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_targets_of_the_frame_are_large_enough_for_a_thumb(session_of, scheme):
    page = session_of("alicia").new_page()
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    page.goto("/observatorio/")
    page.click(".menu-phone summary")

    heights = page.eval_on_selector_all(
        TARGETS,
        "all => all.filter(e => e.offsetParent).map(e => e.offsetHeight)",
    )

    assert len(heights) > 10
    assert min(heights) >= 44
    page.close()
