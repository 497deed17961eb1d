"""What, where and when: the same three selectors on every page, kept between pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from convive.accounts.permissions import may_see_figures, places_where
from convive.accounts.roles import Permission
from convive.incidents import iccs
from convive.incidents.compute import next_month
from convive.incidents.models import Batch
from convive.places.models import Place
from convive.warehouse import Slice

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from convive.accounts.models import User

SESSION_KEY = "selection"
FIELDS = ("what", "where", "since", "until")


@dataclass(frozen=True)
class Selection:
    what: str  # ICCS code, '' for all
    where: str  # slug path
    since: date  # first day of a month
    until: date  # last day of a month

    @property
    def place(self) -> Place:
        return Place.objects.get(path=self.where)

    @property
    def what_label(self) -> str:
        return iccs.label(self.what)

    def slice_of(self, place_path: str) -> Slice:
        codes = (self.what,) if self.what else ()
        return Slice(place_path, self.since, self.until, iccs=codes)

    @property
    def query(self) -> str:
        return urlencode(
            {
                "what": self.what,
                "where": self.where,
                "since": f"{self.since:%Y-%m}",
                "until": f"{self.until:%Y-%m}",
            }
        )

    def years(self) -> range:
        return range(self.since.year, self.until.year + 1)

    def months_in(self, year: int) -> int:
        first = self.since.month if year == self.since.year else 1
        last = self.until.month if year == self.until.year else 12
        return last - first + 1


def choose(request: HttpRequest) -> Selection | None:
    """From the address, else as it was, else the person's place; None without any."""
    kept = request.session.get(SESSION_KEY, {})
    asked = {name: request.GET.get(name, kept.get(name, "")) for name in FIELDS}
    where = _place(request.user, asked["where"])
    if where is None:
        return None
    if asked["where"] != where:
        asked |= {"since": "", "until": ""}
    since, until = _period(asked["since"], asked["until"], where)
    what = asked["what"] if asked["what"] in iccs.codes() else ""
    selection = Selection(what, where, since, until)
    request.session[SESSION_KEY] = {
        "what": what,
        "where": where,
        "since": f"{since:%Y-%m}",
        "until": f"{until:%Y-%m}",
    }
    return selection


def _place(user: User | AnonymousUser, asked: str) -> str | None:
    """The place asked for if it stands, else the first of the person's with figures."""
    if asked and Place.objects.filter(path=asked).exists():
        return asked
    held = places_where(user, Permission.SEE_FIGURES)
    with_figures = Batch.objects.recorded().order_by("number")
    for batch in with_figures.values_list("place_path", flat=True):
        if any(not path or batch == path for path in held):
            return batch
    return held[0] if held and held[0] else None


def _period(since: str, until: str, where: str) -> tuple[date, date]:
    """Whole months; by default the last year that the place's files cover."""
    end = _month(until) or _last_month(where)
    last = date.fromordinal(next_month(end).toordinal() - 1)
    begin = _month(since) or date(end.year, 1, 1)
    return min(begin, end), last


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None


def _last_month(where: str) -> date:
    claims = Batch.objects.recorded().filter(covers_until__isnull=False)
    mine = claims.filter(place_path=where).order_by("-covers_until").first()
    latest = mine or claims.order_by("-covers_until").first()
    if latest is None or latest.covers_until is None:
        return date.today().replace(day=1)  # noqa: DTZ011 - a month, not an instant
    return latest.covers_until.replace(day=1)


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
