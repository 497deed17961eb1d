"""The invented people of the demonstration and of the tests."""

from __future__ import annotations

from dataclasses import dataclass

from convive.accounts.roles import Role


@dataclass(frozen=True)
class CastMember:
    username: str
    display_name: str
    role: Role
    place_path: str


SONSONATE = "sv/sonsonate/sonsonate"
ACAJUTLA = "sv/sonsonate/acajutla"

CAST: tuple[CastMember, ...] = (
    CastMember("alicia", "Alicia Ramos", Role.COORDINATOR, SONSONATE),
    CastMember("bruno", "Bruno Menjívar", Role.ANALYST, SONSONATE),
    CastMember("carla", "Carla Portillo", Role.COORDINATOR, ACAJUTLA),
    CastMember("delia", "Delia Escobar", Role.CASE_WORKER, SONSONATE),
    CastMember("emilio", "Emilio Duarte", Role.AGENCY_OFFICER, SONSONATE),
    CastMember("fatima", "Fátima Cáceres", Role.COMMUNITY_LEADER, SONSONATE),
    CastMember("gabriel", "Gabriel Linares", Role.MINISTRY, ""),
)
