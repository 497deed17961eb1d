"""An analyst mends the rows of an import that wait, and classifies offences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

HEAD = "Expediente,Fecha,Delito,Sexo,Edad\n"
BAD_ROWS = (
    "{0}-1,05/03/2011,Robo,F,20\n"
    "{0}-2,99/03/2011,Robo,M,30\n"
    "{0}-3,07/03/2011,Robo,Muj.,40\n"
    "{0}-4,08/03/2011,Robo,Muj.,41\n"
)


@pytest.fixture
def imported(demo, tmp_path: Path) -> Callable[[str], int]:
    """`imported(name)`: a file of three bad rows came in by command; its batch."""

    def run(name: str) -> int:
        file = tmp_path / f"{name}.csv"
        file.write_text(HEAD + BAD_ROWS.format(name), encoding="utf-8")
        environment = os.environ | {"CONVIVE_HOME": str(demo.home)}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "convive", "import", "incidents", str(file)]
        place = ["--place", "sv/sonsonate/sonsonate", "--source", "pnc", "--json"]
        done = subprocess.run(
            [*command, *place], env=environment, check=True, capture_output=True
        )
        told = json.loads(done.stdout)
        assert (told["read"], told["quarantined"]) == (4, 3)
        return int(told["batch"])

    return run


def fits(page: Page) -> bool:
    # A click may still be on its way to the next page.
    page.wait_for_load_state()
    across: int = page.locator("html").evaluate("e => e.scrollWidth")
    return across <= page.viewport_size["width"]


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_analyst_mends_a_row_and_sees_it_accepted(open_as, imported, width):
    batch = imported(f"mend-{width}")
    page = open_as("bruno", width)
    page.goto(f"/hechos/revision/?batch={batch}")
    listed_fits = fits(page)

    page.click("text=Fila 3")
    wrong = page.locator("fieldset").first
    assert "99/03/2011" in wrong.inner_text()
    wrong.locator("input").fill("40/03/2011")
    page.click("text=Revisar de nuevo >> nth=0")
    assert "40/03/2011" in page.locator("fieldset").first.inner_text()
    page.locator("fieldset").first.locator("input").fill("09/03/2011")
    page.click("text=Revisar de nuevo >> nth=0")

    assert "La fila 3 se aceptó" in page.inner_text("main")
    assert "Fila 4" in page.inner_text("h1")
    assert listed_fits
    assert fits(page)
    page.goto(f"/hechos/revision/?batch={batch}")
    assert "Fila 3" not in page.inner_text("main")


def test_one_word_is_mended_in_all_rows_at_once(open_as, imported):
    batch = imported("iguales")
    page = open_as("bruno")
    page.goto(f"/hechos/revision/?batch={batch}")

    page.click("text=no es un sexo >> nth=0")
    page.fill("input[name=correct]", "mujer")
    page.click("text=Corregir todas")

    assert "Filas aceptadas: 2" in page.inner_text("main")


def test_rows_are_downloaded_to_be_corrected(open_as, imported):
    batch = imported("descarga")
    page = open_as("bruno")
    page.goto(f"/hechos/revision/?batch={batch}")

    with page.expect_download() as waiting:
        page.click("text=Excel (XLSX)")

    assert waiting.value.suggested_filename == f"convive-revision-{batch}.xlsx"


def test_carla_does_not_see_the_rows_of_another_municipality(open_as, imported):
    batch = imported("ajeno")
    page = open_as("carla")

    page.goto(f"/hechos/revision/?batch={batch}")

    assert "ajeno" not in page.inner_text("main")


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_an_offence_gets_its_class_and_the_incidents_follow(
    open_as, demo, tmp_path, width
):
    word = f"Cobro de renta {width}"
    file = tmp_path / "renta.csv"
    file.write_text(f"{HEAD}r-{width},05/03/2011,{word},F,20\n", encoding="utf-8")
    environment = os.environ | {"CONVIVE_HOME": str(demo.home)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "convive", "import", "incidents", str(file)]
    place = ["--place", "sv/sonsonate/sonsonate", "--source", "pnc"]
    subprocess.run([*command, *place], env=environment, check=True, capture_output=True)
    page = open_as("bruno", width)
    page.goto("/hechos/clasificacion/?country=sv")
    table_fits = fits(page)

    page.locator("tr", has_text=word).get_by_role("link").click()
    page.select_option("select[name=iccs]", "02051")
    page.fill("input[name=note]", "Así lo escribe la policía")
    page.click("text=Escribir una versión nueva")
    page.click("text=Clasificar los hechos de nuevo")
    assert word in page.inner_text("main")
    plan_fits = fits(page)
    page.click("button:has-text('Clasificarlos de nuevo')")
    page.wait_for_selector("text=Nada que cambiar", timeout=60_000)

    assert table_fits
    assert plan_fits
    page.goto("/hechos/clasificacion/?country=sv")
    assert page.locator(".notice", has_text=word).count() == 0
