"""From an office's file to rows of the warehouse, without asking the database."""

from convive.incidents.intake.check import check
from convive.incidents.intake.mapping import Field, Mapping, recognise
from convive.incidents.intake.outcome import (
    Checked,
    IntakeError,
    Note,
    Problem,
    Rejected,
)
from convive.incidents.intake.reference import Reference, Term
from convive.incidents.intake.sheet import Sheet, read_sheet

__all__ = [
    "Checked",
    "Field",
    "IntakeError",
    "Mapping",
    "Note",
    "Problem",
    "Reference",
    "Rejected",
    "Sheet",
    "Term",
    "check",
    "read_sheet",
    "recognise",
]
