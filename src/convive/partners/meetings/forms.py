from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convive.partners.fields import DayField, MomentField, seat_field
from convive.partners.models import Holder, Presence
from convive.partners.workflow import Outcome

if TYPE_CHECKING:
    from convive.partners.models import Meeting, Seat, Unit

LONGEST_AGENDA = 30
TITLE_LENGTH = 200


class MeetingForm(forms.Form):
    starts_at = MomentField(label=gettext_lazy("Day and hour"))
    venue = forms.CharField(
        label=gettext_lazy("Where"), max_length=TITLE_LENGTH, required=False
    )
    agenda = forms.CharField(
        label=gettext_lazy("Agenda"),
        help_text=gettext_lazy("One matter a line. It can be changed until the end."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_agenda(self) -> tuple[str, ...]:
        lines = [line.strip() for line in self.cleaned_data["agenda"].splitlines()]
        matters = tuple(filter(None, lines))
        if len(matters) > LONGEST_AGENDA:
            raise ValidationError(
                _("An agenda holds %(most)s matters at most.")
                % {"most": LONGEST_AGENDA}
            )
        for number, matter in enumerate(matters, 1):
            if len(matter) > TITLE_LENGTH:
                raise ValidationError(
                    _("Matter %(number)s is longer than %(most)s letters.")
                    % {"number": number, "most": TITLE_LENGTH}
                )
        return matters


class ItemForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Matter"), max_length=TITLE_LENGTH)


class MinutesForm(ItemForm):
    minutes = forms.CharField(
        label=gettext_lazy("What was said"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class AttendanceForm(forms.Form):
    """Two fields a seat: whether someone came, and who."""

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = list(meeting.unit.seats.select_related("organisation"))
        written = {one.seat_id: one for one in meeting.attendances.all()}
        sitting = {
            holder.seat_id: holder.name
            for holder in Holder.objects.on(meeting.day).filter(
                seat__in=self.seats, is_alternate=False
            )
        }
        for seat in self.seats:
            known = written.get(seat.pk)
            self.fields[f"presence_{seat.pk}"] = forms.ChoiceField(
                label=str(seat),
                choices=Presence.choices,
                initial=known.presence if known else Presence.ABSENT,
            )
            self.fields[f"name_{seat.pk}"] = forms.CharField(
                label=_("Who came"),
                required=False,
                max_length=TITLE_LENGTH,
                initial=known.name if known else sitting.get(seat.pk, ""),
            )

    @property
    def came(self) -> dict[Seat, tuple[Presence, str]]:
        data = self.cleaned_data
        return {
            seat: _who(Presence(data[f"presence_{seat.pk}"]), data[f"name_{seat.pk}"])
            for seat in self.seats
        }


def _who(presence: Presence, name: str) -> tuple[Presence, str]:
    has_come = presence in {Presence.PRESENT, Presence.ALTERNATE}
    return presence, name if has_come else ""


class DecisionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Decision"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CommitmentForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What will be done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    due_on = DayField(label=gettext_lazy("By when"))
    field_order = ("text", "seat", "due_on")

    def __init__(self, unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"] = seat_field(unit, _("Who"))
        self.order_fields(self.field_order)


class ReportForm(forms.Form):
    report = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What the meeting says"), choices=Outcome.choices
    )
    due_on = DayField(
        label=gettext_lazy("New date"),
        help_text=gettext_lazy("Only if it goes on until another day."),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
