"""Columns of a sheet by field, understood text by distinct text, with problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from convive.incidents.intake.coded import BLANKS, Coded
from convive.incidents.intake.outcome import Note, Problem, Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convive.incidents.intake.mapping import Field, Mapping
    from convive.incidents.intake.sheet import Sheet


@dataclass
class Columns:
    """A sheet being checked. `problems` are kept by position in it."""

    sheet: Sheet
    mapping: Mapping
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    _texts: dict[str, pl.Series] = field(default_factory=dict)
    _coded: dict[str, Coded] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return self.sheet.frame.height

    def has(self, wanted: Field) -> bool:
        return self.mapping.position(self.sheet, wanted) is not None

    def text(self, wanted: Field) -> pl.Series:
        """The column's texts without outer spaces; null where blank or not mapped."""
        if wanted not in self._texts:
            self._texts[wanted] = self._stripped(wanted)
        return self._texts[wanted]

    def _stripped(self, wanted: Field) -> pl.Series:
        position = self.mapping.position(self.sheet, wanted)
        if position is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, self.height)
        stripped = pl.col(str(position)).str.strip_chars(BLANKS)
        present = pl.when(stripped.str.len_bytes() > 0).then(stripped)
        return self.sheet.frame.select(present.alias("text")).to_series()

    def coded(self, wanted: Field) -> Coded:
        """The same texts, each distinct one once."""
        if wanted not in self._coded:
            position = self.mapping.position(self.sheet, wanted)
            self._coded[wanted] = (
                Coded.constant(None, self.height)
                if position is None
                else Coded.of(self.sheet.frame[str(position)])
            )
        return self._coded[wanted]

    def refuse(
        self,
        where: pl.Series | NDArray[np.bool_],
        wanted: Field,
        sentence: str,
        **facts: str | int,
    ) -> None:
        """Note a problem in every row of the mask."""
        positions = np.flatnonzero(np.asarray(where))
        if not len(positions):
            return
        each = [facts] * len(positions)
        self.refuse_each(positions.tolist(), wanted, sentence, each)

    def refuse_each(
        self,
        positions: list[int],
        wanted: Field,
        sentence: str,
        facts: Sequence[dict[str, str | int]],
    ) -> None:
        """The same with facts of each row's own."""
        if not positions:
            return
        values = self.text(wanted).gather(positions).to_list()
        heading = self.mapping.columns.get(wanted, "")
        for position, value, of_row in zip(positions, values, facts, strict=True):
            problem = Problem(heading, value or "", sentence, of_row)
            self.problems.setdefault(position, []).append(problem)

    def rejected(self) -> list[Rejected]:
        positions = sorted(self.problems)
        if not positions:
            return []
        frame = self.sheet.frame[positions].fill_null("")
        numbers = self.sheet.row_numbers[positions].to_list()
        return [
            Rejected(
                row_number=number,
                raw=dict(zip(self.sheet.headings, cells, strict=True)),
                problems=tuple(self.problems[position]),
            )
            for position, number, cells in zip(
                positions, numbers, frame.iter_rows(), strict=True
            )
        ]

    def accepted(self) -> NDArray[np.bool_]:
        keep = np.ones(self.height, dtype=bool)
        keep[list(self.problems)] = False
        return keep


def known(values: Coded, *, is_kept: bool) -> Coded:
    """Fill blanks: `unknown` in a column the office keeps, else `not_recorded`."""
    return values.fill("unknown" if is_kept else "not_recorded")
