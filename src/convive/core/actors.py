"""Who acts: a signed-in person, or the installation itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    @property
    def pk(self) -> int | None: ...

    def get_username(self) -> str: ...


@dataclass(frozen=True)
class System:
    """The installation acting by itself: loading the demo, a command at the shell."""

    name: str = "Convive"

    @property
    def pk(self) -> None:
        return None

    def get_username(self) -> str:
        return self.name
