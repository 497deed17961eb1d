"""Forms of the offence table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from convive.core.text import fold
from convive.incidents import iccs
from convive.incidents.classification import table
from convive.incidents.classification.actions import TermRow
from convive.incidents.classification.words import implied_choices
from convive.warehouse.schema import Mechanism, Relationship

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

Grouped = list[tuple[str, list[tuple[str, str]]]]


def codes_by_section() -> Grouped:
    """The codes below the name of their section, as a select groups them."""
    grouped: Grouped = []
    for code, entry in iccs.codes().items():
        if entry.level == 1:
            grouped.append((f"{code} · {iccs.label(code)}", []))
        grouped[-1][1].append((code, f"{code} · {iccs.label(code)}"))
    return grouped


class TermForm(forms.Form):
    term = forms.CharField(
        label=_("Offence as the office writes it"), max_length=table.LENGTHS["term"]
    )
    iccs = forms.ChoiceField(label=_("Class (ICCS)"))
    mechanism = forms.ChoiceField(
        label=_("Weapon or mechanism that the name itself says"), required=False
    )
    relationship = forms.ChoiceField(
        label=_("Relation of the author to the victim that the name itself says"),
        required=False,
    )
    penal_code_article = forms.CharField(
        label=_("Article of the penal code"),
        max_length=table.LENGTHS["penal_code_article"],
        required=False,
    )
    note = forms.CharField(
        label=_("Why, for whoever reads the versions later"), max_length=1000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "iccs": [("", "—"), *codes_by_section()],
            "mechanism": implied_choices(Mechanism),
            "relationship": implied_choices(Relationship),
        }
        for name, given in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = given

    def clean_term(self) -> str:
        term = str(self.cleaned_data["term"])
        if not fold(term):
            raise forms.ValidationError(_text("Write the offence's name in letters."))
        return term

    def row(self) -> TermRow:
        named = {name: self.cleaned_data[name] for name in table.FIELDS}
        return TermRow(**named)


class TableForm(forms.Form):
    file = forms.FileField(label=_("CSV file"))
    note = forms.CharField(
        label=_("Why, for whoever reads the versions later"), max_length=1000
    )

    rows: list[TermRow]

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            self.rows = table.read_csv(file.read(table.BYTES_LIMIT + 1))
        except table.TableError as error:
            raise forms.ValidationError(error.sentences) from error
        return file
