"""Which column holds what, and how the office writes dates and coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from convive.incidents.intake import Field, Mapping

if TYPE_CHECKING:
    from collections.abc import Iterable

LABELS = {
    Field.DATE: _("Date of the incident"),
    Field.TIME: _("Time"),
    Field.DAY: _("Day of the month"),
    Field.MONTH: _("Month"),
    Field.YEAR: _("Year"),
    Field.OFFENCE: _("Offence, as the office writes it"),
    Field.ICCS: _("ICCS code"),
    Field.INCIDENT_ID: _("Number of the record"),
    Field.EVENT_ID: _("Number of the event"),
    Field.SEX: _("Sex of the victim"),
    Field.AGE: _("Age of the victim"),
    Field.MECHANISM: _("Weapon or mechanism"),
    Field.RELATIONSHIP: _("Relation of the author to the victim"),
    Field.MUNICIPALITY: _("Municipality"),
    Field.DEPARTMENT: _("Department"),
    Field.NEIGHBOURHOOD: _("Barrio, colonia or canton"),
    Field.LOCATION: _("Address or landmark"),
    Field.LATITUDE: _("Latitude or north (Y)"),
    Field.LONGITUDE: _("Longitude or east (X)"),
}
HINTS = {
    Field.DATE: _(
        "Mandatory, unless day, month and year stand in columns of their own."
    ),
    Field.OFFENCE: _("Mandatory, unless there is a column with the ICCS code."),
    Field.INCIDENT_ID: _("With it a corrected row is known again when it comes back."),
    Field.EVENT_ID: _("Victims of the same event share it."),
}
GROUPS: dict[str, tuple[Any, tuple[Field, ...]]] = {
    "when": (
        _("When"),
        (Field.DATE, Field.TIME, Field.DAY, Field.MONTH, Field.YEAR),
    ),
    "what": (
        _("What"),
        (Field.OFFENCE, Field.ICCS, Field.INCIDENT_ID, Field.EVENT_ID),
    ),
    "who": (
        _("Who and how"),
        (Field.SEX, Field.AGE, Field.MECHANISM, Field.RELATIONSHIP),
    ),
    "where": (
        _("Where"),
        (
            Field.MUNICIPALITY,
            Field.DEPARTMENT,
            Field.NEIGHBOURHOOD,
            Field.LOCATION,
            Field.LATITUDE,
            Field.LONGITUDE,
        ),
    ),
}
MANDATORY = (Field.DATE, Field.OFFENCE)
DATE_ORDERS = [
    ("", _("Decide from the column")),
    ("dmy", _("Day first: 31/12/2009")),
    ("mdy", _("Month first: 12/31/2009")),
]
CRS_NAMES = [
    ("", _("Recognise from the values")),
    ("EPSG:4326", _("Degrees (WGS 84, GPS)")),
    *((f"EPSG:326{zone}", f"UTM {zone} N (EPSG:326{zone})") for zone in range(13, 20)),
    *((f"EPSG:327{zone}", f"UTM {zone} S (EPSG:327{zone})") for zone in range(17, 20)),
]


class ColumnsForm(forms.Form):
    date_order = forms.ChoiceField(
        label=_("Order of the dates"), choices=DATE_ORDERS, required=False
    )
    crs = forms.ChoiceField(
        label=_("Reference system of the coordinates"),
        choices=CRS_NAMES,
        required=False,
    )
    crs_code = forms.CharField(
        label=_("Another system, by its EPSG code"),
        help_text=_("For example 5460 for the Lambert projection of El Salvador."),
        required=False,
        max_length=20,
    )
    profile_name = forms.CharField(
        label=_("Keep this reading as a profile"),
        help_text=_("Give it a name, such as “Police, monthly”, and the next file of "
                    "the office will be read the same way. A profile of the same name "
                    "is replaced."),
        required=False,
        max_length=100,
    )  # fmt: skip

    def __init__(self, *args: Any, headings: list[str], **rest: Any) -> None:
        super().__init__(*args, **rest)
        choices = [("", _("— not in the file —")), *((h, h) for h in headings)]
        for field in Field:
            self.fields[field] = forms.ChoiceField(
                label=LABELS[field],
                choices=choices,
                required=False,
                help_text=HINTS.get(field, ""),
            )

    def clean_crs_code(self) -> str:
        code = str(self.cleaned_data["crs_code"]).strip().upper().removeprefix("EPSG:")
        if not code:
            return ""
        try:
            CRS(f"EPSG:{int(code)}")
        except (ValueError, CRSError) as error:
            raise forms.ValidationError(
                _("“%(code)s” is not a known EPSG code. Write its number, as 32616."),
                params={"code": code},
            ) from error
        return f"EPSG:{int(code)}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = {field: cleaned[field] for field in Field if cleaned.get(field)}
        self._refuse_missing(chosen)
        self._refuse_twice(chosen)
        cleaned["columns"] = {str(field): heading for field, heading in chosen.items()}
        return cleaned

    def _refuse_missing(self, chosen: dict[Field, str]) -> None:
        parts = {Field.DAY, Field.MONTH, Field.YEAR}
        if Field.DATE not in chosen and not parts <= chosen.keys():
            self.add_error(
                Field.DATE,
                _("No column holds the date of the incident. Say which one does."),
            )
        if not {Field.OFFENCE, Field.ICCS} & chosen.keys():
            self.add_error(
                Field.OFFENCE, _("No column holds the offence. Say which one does.")
            )

    def _refuse_twice(self, chosen: dict[Field, str]) -> None:
        seen: dict[str, Field] = {}
        for field, heading in chosen.items():
            if heading in seen:
                sentence = _("“%(heading)s” is already given as “%(other)s”.")
                facts = {"heading": heading, "other": LABELS[seen[heading]]}
                error = forms.ValidationError(sentence, params=facts)
                self.add_error(field, error)
            seen.setdefault(heading, field)

    def mapping(self) -> Mapping:
        given = self.cleaned_data
        crs = given["crs_code"] or given["crs"]
        return Mapping(given["columns"], given["date_order"], crs)


def initial_of(mapping: Mapping, headings: Iterable[str]) -> dict[str, str]:
    """The form as the mapping would fill it in, without columns that are not there."""
    present = set(headings)
    listed = mapping.crs in dict(CRS_NAMES)
    return {
        **{field: h for field, h in mapping.columns.items() if h in present},
        "date_order": mapping.date_order,
        "crs": mapping.crs if listed else "",
        "crs_code": "" if listed else mapping.crs.removeprefix("EPSG:"),
    }
