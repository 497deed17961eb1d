"""Codes of the International Classification of Crime for Statistical Purposes 1.0.

The list lies beside this file; its column `check` says which names were read at the
source and which are from memory and still to be verified.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from convive.warehouse import UNCLASSIFIED


@dataclass(frozen=True)
class Code:
    code: str
    level: int
    name_en: str
    name_es: str
    is_verified: bool


@functools.cache
def codes() -> dict[str, Code]:
    path = Path(__file__).with_name("iccs.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Code(
                row["code"],
                int(row["level"]),
                row["name_en"],
                row["name_es_working"],
                row["check"] == "verified",
            )
            for row in csv.DictReader(file)
        }


def label(code: str) -> str:
    """The name in the reader's language; '' is all offences."""
    if not code:
        return _("All offences")
    if code == UNCLASSIFIED:
        return _("Not classified yet")
    known = codes().get(code)
    if known is None:
        return code
    is_spanish = (translation.get_language() or "es").startswith("es")
    return known.name_es if is_spanish else known.name_en


def choices(deepest: int = 2) -> list[tuple[str, str]]:
    """What a reader may ask for, from everything down to a level."""
    asked = [code for code, entry in codes().items() if entry.level <= deepest]
    return [("", label("")), *((code, f"{code} · {label(code)}") for code in asked)]
