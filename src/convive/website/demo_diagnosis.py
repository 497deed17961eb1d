"""The diagnosis of the demonstration, from demo/diagnosis.toml."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from convive.core.actors import System
from convive.partners.models import Unit
from convive.programme.diagnosis import actions

if TYPE_CHECKING:
    from pathlib import Path

BY = System("Demostración")


def load_diagnosis(file: Path) -> None:
    """Write the Unit's matrix once; the Unit stands before."""
    facts = tomllib.loads(file.read_text(encoding="utf-8"))
    unit = Unit.objects.select_related("place").get(place__path=facts["place"])
    if unit.diagnoses.exists():
        return
    diagnosis = actions.begin_diagnosis(by=BY, unit=unit)
    entries = []
    for row in facts["entry"]:
        entry = actions.add_entry(
            by=BY,
            diagnosis=diagnosis,
            facts={
                "dimension": row["dimension"],
                "kind": row["kind"],
                "place": unit.place,
                "group": row["group"],
                "text": row["text"],
                "severity": row["severity"],
                "dissent": row.get("dissent", ""),
            },
        )
        for evidence in row.get("evidence", []):
            actions.add_evidence(by=BY, entry=entry, **evidence)
        entries.append(entry)
    for source, row in zip(entries, facts["entry"], strict=True):
        for target in row.get("acts_on", []):
            actions.link_entries(by=BY, source=source, target=entries[target])
