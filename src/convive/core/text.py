"""Comparable forms of names and terms."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: 'Santa  María, La' -> 'santa maria la'."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", letters).strip()


def slug(text: str) -> str:
    return fold(text).replace(" ", "-")
