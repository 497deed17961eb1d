"""Page shapes of the offence table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from convive.accounts.permissions import may_see_figures
from convive.core.models import Job
from convive.core.text import fold
from convive.incidents import compute, iccs
from convive.incidents.classification import rereading
from convive.incidents.classification.actions import REREADING
from convive.incidents.classification.permissions import places_to_classify
from convive.incidents.classification.words import label
from convive.incidents.models import Crosswalk, CrosswalkTerm
from convive.incidents.reference import latest_crosswalk
from convive.places.models import Place
from convive.warehouse import UNCLASSIFIED
from convive.warehouse.slices import place_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User

PAGE_TERMS = 50
_SHOWN_TEXTS = 10


@dataclass(frozen=True)
class Country:
    path: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class TermLine:
    term: str
    code: str
    code_name: str
    mechanism: str
    relationship: str
    article: str


@dataclass(frozen=True)
class Unclassified:
    text: str
    count: int


@dataclass(frozen=True)
class CrosswalkPage:
    country: Country
    countries: tuple[Country, ...]
    version: Crosswalk | None
    search: str
    terms: tuple[TermLine, ...]
    page: Page[CrosswalkTerm]
    may_edit: bool
    unclassified: tuple[Unclassified, ...]  # the most frequent
    unclassified_more: int  # texts that are not shown


def countries(user: User | AnonymousUser, chosen: str) -> tuple[Country, ...]:
    """Countries whose table the person may see, the chosen one marked."""
    known = Place.objects.filter(parent=None)
    seen = [place for place in known if may_see_figures(user, place.path)]
    first = next((p.path for p in seen if places_to_classify(user, p.path)), "")
    wanted = chosen or first or (seen[0].path if seen else "")
    return tuple(Country(p.path, p.name, p.path == wanted) for p in seen)


def present_crosswalk(
    user: User | AnonymousUser, chosen: str, search: str, page: str
) -> CrosswalkPage | None:
    """The newest version of the chosen country; None where there is no such country."""
    known = countries(user, chosen)
    country = next((c for c in known if c.is_chosen), None)
    if country is None:
        return None
    version = latest_crosswalk(country.path)
    rows = CrosswalkTerm.objects.filter(crosswalk=version).order_by("key")
    words = fold(search)
    if words:
        rows = rows.filter(key__contains=words) | rows.filter(iccs=search.strip())
    page_of = Paginator(rows, PAGE_TERMS).get_page(page)
    places = places_to_classify(user, country.path)
    texts = unclassified_texts(places) if places else ()
    return CrosswalkPage(
        country=country,
        countries=known,
        version=version,
        search=search,
        terms=tuple(map(_line, page_of)),
        page=page_of,
        may_edit=bool(places),
        unclassified=texts[:_SHOWN_TEXTS],
        unclassified_more=max(len(texts) - _SHOWN_TEXTS, 0),
    )


def _line(term: CrosswalkTerm) -> TermLine:
    return TermLine(
        term=term.term,
        code=term.iccs,
        code_name=iccs.label(term.iccs),
        mechanism=label(term.mechanism),
        relationship=label(term.relationship),
        article=term.penal_code_article,
    )


def unclassified_texts(places: Sequence[str]) -> tuple[Unclassified, ...]:
    """Offence texts of the places' incidents that the table does not know yet."""
    live = compute.incidents_known_on()
    within = live[place_column(places[0])] == places[0]
    for path in places[1:]:
        within |= live[place_column(path)] == path
    mine = live.filter(within & (live.iccs == UNCLASSIFIED))
    counted = mine.group_by("offence_text").aggregate(n=mine.count()).to_pyarrow()
    rows = sorted(counted.to_pylist(), key=lambda row: (-row["n"], row["offence_text"]))
    return tuple(Unclassified(row["offence_text"], row["n"]) for row in rows)


@dataclass(frozen=True)
class Change:
    term: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionsPage:
    country: Country
    versions: tuple[Crosswalk, ...]
    older: Crosswalk | None
    newer: Crosswalk | None
    changes: tuple[Change, ...]


def present_versions(country: Country, older: str, newer: str) -> VersionsPage:
    """The versions of a country, and what changed between two of them."""
    versions = tuple(Crosswalk.objects.filter(country_path=country.path))
    by_number = {str(version.version): version for version in versions}
    after = by_number.get(newer) or (versions[0] if versions else None)
    before = by_number.get(older) or next(
        (v for v in versions if after and v.version < after.version), None
    )
    return VersionsPage(country, versions, before, after, _changes(before, after))


def _changes(older: Crosswalk | None, newer: Crosswalk | None) -> tuple[Change, ...]:
    if older is None or newer is None:
        return ()
    before, after = _said(older), _said(newer)
    return tuple(
        Change(
            (after.get(key) or before[key])[0],
            before[key][1] if key in before else "",
            after[key][1] if key in after else "",
        )
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    )


def _said(crosswalk: Crosswalk) -> dict[str, tuple[str, str]]:
    """Each term with what the version says of it, by key."""
    said = {}
    for term in crosswalk.terms.all():
        line = _line(term)
        parts = (f"{line.code} {line.code_name}", line.mechanism, line.relationship,
                 line.article)  # fmt: skip
        said[term.key] = (term.term, " · ".join(part for part in parts if part))
    return said


@dataclass(frozen=True)
class ShareLine:
    place: str
    source: str
    count: int


@dataclass(frozen=True)
class ShiftLine:
    text: str
    old: str
    new: str
    count: int


@dataclass(frozen=True)
class RereadPage:
    country: Country
    version: Crosswalk | None
    shares: tuple[ShareLine, ...]
    shifts: tuple[ShiftLine, ...]
    total: int
    jobs: tuple[Job, ...]
    is_running: bool


def present_reread(user: User, country: Country, places: Sequence[str]) -> RereadPage:
    jobs = tuple(
        Job.objects.of(user).filter(place_path=country.path, title=REREADING)[:5]
    )
    is_running = any(not job.is_finished for job in jobs)
    # While a job writes, a plan would be out of date before it is read.
    shares = [] if is_running else rereading.plan(country.path, places)
    names = dict(Place.objects.values_list("path", "name"))
    return RereadPage(
        country=country,
        version=latest_crosswalk(country.path),
        shares=tuple(
            ShareLine(names.get(s.place_path, s.place_path), s.source, s.count)
            for s in shares
        ),
        shifts=tuple(
            ShiftLine(s.offence_text, _class(s.old_iccs), _class(s.new_iccs), s.count)
            for s in rereading.shifts(shares)
        ),
        total=sum(share.count for share in shares),
        jobs=jobs,
        is_running=is_running,
    )


def _class(code: str) -> str:
    if code == UNCLASSIFIED:
        return _("Not classified yet")
    return f"{code} {iccs.label(code)}"
