"""Writes about the diagnosis and its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.accounts.permissions import is_within
from convive.core import audit
from convive.programme.models import Diagnosis, Entry, Evidence, Interlinkage
from convive.programme.policies import ProgrammeRefusedError, check_move, check_write
from convive.programme.workflow import DiagnosisStatus

if TYPE_CHECKING:
    from convive.core.actors import Actor
    from convive.partners.models import Unit
    from convive.places.models import Place


class EntryFacts(TypedDict):
    dimension: str
    kind: str
    place: Place
    group: str
    text: str
    severity: int
    dissent: str


def _record(by: Actor, diagnosis: Diagnosis, sentence: str, text: str = "") -> None:
    audit.record(
        by=by,
        sentence=sentence,
        about=diagnosis,
        place_path=diagnosis.unit.place.path,
        unit=diagnosis.unit.name,
        version=diagnosis.version,
        text=text,
    )


@audit.action
def begin_diagnosis(*, by: Actor, unit: Unit) -> Diagnosis:
    """Begin the first version; later ones begin from an agreed one."""
    if unit.diagnoses.exists():
        raise ProgrammeRefusedError(_("The Unit has its diagnosis already."))
    diagnosis = Diagnosis.objects.create(unit=unit, version=1)
    _record(by, diagnosis, gettext_noop("%(by)s began the diagnosis of %(unit)s"))
    return diagnosis


@audit.action
def agree_diagnosis(*, by: Actor, diagnosis: Diagnosis) -> Diagnosis:
    check_move(diagnosis, DiagnosisStatus.AGREED)
    if not diagnosis.entries.exists():
        raise ProgrammeRefusedError(_("An empty matrix cannot be agreed."))
    diagnosis.status = DiagnosisStatus.AGREED
    diagnosis.agreed_on = timezone.localdate()
    diagnosis.save(update_fields=["status", "agreed_on"])
    sentence = gettext_noop("%(by)s closed version %(version)s of the diagnosis")
    _record(by, diagnosis, sentence)
    return diagnosis


@audit.action
def begin_version(*, by: Actor, diagnosis: Diagnosis, reason: str) -> Diagnosis:
    """Copy an agreed version into a new draft; the old one stays to be read."""
    check_move(diagnosis, DiagnosisStatus.REPLACED)
    diagnosis.status = DiagnosisStatus.REPLACED
    diagnosis.save(update_fields=["status"])
    later = Diagnosis.objects.create(
        unit=diagnosis.unit, version=diagnosis.version + 1, reason=reason
    )
    copies = {}
    for entry in diagnosis.entries.order_by("pk"):
        evidence = list(entry.evidence.all())
        old, entry.pk, entry.diagnosis = entry.pk, None, later
        entry._state.adding = True
        entry.save()
        copies[old] = entry
        Evidence.objects.bulk_create(
            Evidence(entry=entry, kind=e.kind, text=e.text, address=e.address)
            for e in evidence
        )
    Interlinkage.objects.bulk_create(
        Interlinkage(source=copies[link.source_id], target=copies[link.target_id])
        for link in Interlinkage.objects.filter(source__diagnosis=diagnosis)
    )
    sentence = gettext_noop(
        "%(by)s began version %(version)s of the diagnosis: %(text)s"
    )
    _record(by, later, sentence, reason)
    return later


@audit.action
def add_entry(*, by: Actor, diagnosis: Diagnosis, facts: EntryFacts) -> Entry:
    check_write(diagnosis)
    _check_place(diagnosis, facts["place"])
    entry = Entry.objects.create(diagnosis=diagnosis, **facts)
    _record(
        by, diagnosis, gettext_noop("%(by)s added to the matrix: %(text)s"), entry.text
    )
    return entry


@audit.action
def change_entry(*, by: Actor, entry: Entry, facts: EntryFacts) -> Entry:
    check_write(entry.diagnosis)
    _check_place(entry.diagnosis, facts["place"])
    for name, value in facts.items():
        setattr(entry, name, value)
    entry.save()
    sentence = gettext_noop("%(by)s changed in the matrix: %(text)s")
    _record(by, entry.diagnosis, sentence, entry.text)
    return entry


@audit.action
def remove_entry(*, by: Actor, entry: Entry) -> None:
    check_write(entry.diagnosis)
    diagnosis, text = entry.diagnosis, entry.text
    entry.delete()
    _record(
        by, diagnosis, gettext_noop("%(by)s took out of the matrix: %(text)s"), text
    )


@audit.action
def add_evidence(
    *, by: Actor, entry: Entry, kind: str, text: str, address: str = ""
) -> Evidence:
    check_write(entry.diagnosis)
    evidence = Evidence.objects.create(
        entry=entry, kind=kind, text=text, address=address
    )
    sentence = gettext_noop("%(by)s added evidence to the matrix: %(text)s")
    _record(by, entry.diagnosis, sentence, text)
    return evidence


@audit.action
def link_entries(*, by: Actor, source: Entry, target: Entry) -> Interlinkage:
    """Say that one entry acts on another of the same matrix."""
    check_write(source.diagnosis)
    if source.diagnosis_id != target.diagnosis_id or source.pk == target.pk:
        raise ProgrammeRefusedError(
            _("An entry acts on another one of the same matrix.")
        )
    link, is_new = Interlinkage.objects.get_or_create(source=source, target=target)
    if not is_new:
        audit.unchanged()
        return link
    sentence = gettext_noop("%(by)s linked in the matrix: %(text)s")
    _record(by, source.diagnosis, sentence, f"{source.text} → {target.text}")
    return link


def _check_place(diagnosis: Diagnosis, place: Place) -> None:
    if not is_within(place.path, diagnosis.unit.place.path):
        raise ProgrammeRefusedError(
            _("%(place)s does not lie in %(around)s.")
            % {"place": place.name, "around": diagnosis.unit.place.name}
        )
