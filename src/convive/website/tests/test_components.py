"""The living page shows every component there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from convive.website import showcase

FOLDER = Path(showcase.__file__).parent / "templates/website/components"
FILES = sorted(path.name for path in FOLDER.glob("*.html"))


def test_every_component_is_on_the_page_and_the_page_has_no_other():
    assert sorted(showcase.COMPONENTS) == FILES


@pytest.mark.parametrize("file", FILES)
def test_a_component_says_what_it_takes(file):
    text = (FOLDER / file).read_text(encoding="utf-8")

    assert text.startswith("{% comment %}\n")


def test_the_page_shows_each_in_both_themes(client_of):
    page = client_of("emilio").get("/componentes/").content.decode()

    for file in FILES:
        assert f"website/components/{file}" in page
    assert page.count('data-theme="dark"') == page.count('data-theme="light"') > 30


def test_no_id_stands_twice_on_the_page(client_of):
    page = client_of("emilio").get("/componentes/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)

    assert [name for name in set(ids) if ids.count(name) > 1] == []
