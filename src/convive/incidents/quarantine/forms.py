"""Cells of a quarantined row as a form, with each problem beside its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from convive.incidents.intake.table import CELL_LIMIT
from convive.incidents.models import SHOWN_CHARACTERS
from convive.incidents.quarantine import downloads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.forms.boundfield import BoundField

    from convive.incidents.intake import Problem
    from convive.incidents.models import QuarantinedRow


class CellsForm(forms.Form):
    """One text a column that the file's mapping reads. Blank stays blank."""

    def __init__(
        self,
        row: QuarantinedRow,
        data: Mapping[str, str] | None = None,
        problems: Iterable[Problem] | None = None,
    ) -> None:
        super().__init__(data)
        self.row = row
        found = downloads.problems_of(row) if problems is None else problems
        self.sentences = {problem.column: problem.text() for problem in found}
        read = set(row.batch.mapping.get("columns", {}).values())
        self.headings = [h for h in row.batch.headings if h in read]
        for number, heading in enumerate(self.headings):
            self.fields[f"cell-{number}"] = self._field(number, heading)

    def _field(self, number: int, heading: str) -> forms.CharField:
        as_it_stood = self.row.raw.get(heading, "")
        attributes = {"autocomplete": "off", "aria-describedby": f"about-{number}"}
        if heading in self.sentences:
            attributes["aria-invalid"] = "true"
        return forms.CharField(
            label=heading,
            required=False,
            max_length=CELL_LIMIT,
            initial=self.row.cells.get(heading, ""),
            help_text=as_it_stood,
            widget=forms.TextInput(attributes),
        )

    def wrong(self) -> list[tuple[BoundField, str, str]]:
        """Field, its problem, and the number of its description, worst first."""
        return [cell for cell in self._cells() if cell[1]]

    def right(self) -> list[tuple[BoundField, str, str]]:
        return [cell for cell in self._cells() if not cell[1]]

    def _cells(self) -> list[tuple[BoundField, str, str]]:
        return [
            (self[f"cell-{k}"], self.sentences.get(heading, ""), str(k))
            for k, heading in enumerate(self.headings)
        ]

    def cells(self) -> dict[str, str]:
        """The row with what was typed; columns that are not read stay as they stood."""
        typed = {
            heading: self.cleaned_data[f"cell-{number}"]
            for number, heading in enumerate(self.headings)
        }
        cells: dict[str, str] = self.row.raw | typed
        return cells


class DismissForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is no incident of this list"), max_length=SHOWN_CHARACTERS
    )


class AlikeForm(forms.Form):
    batch = forms.IntegerField(min_value=1, max_value=2**62)
    column = forms.CharField(max_length=SHOWN_CHARACTERS)
    # The value as it stands in the problem, inner spaces and all.
    value = forms.CharField(max_length=SHOWN_CHARACTERS, required=False, strip=False)
    correct = forms.CharField(max_length=SHOWN_CHARACTERS, required=False)
    query = forms.CharField(max_length=2000, required=False)
