"""Fields that several forms of this room share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from convive.accounts.models import Membership, User
from convive.partners.models import Organisation, Seat

if TYPE_CHECKING:
    from convive.partners.models import Unit


class DayField(forms.DateField):
    """A day, picked or written; browsers send it as 2009-03-31 in any language."""

    def __init__(self, **rest: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **rest)


class MomentField(forms.DateTimeField):
    def __init__(self, **rest: Any) -> None:
        widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
        )
        super().__init__(widget=widget, **rest)


def organisation_field(unit: Unit, label: str) -> forms.ModelChoiceField[Organisation]:
    """Of those that work in the municipality or in what it lies in."""
    found = Organisation.objects.reaching(unit.place.path)
    return forms.ModelChoiceField(found, label=label)


def seat_field(unit: Unit, label: str) -> forms.ModelChoiceField[Seat]:
    seats = Seat.objects.filter(unit=unit).select_related("organisation")
    return forms.ModelChoiceField(seats, label=label)


def person_field(
    unit: Unit, label: str, help_text: str
) -> forms.ModelChoiceField[User]:
    """Of those who sign in here and hold a role in the municipality."""
    roles = Membership.objects.reaching(unit.place.path)
    people = User.objects.filter(memberships__in=roles, is_active=True)
    return forms.ModelChoiceField(
        people.distinct().order_by("display_name"),
        label=label,
        help_text=help_text,
        empty_label=_("nobody who signs in"),
        required=False,
    )


def today() -> str:
    return timezone.localdate().isoformat()
