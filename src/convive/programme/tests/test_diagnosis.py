"""The matrix: who fills it, what it lacks, and how a version follows another."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from convive.places.models import Place
from convive.places.tests.sonsonate import ACAJUTLA
from convive.programme.diagnosis import actions
from convive.programme.diagnosis.presenters import present_matrix
from convive.programme.models import Diagnosis, Dimension, Entry, EntryKind
from convive.programme.policies import ProgrammeRefusedError
from convive.programme.tests.matrix import BY, facts, make_diagnosis, make_entries
from convive.programme.workflow import DIAGNOSIS_MOVES, DiagnosisStatus


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def alicia(client_of):
    client = client_of("alicia")
    client.cookies["django_language"] = "en"
    return client


def test_the_table_covers_every_state():
    assert set(DIAGNOSIS_MOVES) == set(DiagnosisStatus)


def test_the_matrix_has_seven_rows_and_a_column_a_zone(cast):
    threat, _capacity = make_entries()

    page = present_matrix(threat.diagnosis, cast["alicia"])

    assert len(page.rows) == 7
    assert [place.name for place in page.places] == ["Sonsonate"]
    personal = page.rows[list(Dimension).index(Dimension.PERSONAL)]
    assert personal.cells[0].entries == (threat,)


def test_what_is_missing_is_named(cast):
    threat, capacity = make_entries()
    actions.add_evidence(by=BY, entry=capacity, kind="workshop", text="3 May")

    gap = present_matrix(threat.diagnosis, cast["alicia"]).gap

    assert gap.without_evidence == 1
    assert gap.without_answer == ("personal",)
    assert gap.empty == ("economic", "food", "health", "environmental", "political")


def test_a_capacity_in_its_dimension_answers_a_threat(cast):
    threat, _capacity = make_entries()
    answer = facts(threat.diagnosis, "Patrols on foot", kind=EntryKind.CAPACITY)
    actions.add_entry(by=BY, diagnosis=threat.diagnosis, facts=answer)

    assert present_matrix(threat.diagnosis, cast["alicia"]).gap.without_answer == ()


def test_lines_between_dimensions_count_what_acts_on_what(cast):
    threat, capacity = make_entries()
    actions.link_entries(by=BY, source=threat, target=capacity)
    actions.link_entries(by=BY, source=capacity, target=threat)

    (edge,) = present_matrix(threat.diagnosis, cast["alicia"]).web.edges

    assert edge.text == "community – personal: 2"


def test_nothing_acts_on_itself(db):
    threat, _capacity = make_entries()

    with pytest.raises(ProgrammeRefusedError, match="another one"):
        actions.link_entries(by=BY, source=threat, target=threat)


def test_a_place_of_another_municipality_is_refused(db):
    diagnosis = make_diagnosis()
    acajutla = Place.objects.get(path=ACAJUTLA)

    with pytest.raises(ProgrammeRefusedError, match="Acajutla does not lie in Sons"):
        actions.add_entry(
            by=BY, diagnosis=diagnosis, facts=facts(diagnosis, place=acajutla)
        )

    assert not Entry.objects.exists()


def test_what_was_agreed_no_longer_changes(db):
    threat, _capacity = make_entries()
    actions.agree_diagnosis(by=BY, diagnosis=threat.diagnosis)
    agreed = Entry.objects.get(pk=threat.pk)

    for change in (
        lambda: actions.remove_entry(by=BY, entry=agreed),
        lambda: actions.change_entry(
            by=BY, entry=agreed, facts=facts(agreed.diagnosis, "Other")
        ),
        lambda: actions.add_evidence(by=BY, entry=agreed, kind="survey", text="x"),
    ):
        with pytest.raises(ProgrammeRefusedError, match="only by a new version"):
            change()

    assert Entry.objects.get(pk=threat.pk).text == threat.text


def test_a_new_version_copies_entries_evidence_and_links(db):
    threat, capacity = make_entries()
    actions.add_evidence(by=BY, entry=threat, kind="survey", text="Survey of 2009")
    actions.link_entries(by=BY, source=threat, target=capacity)
    first = actions.agree_diagnosis(by=BY, diagnosis=threat.diagnosis)

    later = actions.begin_version(by=BY, diagnosis=first, reason="A new year")

    first.refresh_from_db()
    assert (first.status, later.version) == (DiagnosisStatus.REPLACED, 2)
    copy = later.entries.get(text=threat.text)
    assert copy.pk != threat.pk
    assert copy.evidence.get().text == "Survey of 2009"
    assert copy.acts_on.get().target.text == capacity.text
    assert first.entries.count() == later.entries.count() == 2


def test_a_draft_has_no_later_version(db):
    with pytest.raises(ProgrammeRefusedError, match="being filled in already"):
        actions.begin_version(by=BY, diagnosis=make_diagnosis(), reason="Haste")

    assert Diagnosis.objects.count() == 1


def test_an_entry_is_written_by_the_page_with_its_dissent(alicia):
    diagnosis = make_diagnosis()
    data = {
        "kind": "need",
        "dimension": "economic",
        "text": "Work for young people",
        "place": diagnosis.unit.place.pk,
        "group": "youth",
        "severity": "5",
        "dissent": "The schools would put it third.",
    }

    alicia.post(reverse("programme:entry_add", kwargs={"pk": diagnosis.pk}), data)

    entry = Entry.objects.get()
    assert (entry.severity, entry.dissent) == (5, "The schools would put it third.")
    page = alicia.get(reverse("programme:diagnosis", kwargs={"pk": diagnosis.pk}))
    assert "with dissent" in page.content.decode()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//elsewhere.example"])
def test_evidence_is_a_page_and_nothing_that_runs(alicia, address):
    entry, _capacity = make_entries()

    answer = alicia.post(
        reverse("programme:evidence_add", kwargs={"pk": entry.pk}),
        {"kind": "figure", "text": "Rate", "address": address},
    )

    assert answer.status_code == 422
    assert "begins with / or https://" in answer.content.decode()
    assert not entry.evidence.exists()


def test_the_same_matrix_is_shown_large_for_the_projector(alicia):
    diagnosis = make_entries()[0].diagnosis
    address = reverse("programme:diagnosis", kwargs={"pk": diagnosis.pk})

    assert "workshop" in alicia.get(f"{address}?taller").content.decode()
    assert "table-scroll workshop" not in alicia.get(address).content.decode()
