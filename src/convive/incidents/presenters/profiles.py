"""Shape of the page of profiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convive.accounts.permissions import places_where
from convive.accounts.roles import Permission
from convive.incidents import offices
from convive.incidents.models import MappingProfile
from convive.incidents.presenters import words

if TYPE_CHECKING:
    from convive.accounts.models import User


@dataclass(frozen=True)
class ProfileLine:
    profile: MappingProfile
    place: str
    office: str
    columns: str


def present_profiles(user: User) -> list[ProfileLine]:
    held = places_where(user, Permission.IMPORT_INCIDENTS)
    profiles = list(MappingProfile.objects.inside(held).order_by("place_path", "name"))
    names = words.place_names([profile.place_path for profile in profiles])
    return [
        ProfileLine(
            profile,
            names.get(profile.place_path, profile.place_path),
            offices.label(profile.source),
            ", ".join(profile.mapping["columns"].values()),
        )
        for profile in profiles
    ]
