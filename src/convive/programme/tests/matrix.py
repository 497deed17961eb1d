"""A diagnosis of Sonsonate with two entries, for tests that need one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convive.core.actors import System
from convive.partners.tests.table import make_table
from convive.programme.diagnosis import actions
from convive.programme.models import Dimension, EntryKind, Group

if TYPE_CHECKING:
    from convive.programme.diagnosis.actions import EntryFacts
    from convive.programme.models import Diagnosis, Entry

BY = System()


def facts(
    diagnosis: Diagnosis, text: str = "Robberies by the park", **more
) -> EntryFacts:
    return {
        "dimension": Dimension.PERSONAL,
        "kind": EntryKind.THREAT,
        "place": diagnosis.unit.place,
        "group": Group.YOUTH,
        "text": text,
        "severity": 4,
        "dissent": "",
    } | more


def make_diagnosis() -> Diagnosis:
    return actions.begin_diagnosis(by=BY, unit=make_table().unit)


def make_entries() -> tuple[Entry, Entry]:
    """A threat, and a capacity in another dimension."""
    diagnosis = make_diagnosis()
    threat = actions.add_entry(by=BY, diagnosis=diagnosis, facts=facts(diagnosis))
    other = facts(
        diagnosis,
        "Neighbours' association",
        dimension=Dimension.COMMUNITY,
        kind=EntryKind.CAPACITY,
    )
    return threat, actions.add_entry(by=BY, diagnosis=diagnosis, facts=other)
