"""A figure is read, walked to its source, asked as known on a day, and taken home."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from python_calamine import CalamineWorkbook

from tests.functional.conftest import no_errors

HOMICIDES = "where=sv/sonsonate/sonsonate&what=0101&since=2005-01&until=2005-12"
CUAUHTEMOC = "where=mx/ciudad-de-mexico/cuauhtemoc&what=&since=2024-01&until=2024-12"
PAGES = ("", "serie/", "calendario/", "personas/", "origen/", "api/")


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("name", ["bruno", "emilio"])
def test_no_page_complains_scrolls_sideways_or_shuts_out_a_reader(open_as, width, name):
    page = open_as(name, width)

    with no_errors(page):
        for address in PAGES:
            page.goto(f"/observatorio/{address}?{HOMICIDES}")
            page.wait_for_load_state("networkidle")
            across = page.locator("html").evaluate("e => e.scrollWidth")
            assert across <= page.viewport_size["width"], address
            found = Axe().run(page).response["violations"]
            grave = [f for f in found if f["impact"] in {"serious", "critical"}]
            assert [(f["id"], f["nodes"][0]["html"]) for f in grave] == [], address


def test_a_rate_leads_to_its_source_with_the_question_kept(open_as):
    page = open_as("bruno")
    page.goto(f"/observatorio/?{HOMICIDES}")

    page.click(".figure-value a >> nth=1")

    told = page.inner_text("main")
    assert "Homicidio intencional" in told
    assert "sv v1" in told
    assert "sv_sonsonate_simulated.csv.gz" in told
    assert page.input_value("#since") == "2005-01"


def test_the_same_figures_come_home_as_csv_xlsx_parquet_and_svg(open_as, tmp_path):
    page = open_as("bruno")
    page.goto(f"/observatorio/serie/?{HOMICIDES}")
    shown = page.locator("table >> nth=1").locator("tbody td:nth-child(2)")
    on_page = [int(text) for text in shown.all_inner_texts()]

    saved = {}
    for kind in ("csv", "xlsx", "parquet", "svg"):
        with page.expect_download() as waiting:
            page.click(f"a[href*='series.{kind}']")
        assert "sonsonate" in waiting.value.suggested_filename
        assert "2005-01-2005-12" in waiting.value.suggested_filename
        saved[kind] = Path(tmp_path) / f"series.{kind}"
        waiting.value.save_as(saved[kind])

    text = saved["csv"].read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:13]
    sheet = CalamineWorkbook.from_path(saved["xlsx"]).get_sheet_by_index(0)
    frame = pl.read_parquet(saved["parquet"])
    drawing = saved["svg"].read_text(encoding="utf-8")
    assert len(on_page) == 12
    assert [int(row[1]) for row in rows] == on_page
    assert [int(row[1]) for row in sheet.to_python()[1:]] == on_page
    assert frame.to_series(1).to_list() == on_page
    assert "<desc>" in drawing
    assert "01/2005" in drawing


def test_the_language_changes_and_the_question_stays(open_as):
    page = open_as("bruno")
    page.goto(f"/observatorio/serie/?{HOMICIDES}")

    page.click("button:has-text('English')")

    assert page.locator("label[for=known_on]").inner_text() == "As known on"
    assert page.input_value("#until") == "2005-12"


def test_before_the_first_file_nothing_was_known(open_as):
    page = open_as("bruno")
    page.goto(f"/observatorio/?{HOMICIDES}")

    page.fill("#known_on", "2012-01-31")
    page.click(".filters button")

    assert "31/01/2012" in page.inner_text("main")
    assert page.locator(".figure-value").first.inner_text() == "sin datos"


def test_the_chart_answers_to_the_mouse_only_when_asked(open_as):
    page = open_as("gabriel")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    with no_errors(page):
        page.goto(f"/observatorio/serie/?{CUAUHTEMOC}")
        page.wait_for_load_state("networkidle")
        before = [url for url in asked if "vega" in url]
        page.click("button[data-spec]")
        page.wait_for_selector(".chart-live canvas")
        box = page.locator(".chart-live canvas").bounding_box()
        page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.7)
        page.wait_for_selector("#vg-tooltip-element.visible")

    assert before == []
    assert re.search(r"vega\.[\d-]+", " ".join(asked))
    assert page.locator("figure img").is_hidden()


def test_hostile_addresses_get_a_sentence(open_as):
    page = open_as("bruno")

    page.goto("/observatorio/serie/?where=sv/atlantis&since=99999-01&known_on=ayer")

    assert page.locator("[role=alert]").count() == 3


def test_a_key_made_on_the_page_reads_the_figures(open_as):
    page = open_as("bruno")
    page.goto("/cuenta/llaves/")
    page.fill("[name=name]", "hoja de cálculo")

    page.click("main form button")
    secret = page.inner_text("code.secret")
    page.context.clear_cookies()
    answer = page.request.get(
        f"/api/v1/rates?{HOMICIDES}", headers={"Authorization": f"Bearer {secret}"}
    )

    assert answer.status == 200
    assert answer.json()["places"][2]["rate_per_100k"] == pytest.approx(54.5, abs=0.05)
