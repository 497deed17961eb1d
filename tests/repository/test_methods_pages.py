"""Every public function of the statistics has a page in both languages."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import convive.stats

PAGES = Path(__file__).parents[2] / "docs/methods"
FUNCTIONS = {
    name
    for name in convive.stats.__all__
    if inspect.isfunction(getattr(convive.stats, name))
}
PARTS = {
    "en": ("Question", "Not when", "Formula", "Source", "Use"),
    "es": ("Pregunta", "Cuándo no", "Fórmula", "Fuente", "Uso"),
}
LANGUAGES = pytest.mark.parametrize("language", PARTS)


def pages(language):
    return sorted((PAGES / language).glob("*.md"))


def titled(page):
    return re.findall(r"`(\w+)`", page.read_text(encoding="utf-8").splitlines()[0])


@LANGUAGES
def test_every_function_stands_in_the_title_of_one_page(language):
    named = [name for page in pages(language) for name in titled(page)]

    assert sorted(named) == sorted(FUNCTIONS)


@LANGUAGES
def test_a_page_answers_what_a_coordination_unit_asks(language):
    missing = {
        page.name: absent
        for page in pages(language)
        if (
            absent := [
                part
                for part in PARTS[language]
                if not re.search(rf"^\*\*{part}\b", page.read_text("utf-8"), re.M)
            ]
        )
    }

    assert missing == {}


@LANGUAGES
def test_what_a_page_links_to_is_there(language):
    broken = {
        f"{page.name}: {target}"
        for page in pages(language)
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    }

    assert broken == set()


@LANGUAGES
def test_a_page_shows_its_picture_in_its_language(language):
    without = [
        page.name
        for page in pages(language)
        if f"-{language}.svg)" not in page.read_text(encoding="utf-8")
    ]

    assert without == []


@LANGUAGES
def test_the_index_lists_every_page(language):
    name = {"en": "README.md", "es": "LEAME.md"}[language]
    index = (PAGES / name).read_text(encoding="utf-8")

    assert [
        page for page in pages(language) if f"({language}/{page.name})" not in index
    ] == []
