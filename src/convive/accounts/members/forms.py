from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convive.accounts import directory
from convive.accounts.models import User
from convive.accounts.permissions import places_where
from convive.accounts.policies import ABOVE_A_UNIT, is_administrator, may_give_role
from convive.accounts.roles import Permission, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

plain_name = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{1,49}\Z",
    gettext_lazy(
        "Use 2 to 50 small letters without accents, digits, dots or hyphens: ana.lopez"
    ),
)


class RoleForm(forms.Form):
    """A role in a place, among those that this person may give."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    place_path = forms.ChoiceField(label=gettext_lazy("Place"), required=False)

    def __init__(self, giver: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.giver = giver
        held = places_where(giver, Permission.MANAGE_MEMBERS)
        _offer(self.fields["role"], _roles_of(giver))
        _offer(self.fields["place_path"], directory.choices(held))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "role" not in given or "place_path" not in given:
            return given
        given["role"] = Role(given["role"])
        if not may_give_role(self.giver, given["role"], given["place_path"]):
            raise ValidationError(_why_not(given["role"]))
        return given


class AddMemberForm(RoleForm):
    username = forms.CharField(
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("What the person types to sign in, such as ana.lopez"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    has_account = forms.BooleanField(
        label=gettext_lazy("The person already signs in here with this user name"),
        required=False,
    )
    field_order = ("username", "display_name", "role", "place_path", "has_account")

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().casefold()

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        username = given.get("username")
        if not username:
            return given
        person = User.objects.filter(username__iexact=username).first()
        given["person"] = person if given.get("has_account") else None
        if given.get("has_account"):
            if person is None or not person.is_active:
                self.add_error("username", _("Nobody signs in with this user name."))
        elif person is not None:
            self.add_error("username", _taken())
        else:
            self._check_new(username, given)
        return given

    def _check_new(self, username: str, given: dict[str, Any]) -> None:
        try:
            plain_name(username)
        except ValidationError as error:
            self.add_error("username", error)
        if not given.get("display_name"):
            self.add_error("display_name", _("Write the person's name."))


def _roles_of(giver: User) -> list[tuple[str, str]]:
    everything = is_administrator(giver)
    offered = [
        (role.value, str(role.label))
        for role in Role
        if everything or role not in ABOVE_A_UNIT
    ]
    # Nobody becomes coordinator because the first line was left standing.
    return [("", _("Choose a role")), *offered]


def _offer(field: forms.Field, choices: Sequence[tuple[str, str]]) -> None:
    field.choices = choices  # type: ignore[attr-defined]


def _taken() -> str:
    return _(
        "This user name is taken. If it is the same person, mark “already signs in "
        "here” below; if not, choose another."
    )


def _why_not(role: Role) -> str:
    if role == Role.ADMINISTRATOR:
        return _("An administrator holds all places: choose “All places”.")
    return _("You may not give this role there. Ask an administrator.")
