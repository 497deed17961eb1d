"""Columns of a sheet by field, translated value by distinct value, with problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from convive.incidents.intake.outcome import Problem, Rejected

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.incidents.intake.mapping import Field, Mapping
    from convive.incidents.intake.sheet import Sheet


@dataclass
class Columns:
    """A sheet being checked. `problems` are kept by position in it."""

    sheet: Sheet
    mapping: Mapping
    problems: dict[int, list[Problem]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return self.sheet.frame.height

    def has(self, wanted: Field) -> bool:
        return self.mapping.position(self.sheet, wanted) is not None

    def text(self, wanted: Field) -> pl.Series:
        """The column's texts without outer spaces; null where blank or not mapped."""
        position = self.mapping.position(self.sheet, wanted)
        if position is None:
            return pl.Series([None] * self.height, dtype=pl.String)
        stripped = pl.col(str(position)).str.strip_chars()
        present = pl.when(stripped.str.len_bytes() > 0).then(stripped)
        return self.sheet.frame.select(present.alias("text")).to_series()

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
        values = self.text(wanted)
        heading = self.mapping.columns.get(wanted, "")
        for position in positions.tolist():
            problem = Problem(heading, values[position] or "", sentence, facts)
            self.problems.setdefault(position, []).append(problem)

    def rejected(self) -> list[Rejected]:
        frame, numbers = self.sheet.frame, self.sheet.row_numbers
        return [
            Rejected(
                row_number=numbers[position],
                raw={
                    heading: cell or ""
                    for heading, cell in zip(
                        self.sheet.headings, frame.row(position), strict=True
                    )
                },
                problems=tuple(self.problems[position]),
            )
            for position in sorted(self.problems)
        ]

    def accepted(self) -> NDArray[np.bool_]:
        keep = np.ones(self.height, dtype=bool)
        keep[list(self.problems)] = False
        return keep


def translate(
    values: pl.Series,
    meaning: Callable[[str], Any],
    dtype: Any,  # noqa: ANN401
) -> pl.Series:
    """Apply `meaning` once to each distinct text; null stays null."""
    distinct = values.drop_nulls().unique().to_list()
    table = pl.DataFrame(
        {"text": distinct, "meaning": [meaning(text) for text in distinct]},
        schema={"text": pl.String, "meaning": dtype},
    )
    joined = values.to_frame("text").join(
        table, on="text", how="left", maintain_order="left"
    )
    return joined["meaning"]


def coded(values: pl.Series, missing: str, column_exists: bool) -> pl.Series:
    """Fill blanks: `unknown` in a column the office keeps, else `not_recorded`."""
    return values.fill_null(missing if column_exists else "not_recorded")
