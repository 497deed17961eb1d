"""Writes of the offence table: each makes a version, none edits one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from convive.core import audit, jobs
from convive.core.text import fold
from convive.incidents.models import Crosswalk, CrosswalkTerm
from convive.incidents.reference import latest_crosswalk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convive.core.actors import Actor
    from convive.core.models import Job

REREADING = gettext_noop("Classifying the incidents of %(country)s again")


@dataclass(frozen=True)
class TermRow:
    term: str
    iccs: str
    mechanism: str = ""
    relationship: str = ""
    penal_code_article: str = ""


@audit.action
def save_crosswalk(
    *,
    by: Actor,
    country_path: str,
    terms: Sequence[TermRow],
    note: str = "",
    removed: Sequence[str] = (),
    is_whole: bool = False,
) -> Crosswalk:
    """Write the next version of a country's crosswalk; versions are never edited.

    Terms that are not given stay as they are, unless the list `is_whole`. A list that
    changes nothing makes no version.
    """
    latest = latest_crosswalk(country_path)
    before = {row.key: _row(row) for row in latest.terms.all()} if latest else {}
    after = {} if is_whole else dict(before)
    for text in removed:
        after.pop(fold(text), None)
    after |= {fold(row.term): row for row in terms}
    if latest and after == before:
        audit.unchanged()
        return latest
    crosswalk = Crosswalk.objects.create(
        country_path=country_path,
        version=latest.version + 1 if latest else 1,
        note=note,
        by_name=by.get_username(),
    )
    CrosswalkTerm.objects.bulk_create(
        [
            CrosswalkTerm(crosswalk=crosswalk, key=key, **asdict(row))
            for key, row in after.items()
        ],
        batch_size=500,
    )
    _tell(by, crosswalk)
    return crosswalk


def _row(term: CrosswalkTerm) -> TermRow:
    return TermRow(
        term.term,
        term.iccs,
        term.mechanism,
        term.relationship,
        term.penal_code_article,
    )


def _tell(by: Actor, crosswalk: Crosswalk) -> None:
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s wrote version %(version)s of the offence table of %(country)s"
        ),
        about=crosswalk,
        place_path=crosswalk.country_path,
        version=crosswalk.version,
        country=crosswalk.country_path,
        note=crosswalk.note,
    )


@audit.action
def start_rereading(
    *,
    by: Actor,
    country_path: str,
    places: Sequence[str],
    task: Any,  # noqa: ANN401 - django-tasks has no public generic type
) -> Job:
    """Have the incidents of these places classified again, as a job."""
    job = jobs.start(
        by=by,
        task=task,
        title=REREADING,
        title_facts={"country": country_path},
        place_path=country_path,
        country_path=country_path,
        places=list(places),
    )
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s had the incidents of %(country)s classified again"
        ),
        about=job,
        place_path=country_path,
        country=country_path,
    )
    return job
