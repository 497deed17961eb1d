"""The pictures of the README: taken on request, and never missing."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import reverse

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"
LARGEST_BYTES = 150_000
HOMICIDES = "?where=sv/sonsonate/sonsonate&what=0101&since=2005-01&until=2011-12"
ZONES = "?where=mx/ciudad-de-mexico/cuauhtemoc&what=05&since=2024-01&until=2024-12"
LANGUAGES = {"es": "es-SV", "en": "en-US"}


@dataclass(frozen=True)
class Picture:
    name: str
    url_name: str
    query: str = ""
    is_of_a_phone: bool = True


PICTURES = (
    Picture("home", "home"),
    Picture("overview", "observatory:overview", HOMICIDES),
    Picture("series", "observatory:series", HOMICIDES, is_of_a_phone=False),
    Picture("map", "observatory:map", ZONES),
    Picture("import", "incidents:import_upload", is_of_a_phone=False),
)


TAKEN = [
    (picture, width, language)
    for picture in PICTURES
    for width in (("desk", "phone") if picture.is_of_a_phone else ("desk",))
    for language in LANGUAGES
]


def file_of(picture: Picture, width: str, language: str) -> Path:
    across = {"desk": 1280, "phone": 390}[width]
    return IMAGES / f"{picture.name}-{across}-{language}.png"


# `make screenshots` takes them; the other runs only look whether they are there.
@pytest.mark.parametrize(("picture", "width", "language"), TAKEN)
def take(open_as, picture, width, language):
    page = open_as("alicia", width, LANGUAGES[language])
    if width == "desk":
        page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(reverse(picture.url_name) + picture.query, wait_until="load")

    file = file_of(picture, width, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file)

    assert 0 < file.stat().st_size < LARGEST_BYTES


if os.environ.get("CONVIVE_SCREENSHOTS") == "1":
    test_a_picture_is_taken = take


@pytest.mark.parametrize("readme", ["README.md", "README.es.md"])
def test_the_pictures_that_a_readme_names_are_there(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")

    named = re.findall(r'docs/images/[^")\s]+', text)

    assert len(named) >= 5
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert [
        path for path in named if (ROOT / path).stat().st_size > LARGEST_BYTES
    ] == []
