"""Writes of the offence table: each makes a version, none edits one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from convive.core import audit
from convive.core.text import fold
from convive.incidents.models import Crosswalk, CrosswalkTerm
from convive.incidents.reference import latest_crosswalk

if TYPE_CHECKING:
    from convive.core.actors import Actor


@dataclass(frozen=True)
class TermRow:
    term: str
    iccs: str
    mechanism: str = ""
    relationship: str = ""
    penal_code_article: str = ""


@audit.action
def save_crosswalk(
    *, by: Actor, country_path: str, terms: list[TermRow], note: str = ""
) -> Crosswalk:
    """Write the next version of a country's crosswalk; versions are never edited."""
    latest = latest_crosswalk(country_path)
    kept = {row.key: row for row in latest.terms.all()} if latest else {}
    for term in terms:
        key = fold(term.term)
        kept[key] = CrosswalkTerm(key=key, **vars(term))
    crosswalk = Crosswalk.objects.create(
        country_path=country_path,
        version=latest.version + 1 if latest else 1,
        note=note,
        by_name=by.get_username(),
    )
    for row in kept.values():
        row.pk, row.crosswalk = None, crosswalk
    CrosswalkTerm.objects.bulk_create(kept.values(), batch_size=500)
    audit.record(
        by=by,
        sentence=gettext_noop(
            "%(by)s wrote version %(version)s of the offence table of %(country)s"
        ),
        about=crosswalk,
        place_path=country_path,
        version=crosswalk.version,
        country=country_path,
    )
    return crosswalk
