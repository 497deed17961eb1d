from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


def _day(label: StrOrPromise) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the day as 31/12/2009."),
        },
    )


class TrailForm(forms.Form):
    """Which part of the trail: person, place, days."""

    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    where = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("To"))

    def __init__(
        self,
        people: list[tuple[str, str]],
        places: list[tuple[str, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {"person": people, "where": [one for one in places if one[0]]}
        for name, offered in choices.items():
            first = _("Everyone") if name == "person" else _("All my places")
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ("", first),
                *offered,
            ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        since: date | None = given.get("since")
        until: date | None = given.get("until")
        if since and until and since > until:
            raise ValidationError(_("The first day comes after the last."))
        return given
