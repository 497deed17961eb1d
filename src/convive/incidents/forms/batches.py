"""Looking through batches, undoing one, and naming profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convive.incidents import offices
from convive.incidents.models import MappingProfile
from convive.incidents.workflow import BatchStatus

if TYPE_CHECKING:
    from convive.incidents.models import BatchQuerySet


class BatchFilterForm(forms.Form):
    place = forms.ChoiceField(label=_("Place"), required=False)
    source = forms.ChoiceField(label=_("Office"), required=False)
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *BatchStatus.choices],
    )

    def __init__(
        self,
        *args: Any,
        places: list[tuple[str, str]],
        sources: list[str],
        **rest: Any,
    ) -> None:
        super().__init__(*args, **rest)
        named = [(code, offices.label(code)) for code in sources]
        for name, choices in (("place", places), ("source", named)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("all")), *choices]

    def narrow(self, batches: BatchQuerySet) -> BatchQuerySet:
        """The batches asked for; a question that makes no sense is not asked."""
        asked = self.cleaned_data if self.is_valid() else {}
        if place := asked.get("place"):
            batches = batches.inside([place])
        for name in ("source", "status"):
            if value := asked.get(name):
                batches = batches.filter(**{name: value})
        return batches


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is undone"),
        help_text=_("It stays in the record of the batch, for whoever asks later."),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProfileForm(forms.ModelForm[MappingProfile]):
    class Meta:
        model = MappingProfile
        fields = ["name"]
        labels = {"name": _("Name of the profile")}

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        others = MappingProfile.objects.filter(
            place_path=self.instance.place_path, name=name
        ).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(
                _("There is another profile of this name in the same place.")
            )
        return name
