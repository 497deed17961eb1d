"""Every text of every room stands in Spanish, and is compiled."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2] / "src/convive"
CATALOGUES = sorted(ROOT.glob("*/locale/es/LC_MESSAGES/django.po"))
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}


def entries(po: Path) -> dict[str, str]:
    pattern = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', re.M)
    found = {}
    for wanted, given in pattern.findall(po.read_text(encoding="utf-8")):
        key, value = (
            "".join(ast.literal_eval(line) for line in text.splitlines())
            for text in (wanted, given)
        )
        found[key] = value
    return found


def texts_in(room: Path) -> set[str]:
    """Message ids of a room's code, read without running it."""
    found = set()
    for path in room.rglob("*.py"):
        if {"migrations", "tests"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
                argument = node.args[0]
                if isinstance(argument, ast.Constant):
                    found.add(argument.value)
    return found


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parts[-5])
def test_every_text_of_the_room_stands_in_spanish(po):
    known = entries(po)

    empty = [text for text, spanish in known.items() if text and not spanish]
    absent = texts_in(po.parents[3]) - known.keys()

    assert empty == []
    assert absent == set()
    assert "#, fuzzy" not in po.read_text(encoding="utf-8")


_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(?:_|n?gettext)\(((?:{_LITERAL}(?:\s*,\s*)?)+)")


def texts_of_template(path: Path) -> set[str]:
    """Message ids as Django's own extraction sees them, percent signs doubled."""
    calls = _CALL.findall(templatize(path.read_text(encoding="utf-8")))
    return {
        ast.literal_eval(literal.removeprefix("u"))
        for call in calls
        for literal in re.findall(_LITERAL, call)
    }


def test_every_text_of_the_templates_stands_in_spanish():
    plural = re.compile(r'^msgid_plural (".*")$', re.M)
    known: set[str] = set()
    for po in CATALOGUES:
        text = po.read_text(encoding="utf-8")
        known |= entries(po).keys()
        known |= {ast.literal_eval(found) for found in plural.findall(text)}
        known |= {
            ast.literal_eval(found)
            for found in re.findall(r'^msgid (".*")\nmsgid_plural', text, re.M)
        }

    absent = {
        str(path.relative_to(ROOT)): missing
        for path in ROOT.rglob("*.html")
        if (missing := texts_of_template(path) - known)
    }

    assert absent == {}


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parts[-5])
def test_the_compiled_catalogue_is_that_of_the_text(po):
    with po.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    differing = [t for t, s in entries(po).items() if t and compiled.gettext(t) != s]

    assert differing == []
