from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from convive.accounts.models import User

LANGUAGE_NAMES = [("es", "Español"), ("en", "English")]


class MyAccountForm(forms.Form):
    display_name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("As your colleagues see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "display_name": user.display_name,
            "language": user.language,
        }
        super().__init__(*args, **kwargs)
        # Each language in its own words, whatever the page's language is.
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("The browser's")),
            *((code, name) for code, name in LANGUAGE_NAMES if code in _known()),
        ]


def _known() -> set[str]:
    return {code for code, _name in settings.LANGUAGES}
