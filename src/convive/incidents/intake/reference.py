"""What an intake needs to know of the world, handed in so that it asks no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from convive.warehouse.schema import Mechanism, Precision, Relationship

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray


class Locator(Protocol):
    """Which of `paths` holds each point; the last path is None, for none of them."""

    @property
    def paths(self) -> Sequence[str | None] | NDArray[np.object_]: ...

    def positions(
        self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
    ) -> NDArray[np.int32]: ...


@dataclass(frozen=True)
class Spot:
    """Where a text was found in the gazetteer."""

    longitude: float
    latitude: float
    precision: Precision
    municipality: str
    zone: str | None


class Gazetteer(Protocol):
    def match(self, text: str, within: str) -> Spot | None: ...


@dataclass(frozen=True)
class Term:
    """What a local offence text stands for."""

    iccs: str
    mechanism: str = Mechanism.NOT_RECORDED
    relationship: str = Relationship.NOT_RECORDED


@dataclass(frozen=True)
class Reference:
    place_path: str  # the place the file is about
    source: str  # the office
    today: date
    terms: Mapping[str, Term] = field(default_factory=dict)  # by folded text
    # Keys (`places.names.place_key`) of the municipalities in the place, alone where
    # that is clear and with the department behind.
    municipalities: Mapping[str, str] = field(default_factory=dict)
    shared_names: frozenset[str] = frozenset()
    municipality_locator: Locator | None = None
    zone_locator: Locator | None = None
    gazetteer: Gazetteer | None = None

    @property
    def country_path(self) -> str:
        return self.place_path.split("/")[0]
