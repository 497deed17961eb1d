from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convive.partners.fields import DayField, organisation_field, person_field, today

if TYPE_CHECKING:
    from convive.partners.models import Unit


class UnitForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    founded_on = DayField(label=gettext_lazy("Founded on"), required=False)


class SeatForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Seat"),
        help_text=gettext_lazy("What the seat is for: “Delegate for prevention”."),
        max_length=200,
    )

    def __init__(self, unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = organisation_field(unit, _("Organisation"))


class HolderForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    since = DayField(label=gettext_lazy("From"), initial=today)
    is_alternate = forms.BooleanField(
        label=gettext_lazy("As an alternate"), required=False
    )

    def __init__(self, unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = person_field(
            unit,
            _("Signs in as"),
            _("Then the commitments stand on this person's page."),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["name"] = data.get("name") or str(data.get("user") or "")
        if not data["name"]:
            raise ValidationError(_("Write the name, or choose who signs in."))
        return data


class EndHolderForm(forms.Form):
    until = DayField(label=gettext_lazy("Last day"), initial=today)


class AgreementForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Agreement"), max_length=200)
    signed_on = DayField(label=gettext_lazy("Signed on"), initial=today)
    ends_on = DayField(label=gettext_lazy("Ends on"))

    def __init__(self, unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = organisation_field(unit, _("Organisation"))


class RenewalForm(forms.Form):
    signed_on = DayField(label=gettext_lazy("Signed on"), initial=today)
    ends_on = DayField(label=gettext_lazy("Ends on"))
