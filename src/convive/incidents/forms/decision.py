"""Add or Replace, and what the file is claimed to hold completely."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convive.incidents.actions import Claim
from convive.incidents.claiming import usual_claim
from convive.incidents.models import ImportMode

if TYPE_CHECKING:
    from convive.incidents.models import ImportDraft

CONTAINED, EVERY = "contained", "every"


def _day(label: Any, hint: Any) -> forms.DateField:  # noqa: ANN401 - lazy texts
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class DecisionForm(forms.Form):
    mode = forms.ChoiceField(choices=ImportMode.choices, widget=forms.RadioSelect)
    since = _day(_("Complete from"), _("First day that the file holds completely."))
    until = _day(
        _("Complete until"), _("Last such day. Leave both blank to claim nothing.")
    )
    kinds = forms.ChoiceField(
        label=_("Complete for"),
        choices=[
            (CONTAINED, _("the kinds of offence that it contains")),
            (EVERY, _("every kind of offence: one that is missing did not happen")),
        ],
        initial=CONTAINED,
        widget=forms.RadioSelect,
    )
    provisional_from = _day(
        _("Provisional from"),
        _("Months from this day on are shaded: records may still arrive."),
    )

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and until > timezone.localdate():
            raise forms.ValidationError(
                _("This day has not come yet. No file can hold it completely.")
            )
        return until

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if bool(since) != bool(until) and not self.errors:
            missing = "until" if since else "since"
            self.add_error(missing, _("Give both days, or leave both blank."))
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first."))
        return cleaned

    def claim(self, draft: ImportDraft) -> Claim:
        """What was said at the upload, with what is claimed now."""
        said, given = Claim.from_json(draft.claim), self.cleaned_data
        is_part = given["kinds"] == CONTAINED and given["since"]
        codes = tuple(draft.preview.get("iccs", ())) if is_part else ()
        return Claim(
            said.nature,
            said.note,
            codes,
            given["since"],
            given["until"],
            given["provisional_from"],
        )


def initial_of(draft: ImportDraft) -> dict[str, Any]:
    """The usual claim of such a file, for the person to correct."""
    first, last = (draft.preview.get(name) for name in ("first", "last"))
    start: dict[str, Any] = {"mode": draft.mode, "kinds": CONTAINED}
    if not first or not last:
        return start
    days = date.fromisoformat(first), date.fromisoformat(last)
    usual = usual_claim(*days, draft.preview.get("iccs", ()))
    return start | {
        "kinds": EVERY if usual.is_general else CONTAINED,
        "since": usual.since,
        "until": usual.until,
        "provisional_from": usual.provisional_from,
    }
