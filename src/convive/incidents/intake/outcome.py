"""What came of a file: accepted rows, rejected rows with reasons, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    import pyarrow as pa


class IntakeError(Exception):
    """The file as a whole cannot be used; the sentence says why and what to do."""

    def __init__(self, sentence: str, **facts: str | int) -> None:
        self.sentence = sentence
        self.facts = facts
        super().__init__(sentence % facts)

    def __str__(self) -> str:
        return gettext(self.sentence) % self.facts


@dataclass(frozen=True)
class Problem:
    """Why one cell was not accepted. `sentence` is an English message id."""

    column: str
    value: str
    sentence: str
    facts: dict[str, str | int] = field(default_factory=dict)

    def text(self) -> str:
        return gettext(self.sentence) % {"value": self.value, **self.facts}


@dataclass(frozen=True)
class Note:
    """What was understood of the file as a whole. `sentence` is a message id."""

    sentence: str
    facts: dict[str, str | int] = field(default_factory=dict)

    def text(self) -> str:
        return gettext(self.sentence) % self.facts


@dataclass(frozen=True)
class Rejected:
    row_number: int
    raw: dict[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Checked:
    """`read` = accepted rows + rejected rows: nothing is lost on the way."""

    accepted: pa.Table  # INCIDENT_SCHEMA without row_id
    rejected: list[Rejected]
    read: int
    # Offence texts that are not in the crosswalk yet, and their rows.
    unclassified: dict[str, int]
    notes: tuple[Note, ...] = ()
