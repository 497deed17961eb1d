"""What people fill in about places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convive.places.models import PlaceKind
from convive.places.plans import PlaceFields
from convive.places.policies import ADDABLE

MOST_PERSONS = 500_000_000


class Degrees(forms.CharField):
    """A number of degrees, with a decimal point or comma."""

    def __init__(self, *, limit: int, **rest: Any) -> None:
        self.limit = limit
        super().__init__(required=False, **rest)

    def clean(self, value: str) -> float | None:
        text = super().clean(value).strip().replace(",", ".")
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not abs(number) <= self.limit:
            raise forms.ValidationError(
                _("“%(value)s” is not a number of degrees. Write it as -89.7256.")
                % {"value": value}
            )
        return number


class AddPlaceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(k.value, k.label) for k in ADDABLE]
    )
    longitude = Degrees(
        limit=180,
        label=gettext_lazy("Longitude"),
        help_text=gettext_lazy("In degrees, west is negative: -89.7256. May be blank."),
    )
    latitude = Degrees(
        limit=90,
        label=gettext_lazy("Latitude"),
        help_text=gettext_lazy("In degrees: 13.7187. May be blank."),
    )
    note = forms.CharField(
        label=gettext_lazy("What is assumed or to be verified"),
        required=False,
        max_length=500,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [data.get("longitude"), data.get("latitude")]
        if given.count(None) == 1 and not self.errors:
            self.add_error(
                "latitude" if given[1] is None else "longitude",
                _("Write both numbers of the point, or neither."),
            )
        return data

    @property
    def point(self) -> tuple[float, float] | None:
        longitude = self.cleaned_data["longitude"]
        latitude = self.cleaned_data["latitude"]
        return None if longitude is None else (longitude, latitude)


class RenameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    note = forms.CharField(
        label=gettext_lazy("What is assumed or to be verified"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SpellingForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Another spelling"), max_length=200)


class PopulationForm(forms.Form):
    year = forms.IntegerField(
        label=gettext_lazy("Year"), min_value=1900, max_value=2100
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[
            ("all", gettext_lazy("everyone")),
            ("female", gettext_lazy("women")),
            ("male", gettext_lazy("men")),
        ],
    )
    age_group = forms.RegexField(
        label=gettext_lazy("Age group"),
        regex=r"^(all|\d{1,3}-\d{1,3}|\d{1,3}\+)$",
        initial="all",
        help_text=gettext_lazy("Write it as 15-19, 80+ or all."),
        error_messages={"invalid": gettext_lazy("Write it as 15-19, 80+ or all.")},
    )
    persons = forms.IntegerField(
        label=gettext_lazy("Persons"), min_value=0, max_value=MOST_PERSONS
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300)
    is_verified = forms.BooleanField(
        label=gettext_lazy("I have checked it against the source"), required=False
    )


class FileForm(forms.Form):
    """A file of population or of a gazetteer, and where it comes from."""

    file = forms.FileField(label=gettext_lazy("File"))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("The office and the year, as: DIGESTYC, census 2007."),
    )

    def clean_file(self) -> Any:  # noqa: ANN401 - Django's uploaded file
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Send it in parts.")
                % {"limit": settings.UPLOAD_LIMIT_BYTES // 1024**2}
            )
        return file


class PopulationFileForm(FileForm):
    is_verified = forms.BooleanField(
        label=gettext_lazy("I have checked these figures against the source"),
        required=False,
    )


class BoundariesFileForm(FileForm):
    licence = forms.CharField(
        label=gettext_lazy("Licence"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("What may be done with the outlines, as: CC BY 4.0."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("The outlines are of"),
        choices=[
            ("own", gettext_lazy("this place itself (one outline)")),
            (PlaceKind.ZONE.value, gettext_lazy("zones inside it")),
            (PlaceKind.MUNICIPALITY.value, gettext_lazy("municipalities inside it")),
            (PlaceKind.DEPARTMENT.value, gettext_lazy("departments inside it")),
        ],
    )
    name_field = forms.CharField(
        label=gettext_lazy("Property with the name"), required=False, initial="name"
    )
    code_field = forms.CharField(
        label=gettext_lazy("Property with the official code"), required=False
    )
    parent_field = forms.CharField(
        label=gettext_lazy("Property with the name of the place around"),
        required=False,
    )
    is_approximate = forms.BooleanField(
        label=gettext_lazy("The outlines are approximate"), required=False
    )

    @property
    def target(self) -> tuple[PlaceKind, PlaceFields]:
        data = self.cleaned_data
        if data["kind"] == "own":
            return PlaceKind.ZONE, PlaceFields("")
        fields = PlaceFields(
            data["name_field"] or "name", data["code_field"], data["parent_field"]
        )
        return PlaceKind(data["kind"]), fields
