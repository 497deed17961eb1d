from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convive.places.models import Place
from convive.programme.models import (
    SEVEREST,
    Dimension,
    EntryKind,
    EvidenceKind,
    Group,
)

if TYPE_CHECKING:
    from convive.programme.models import Diagnosis, Entry

GRADES = [(grade, str(grade)) for grade in range(1, SEVEREST + 1)]


class EntryForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=EntryKind.choices)
    dimension = forms.ChoiceField(
        label=gettext_lazy("Dimension"), choices=Dimension.choices
    )
    text = forms.CharField(
        label=gettext_lazy("What it is"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    group = forms.ChoiceField(label=gettext_lazy("Whom"), choices=Group.choices)
    severity = forms.TypedChoiceField(
        label=gettext_lazy("How grave, from 1 to 5"),
        help_text=gettext_lazy(
            "As the participants agreed. Of a capacity: how much it can do."
        ),
        choices=GRADES,
        coerce=int,
        initial=3,
    )
    dissent = forms.CharField(
        label=gettext_lazy("Who sees it otherwise, and why"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("kind", "dimension", "text", "place", "group", "severity")

    def __init__(self, diagnosis: Diagnosis, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        around = diagnosis.unit.place.path
        self.fields["place"] = forms.ModelChoiceField(
            Place.objects.within(around), label=_("Where"), empty_label=None
        )
        self.order_fields(self.field_order)


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=EvidenceKind.choices)
    text = forms.CharField(
        label=gettext_lazy("What it says, of which day"), max_length=300
    )
    address = forms.CharField(
        label=gettext_lazy("Address of the page"),
        help_text=gettext_lazy(
            "Copy it from the browser: of a page here, or https://..."
        ),
        required=False,
        max_length=500,
    )

    def clean_address(self) -> str:
        """A page of this installation, or one of the web; nothing that runs."""
        address = str(self.cleaned_data["address"]).strip()
        is_here = address.startswith("/") and not address.startswith("//")
        if address and not is_here and not address.startswith(("https://", "http://")):
            raise ValidationError(_("Write an address that begins with / or https://"))
        return address


class LinkForm(forms.Form):
    def __init__(self, entry: Entry, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = entry.diagnosis.entries.exclude(pk=entry.pk)
        self.fields["target"] = forms.ModelChoiceField(others, label=_("It acts on"))


class VersionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why there is a new version"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
