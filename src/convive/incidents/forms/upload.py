"""A file on its way in: which place, whose list, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convive.core.text import slug
from convive.incidents import offices
from convive.incidents.models import Batch, ImportDraft, Nature

if TYPE_CHECKING:
    from convive.accounts.models import User

SOURCE_LENGTH = 60
PLACE_KINDS = ("country", "department", "municipality")


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, XLS, ODS or CSV, as the office sends it. Title rows, merged "
                    "headings and subtotals do no harm."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt,.tsv,.gz"}
        ),
    )  # fmt: skip
    place_path = forms.ChoiceField(
        label=_("Place that the file is about"),
        help_text=_("Rows outside it are set apart for review."),
    )
    source = forms.ChoiceField(
        label=_("Office whose list it is"),
        required=False,
        help_text=_("Records of one office are compared only with its own."),
    )
    other_source = forms.CharField(
        label=_("Another office, if it is not in the list"),
        required=False,
        max_length=SOURCE_LENGTH,
    )
    nature = forms.ChoiceField(
        label=_("What the records are"),
        choices=Nature.choices,
        initial=Nature.REAL,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What a reader of the figures should know"),
        help_text=_(
            "For example: coordinates moved by 200 m, or how it was simulated."
        ),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        places: list[tuple[str, str]],
        **rest: Any,
    ) -> None:
        last = ImportDraft.objects.filter(by_id=user.pk).first()
        if last is not None:
            remembered = {"place_path": last.place_path, "source": last.source}
            rest.setdefault("initial", remembered)
        super().__init__(*args, **rest)
        self._field("place_path").choices = places
        self._field("source").choices = [("", "—"), *office_choices()]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        return field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        other = slug(cleaned.get("other_source", "")).replace("-", "_")
        cleaned["source"] = other[:SOURCE_LENGTH] or cleaned.get("source", "")
        if not cleaned["source"]:
            self.add_error("source", _("Say whose list it is."))
        return cleaned


def office_choices() -> list[tuple[str, str]]:
    """The usual offices, and those that this installation has met."""
    met = Batch.objects.order_by("source").values_list("source", flat=True).distinct()
    codes = [*offices.OFFICES, *(code for code in met if code not in offices.OFFICES)]
    return [(code, offices.label(code)) for code in codes]
