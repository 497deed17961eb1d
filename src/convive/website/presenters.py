"""The shape of the home page: what waits for this person, and what is new."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convive.accounts.permissions import is_within, places_where
from convive.accounts.roles import Permission
from convive.core.models import Job
from convive.incidents.compute import months_between
from convive.incidents.models import Batch, ImportDraft, Nature, QuarantinedRow
from convive.incidents.workflow import DraftStatus, QuarantineStatus
from convive.observatory import selection
from convive.observatory.presenters import place_rate
from convive.places.models import Place
from convive.website import menu
from convive.website.tasks import Task, tasks_of_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convive.accounts.models import User
    from convive.observatory.selection import Selection

# Intentional homicide: the figure that every office and every country counts.
HOMICIDE = "0101"
MONTHS_SHOWN = 12
PLACES_SHOWN = 6
IMPORTS_SHOWN = 5


@dataclass(frozen=True)
class RunningJob:
    title: str
    percent: int
    phase: str
    url: str


@dataclass(frozen=True)
class SmallFigure:
    label: str
    count: str
    rate: str
    interval: str
    url: str


@dataclass(frozen=True)
class PlaceCard:
    name: str
    parent_name: str
    period: str  # of the figures; '' without data
    figures: tuple[SmallFigure, ...]
    notes: tuple[str, ...]
    is_simulated: bool
    provisional_since: str


@dataclass(frozen=True)
class ImportLine:
    number: int
    file_name: str
    place: str
    source: str
    until: str
    accepted: str
    quarantined: str
    at: str
    by: str


@dataclass(frozen=True)
class Home:
    is_editor: bool  # works with the records, so sees what waits
    tasks: tuple[Task, ...]
    jobs: tuple[RunningJob, ...]
    places: tuple[PlaceCard, ...]
    imports: tuple[ImportLine, ...]
    import_url: str


@dataclass(frozen=True)
class _Claims:
    """What the recorded batches say they hold of one place, nothing left out."""

    place: Place
    batches: tuple[Batch, ...]

    @property
    def latest(self) -> Batch | None:
        ending = [b for b in self.batches if b.covers_from and b.covers_until]
        return max(ending, key=_end_of, default=None)

    @property
    def months_missing(self) -> int:
        """Months that no batch covers, between the first and the last covered one."""
        spans = [(b.covers_from, b.covers_until) for b in self.batches]
        known = [(since, until) for since, until in spans if since and until]
        if not known:
            return 0
        held = {month for span in known for month in months_between(*span)}
        first, last = min(s for s, _ in known), max(u for _, u in known)
        return len(set(months_between(first, last)) - held)


def _end_of(batch: Batch) -> date:
    return batch.covers_until or date.min


def present_home(user: User) -> Home:
    seen = places_where(user, Permission.SEE_FIGURES)
    edited = places_where(user, Permission.IMPORT_INCIDENTS)
    batches = list(Batch.objects.recorded().filter(_inside(seen)))
    claims = _claims(seen, batches)
    names = {claim.place.path: claim.place.name for claim in claims}
    return Home(
        is_editor=bool(edited),
        tasks=(
            *tasks_of_unit(user),
            *(_tasks(edited, claims) if edited else ()),
        ),
        jobs=tuple(_job(job) for job in Job.objects.of(user).unfinished()),
        places=tuple(_card(claim, user) for claim in claims[:PLACES_SHOWN]),
        imports=tuple(_line(batch, names) for batch in batches[:IMPORTS_SHOWN]),
        import_url=_address(menu.IMPORT_PAGE),
    )


def _inside(paths: Iterable[str]) -> Q:
    """Rows of these places and of everything inside them; of none, nothing."""
    wanted = Q(pk__in=[])
    for path in paths:
        if not path:
            return Q()
        wanted |= Q(place_path=path) | Q(place_path__startswith=f"{path}/")
    return wanted


def _claims(held: Sequence[str], batches: Sequence[Batch]) -> list[_Claims]:
    """Places with figures first, the newest before; then those that have none yet."""
    by_path: dict[str, list[Batch]] = defaultdict(list)
    for path in filter(None, held):
        by_path[path] = []
    for batch in batches:
        by_path[batch.place_path].append(batch)
    places = Place.objects.filter(path__in=by_path).select_related("parent")
    claims = [_Claims(place, tuple(by_path[place.path])) for place in places]
    claims.sort(key=lambda c: _end_of(c.latest) if c.latest else date.min, reverse=True)
    return claims


def _tasks(edited: Sequence[str], claims: Sequence[_Claims]) -> Iterable[Task]:
    yield from _rows_waiting(edited)
    yield from _drafts_waiting(edited)
    for claim in claims:
        if any(is_within(claim.place.path, path) for path in edited):
            yield from _months_waiting(claim)


def _rows_waiting(edited: Sequence[str]) -> Iterable[Task]:
    mine = Batch.objects.recorded().filter(_inside(edited))
    rows = QuarantinedRow.objects.filter(status=QuarantineStatus.OPEN, batch__in=mine)
    counted = rows.aggregate(rows=Count("pk"), files=Count("batch", distinct=True))
    if not counted["rows"]:
        return
    files = counted["files"]
    yield Task(
        number=_number(counted["rows"]),
        text=ngettext(
            "rows of %(count)s file could not be accepted. Mend or dismiss them.",
            "rows of %(count)s files could not be accepted. Mend or dismiss them.",
            files,
        )
        % {"count": files},
        kind="warning",
        word=_("in quarantine"),
        url=_address(menu.QUARANTINE_PAGE),
        link=_("Review the rows"),
    )


def _drafts_waiting(edited: Sequence[str]) -> Iterable[Task]:
    begun = [DraftStatus.UPLOADED, DraftStatus.CHECKED]
    count = ImportDraft.objects.filter(_inside(edited), status__in=begun).count()
    if count:
        yield Task(
            number=_number(count),
            text=_("imports were begun and wait for a decision."),
            kind="warning",
            word=_("not finished"),
            url=_address(menu.DRAFTS_PAGE),
            link=_("Continue"),
        )


def _months_waiting(claim: _Claims) -> Iterable[Task]:
    url = f"{reverse('observatory:origin')}?where={claim.place.path}"
    place = {"place": claim.place.name}
    if claim.latest is None:
        text = _("%(place)s: no file has been imported yet.") % place
        word = _("without data")
        to_import = _address(menu.IMPORT_PAGE)
        yield Task("", text, "bad", word, to_import, _("Import a file"))
        return
    if missing := claim.months_missing:
        text = _("%(place)s: months that no file covers.") % place
        word, link = _("without data"), _("See what is covered")
        yield Task(_number(missing), text, "bad", word, url, link)
    if since := claim.latest.provisional_from:
        months = len(months_between(since, _end_of(claim.latest)))
        text = _("%(place)s: months that the office may still correct.") % place
        word, link = _("provisional"), _("See what is covered")
        yield Task(_number(months), text, "plain", word, url, link)


def _job(job: Job) -> RunningJob:
    url = job.result_url or _address(menu.JOBS_PAGE)
    return RunningJob(str(job), job.percent, job.phase_text, url)


def _card(claim: _Claims, user: User) -> PlaceCard:
    place, latest = claim.place, claim.latest
    selections = _newest(latest, user) if latest else ()
    lines = [(s, place_rate(s, place.path, user)) for s in selections]
    since = latest.provisional_from if latest else None
    return PlaceCard(
        name=place.name,
        parent_name=place.parent.name if place.parent else "",
        period=_period(selections[0]) if selections else "",
        figures=tuple(
            SmallFigure(
                label=asked.what_label,
                count=line.count,
                rate=line.rate,
                interval=line.interval,
                url=f"{reverse('observatory:overview')}?{asked.query}",
            )
            for asked, line in lines
        ),
        notes=tuple(dict.fromkeys(line.note for _s, line in lines)),
        is_simulated=any(b.nature == Nature.SIMULATED for b in claim.batches),
        provisional_since=_month(since) if since else "",
    )


def _newest(batch: Batch, user: User) -> tuple[Selection, ...]:
    """The last twelve months that the batch covers: homicides, and all of it."""
    until = _end_of(batch)
    begun = batch.covers_from or until
    months = months_between(begun, until)[-MONTHS_SHOWN:]
    codes = batch.covers_iccs or [""]
    wanted = [HOMICIDE, ""] if "" in codes else codes[:2]
    asked = {
        "where": batch.place_path,
        "since": f"{months[0]:%Y-%m}",
        "until": f"{until:%Y-%m}",
    }
    read = (selection.read(user, asked | {"what": code}) for code in wanted)
    return tuple(found for found in read if found is not None)


def _period(selection: Selection) -> str:
    since, until = selection.since, selection.until
    is_one_year = since.year == until.year
    begun = formats.date_format(since, "F") if is_one_year else _month(since)
    return _("%(since)s to %(until)s") % {"since": begun, "until": _month(until)}


def _line(batch: Batch, names: dict[str, str]) -> ImportLine:
    at = timezone.localtime(batch.recorded_at or batch.created_at)
    return ImportLine(
        number=batch.number,
        file_name=batch.file_name,
        place=names.get(batch.place_path, batch.place_path),
        source=batch.source.upper(),
        until=f"{batch.covers_until:%m/%Y}" if batch.covers_until else "–",
        accepted=_number(batch.accepted),
        quarantined=_number(batch.quarantined),
        at=formats.date_format(at, "d/m/Y H:i"),
        by=batch.by_name,
    )


def _month(day: date) -> str:
    return formats.date_format(day, "YEAR_MONTH_FORMAT")


def _number(value: int) -> str:
    return formats.number_format(value, 0, force_grouping=True)


def _address(url_name: str) -> str:
    return reverse(url_name) if url_name else ""
