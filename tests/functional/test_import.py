"""The analyst brings a messy workbook in by pages, sees its batch and undoes it."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from convive.incidents.tests.messy import (
    ACCEPTED,
    READ,
    REJECTED,
    write_messy_workbook,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

SONSONATE = "sv/sonsonate/sonsonate"
# A job waits for the worker's next look, then reads and compares.
WITHIN_MS = 60_000


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A file of its own: records that no other test has imported."""
    prefix = uuid.uuid4().hex[:8]
    return write_messy_workbook(tmp_path / f"diciembre-{prefix}.xlsx", prefix)


def fits(page: Page) -> bool:
    # A click may still be on its way to the next page.
    page.wait_for_load_state()
    across = page.locator("html").evaluate("e => e.scrollWidth")
    return bool(across <= page.viewport_size["width"])


def upload(page: Page, workbook: Path) -> None:
    page.goto("/hechos/importar/")
    assert fits(page)
    page.set_input_files("[name=file]", str(workbook))
    page.select_option("[name=place_path]", SONSONATE)
    page.select_option("[name=source]", "police")
    page.click("form[enctype] button")
    page.wait_for_url("**/columnas/")


def counts(page: Page) -> list[int]:
    return [
        int(text) for text in page.locator(".counts .figure-value").all_inner_texts()
    ]


def watch(page: Page) -> list[str]:
    """What the browser complains of from now on: scripts, policies, missing files."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    return complaints


@pytest.mark.parametrize(
    ("width", "language"), [("desk", "es-SV"), ("phone", "es-SV"), ("phone", "en-GB")]
)
def test_a_messy_workbook_is_imported_and_undone(open_as, workbook, width, language):
    page = open_as("bruno", width, language)
    complaints = watch(page)

    upload(page, workbook)
    assert fits(page)
    assert page.input_value("[name=date]") == "Fecha"
    assert page.input_value("[name=sex]") == "Sexo"
    page.click("form:has([name=date_order]) .button-primary")

    page.wait_for_url("**/revision/", timeout=WITHIN_MS)
    assert fits(page)
    assert counts(page) == [ACCEPTED, 0, 0, REJECTED, 0]
    assert page.locator("td", has_text="Mariposa").count() > 0
    page.click("form:has([name=mode]) .button-primary")

    page.wait_for_url(re.compile(r"/importaciones/\d+/$"), timeout=WITHIN_MS)
    batch = page.url
    assert fits(page)
    assert counts(page) == [READ, ACCEPTED, 0, 0, 0, REJECTED]

    page.click("a.button-danger")
    assert fits(page)
    page.fill("[name=reason]", "Archivo equivocado")
    page.click("form:has([name=reason]) .button-danger")
    page.wait_for_url(batch)
    expect(page.locator("main")).to_contain_text("Archivo equivocado")
    page.goto("/hechos/importaciones/")
    assert fits(page)
    assert page.locator("tr", has_text=workbook.name).count() == 1
    assert complaints == []


def press_until(page: Page, selector: str, limit: int = 80) -> None:
    """Walk with the Tab key until the element that `selector` names has the focus."""
    wanted = page.locator(selector).first
    for _press in range(limit):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def press(page: Page, selector: str) -> None:
    press_until(page, selector)
    page.keyboard.press("Enter")


def upload_by_keyboard(page: Page, workbook: Path) -> None:
    page.goto("/hechos/importaciones/")
    press(page, "a[href='/hechos/importar/']")
    page.wait_for_url("**/importar/")
    with page.expect_file_chooser() as chooser:
        press(page, "[name=file]")
    chooser.value.set_files(str(workbook))
    press_until(page, "[name=place_path]")
    page.keyboard.type("Sonsonate")
    press_until(page, "[name=source]")
    page.keyboard.type("Pol")
    press(page, "form[enctype] button")
    page.wait_for_url("**/columnas/")


def test_the_main_path_needs_no_mouse(open_as, workbook):
    page = open_as("bruno")

    upload_by_keyboard(page, workbook)
    press(page, "form:has([name=date_order]) .button-primary")
    page.wait_for_url("**/revision/", timeout=WITHIN_MS)
    press_until(page, "[name=mode]:checked")
    press(page, "form:has([name=mode]) .button-primary")
    page.wait_for_url(re.compile(r"/importaciones/\d+/$"), timeout=WITHIN_MS)
    assert counts(page) == [READ, ACCEPTED, 0, 0, 0, REJECTED]

    press(page, "a.button-danger")
    press_until(page, "[name=reason]")
    page.keyboard.type("Prueba")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/importaciones/\d+/$"))
    expect(page.locator("main")).to_contain_text("Prueba")


def test_the_steps_work_without_scripts(demo, browser, workbook, open_as):
    signed_in = open_as("bruno").context.storage_state()
    context = browser.new_context(
        base_url=demo.url, java_script_enabled=False, storage_state=signed_in
    )
    page = context.new_page()

    upload(page, workbook)
    page.click("form:has([name=date_order]) .button-primary")
    page.wait_for_url("**/revision/", timeout=WITHIN_MS)
    page.click("form:has([name=mode]) .button-primary")
    page.wait_for_url(re.compile(r"/importaciones/\d+/$"), timeout=WITHIN_MS)

    assert page.locator(".counts .figure-value").first.inner_text() == str(READ)
    page.click("a.button-danger")
    page.fill("[name=reason]", "Prueba")
    page.click("form:has([name=reason]) .button-danger")
    assert page.locator("main", has_text="Prueba").count() == 1
    context.close()
