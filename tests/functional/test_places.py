"""Places are found, corrected and loaded; a municipality stands beside others."""

from __future__ import annotations

import json
import re

import pytest

ACAJUTLA = "sv/sonsonate/acajutla"
PANEL = "where=sv/sonsonate/sonsonate&what=0101&since=2005-01&until=2011-12"


def scrolls_sideways(page):
    across = page.locator("html").evaluate("e => e.scrollWidth")
    return across > page.viewport_size["width"]


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("language", ["es-SV", "en-GB"])
def test_a_place_is_found_by_its_abbreviation(open_as, width, language):
    page = open_as("fatima", width, language)

    page.goto("/lugares/")
    is_wide = scrolls_sideways(page)
    page.fill("#q", "Sta. Catarina")
    page.press("#q", "Enter")
    page.click("main table a >> text=Santa Catarina Masahuat")

    assert page.url.endswith("/lugares/ficha/sv/sonsonate/santa-catarina-masahuat/")
    assert "10" in page.inner_text("main table")
    assert page.locator("main figure svg path.outline-own").count() == 1
    assert not is_wide
    assert not scrolls_sideways(page)


@pytest.mark.parametrize(
    "address",
    [
        "/lugares/ficha/sv/sonsonate/sonsonate/",
        "/lugares/agregar/sv/sonsonate/sonsonate/",
        "/lugares/archivo/limites/sv/sonsonate/sonsonate/",
    ],
)
def test_the_coordinators_forms_fit_a_phone(open_as, address):
    page = open_as("alicia", "phone")

    page.goto(address)

    assert not scrolls_sideways(page)


def test_the_coordinator_mends_a_file_of_population_and_loads_it(open_as, tmp_path):
    page = open_as("carla")
    file = tmp_path / "poblacion.csv"
    file.write_text(f"lugar;año;personas\n{ACAJUTLA};2010;muchas\n", encoding="utf-8")

    page.goto(f"/lugares/archivo/poblacion/{ACAJUTLA}/")
    page.set_input_files("[name=file]", file)
    page.fill("[name=source]", "Una prueba")
    page.click("main form .button-primary")
    refused = page.inner_text("main")
    file.write_text(f"lugar;año;personas\n{ACAJUTLA};2010;53.000\n", encoding="utf-8")
    page.set_input_files("[name=file]", file)
    page.click("main form .button-primary")
    preview = page.inner_text("main")
    page.click("main form .button-primary")

    assert "Fila 2, columna personas: «muchas» no es un número entero" in refused
    assert "Todavía no se ha escrito nada" in preview
    assert "53000" in re.sub(r"\s", "", page.inner_text("main"))
    assert "Una prueba" in page.inner_text("main")


def test_the_coordinator_draws_a_zone_and_removes_it(open_as, tmp_path):
    page = open_as("carla")
    ring = [[-89.84, 13.59], [-89.83, 13.59], [-89.83, 13.6], [-89.84, 13.59]]
    outline = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"name": "El Puerto"}}
    file = tmp_path / "zonas.geojson"
    file.write_text(
        json.dumps(
            {"type": "FeatureCollection", "features": [feature | {"geometry": outline}]}
        )
    )

    page.goto(f"/lugares/archivo/limites/{ACAJUTLA}/")
    page.set_input_files("[name=file]", file)
    page.fill("[name=source]", "Una prueba")
    page.select_option("[name=kind]", "zone")
    page.click("main form .button-primary")
    page.click("main form .button-primary")
    page.click("main >> text=El Puerto")
    page.click("main a.button-danger")
    page.click("main form .button-danger")

    assert page.url.endswith(f"/lugares/ficha/{ACAJUTLA}/")
    assert page.locator(".columns >> text=El Puerto").count() == 0


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_municipality_stands_among_those_of_the_panel(open_as, width):
    page = open_as("bruno", width)

    page.goto(f"/observatorio/panel/?{PANEL}")
    text = page.inner_text("main")
    with page.expect_download() as caught:
        page.click("main a.button >> text=CSV >> nth=0")
    lines = caught.value.path().read_text(encoding="utf-8-sig").splitlines()

    assert "61,5" in text  # 44 of 71,541 in 2005
    assert "Por encima de la mitad" in text
    assert "CC0" in text
    assert len([line for line in lines if line[:4].isdigit()]) == 7
    assert not scrolls_sideways(page)


def test_one_municipality_of_the_panel_is_looked_up(open_as):
    page = open_as("bruno")

    page.goto(f"/observatorio/panel/?{PANEL}")
    page.fill("#panel-q", "medellin")
    page.press("#panel-q", "Enter")
    page.click("#unit >> text=Medellín")

    # 3,924 among 1,688,394 in 1990, as its source prints it.
    assert "232,4" in page.inner_text("#unit")
