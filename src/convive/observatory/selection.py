"""What, where and when, and as known on which day: kept between pages."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils import timezone

from convive.accounts.permissions import may_see_figures
from convive.incidents import iccs
from convive.incidents.models import Batch
from convive.observatory import asking
from convive.places.models import Place
from convive.warehouse import Slice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from convive.accounts.models import User

SESSION_KEY = "selection"
FIELDS = ("what", "where", "since", "until", "known_on", "source")


@dataclass(frozen=True)
class Selection:
    what: str  # ICCS code, '' for all
    where: str  # slug path
    since: date  # first day of a month
    until: date  # last day of a month
    known_on: date | None = None  # None: as known now
    # The office whose list is counted, where more than one reports; '' is the only one.
    source: str = ""
    sources: tuple[str, ...] = ()
    # What was asked for and could not be taken as asked, in sentences.
    problems: tuple[str, ...] = ()
    # What was looked up once for this question: one page is of one vintage, even when
    # an import ends while it is made.
    memo: dict[object, tuple[int, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def place(self) -> Place:
        return Place.objects.get(path=self.where)

    @property
    def what_label(self) -> str:
        return iccs.label(self.what)

    @property
    def as_of(self) -> datetime | None:
        """The last instant of the day that is asked for."""
        if self.known_on is None:
            return None
        zone = timezone.get_current_timezone()
        end = datetime.combine(self.known_on, time.max, tzinfo=zone)
        return end.astimezone(UTC)

    def slice_of(self, place_path: str) -> Slice:
        return Slice(
            place_path,
            self.since,
            self.until,
            iccs=(self.what,) if self.what else (),
            sources=(self.source,) if self.source else (),
        )

    def between(self, since: date, until: date) -> Selection:
        """The same question of other days."""
        return dataclasses.replace(self, since=since, until=until)

    @property
    def parameters(self) -> dict[str, str]:
        asked = {
            "what": self.what,
            "where": self.where,
            "since": f"{self.since:%Y-%m}",
            "until": f"{self.until:%Y-%m}",
            "known_on": self.known_on.isoformat() if self.known_on else "",
            "source": self.source,
        }
        always = ("what", "where", "since", "until")
        return {key: value for key, value in asked.items() if value or key in always}

    @property
    def query(self) -> str:
        return urlencode(self.parameters, safe="/")

    def years(self) -> range:
        return range(self.since.year, self.until.year + 1)

    def months_in(self, year: int) -> int:
        first = self.since.month if year == self.since.year else 1
        last = self.until.month if year == self.until.year else 12
        return last - first + 1

    @property
    def is_one_year(self) -> bool:
        """Whether the period is exactly one calendar year."""
        return len(self.years()) == 1 and self.months_in(self.since.year) == 12


def choose(request: HttpRequest) -> Selection | None:
    """From the address, else as it was, else the person's place; None without any."""
    kept = request.session.get(SESSION_KEY, {})
    asked = {name: request.GET.get(name, kept.get(name, "")) for name in FIELDS}
    if "what" not in request.GET and "what" not in kept:
        del asked["what"]
    if "where" in request.GET and request.GET["where"] != kept.get("where"):
        # Another place has other months and other offices.
        own = ("since", "until", "source")
        asked |= {name: request.GET.get(name, "") for name in own}
    selection = read(request.user, asked)
    if selection is not None:
        request.session[SESSION_KEY] = selection.parameters
    return selection


def read(user: User | AnonymousUser, asked: Mapping[str, str]) -> Selection | None:
    """A question out of texts; what could not be taken as asked is said."""
    problems: list[str] = []
    where = asking.place_of(user, asked.get("where", ""), problems)
    if where is None:
        return None
    since, until = asking.period_of(
        asked.get("since", ""), asked.get("until", ""), where, problems
    )
    selection = Selection(
        what=asking.offence_of(asked["what"], problems)
        if "what" in asked
        else asking.usual_offence(where),
        where=where,
        since=since,
        until=until,
        known_on=asking.known_on_of(asked.get("known_on", ""), problems),
    )
    sources = asking.sources_of(selection.slice_of(where), selection.as_of)
    source = asking.source_of(asked.get("source", ""), sources, problems)
    return dataclasses.replace(
        selection, source=source, sources=sources, problems=tuple(problems)
    )


def place_choices(user: User | AnonymousUser) -> list[tuple[str, str]]:
    """Places with figures that the person may see, with the places around them."""
    paths: set[str] = set()
    for path in Batch.objects.recorded().values_list("place_path", flat=True):
        parts = path.split("/")
        paths |= {"/".join(parts[: i + 1]) for i in range(len(parts))}
    mine = sorted(path for path in paths if may_see_figures(user, path))
    names = dict(Place.objects.filter(path__in=mine).values_list("path", "name"))
    return [
        (path, "\u2003" * path.count("/") + names[path])
        for path in mine
        if path in names
    ]
