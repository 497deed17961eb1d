"""Names of places as offices write them: accents, abbreviations, misspellings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convive.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

# The one table of abbreviations, folded: the intake and the search both read it.
ABBREVIATIONS = {
    "s": "san",
    "sn": "san",
    "sta": "santa",
    "sto": "santo",
    "stgo": "santiago",
    "cd": "ciudad",
    "cdad": "ciudad",
    "pto": "puerto",
    "vla": "villa",
    "nva": "nueva",
    "nvo": "nuevo",
    "fco": "francisco",
    "ma": "maria",
    "gpe": "guadalupe",
    "dgo": "domingo",
}
# Words that say what kind of place it is, and are no part of its name.
_KINDS = re.compile(
    r"\b(?:municipio|municipalidad|mpio|mun|departamento|depto|dpto|dep|alcaldia)\b"
    r"(?: municipal)?(?: de\b)?"
)


def place_key(text: str) -> str:
    """Two writings of one name give one key: 'Sta. Catarina', 'SANTA CATARINA'."""
    bare = _KINDS.sub(" ", fold(text)).split()
    return " ".join(ABBREVIATIONS.get(word, word) for word in bare)


def unambiguous(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """(key, path) pairs as a table, without the keys that mean several places."""
    paths: dict[str, set[str]] = {}
    for key, path in named:
        paths.setdefault(key, set()).add(path)
    return {key: found.pop() for key, found in paths.items() if len(found) == 1}
