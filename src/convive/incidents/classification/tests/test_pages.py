"""Pages of the offence table."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from convive.core.models import Job
from convive.core.workflow import JobStatus
from convive.incidents.classification.tasks import reread_incidents
from convive.incidents.models import Batch
from convive.incidents.reference import latest_crosswalk
from convive.places.tests.sonsonate import ACAJUTLA

SV = {"country": "sv"}
TABLE = reverse("incidents:crosswalk")
TERM = reverse("incidents:crosswalk_term", kwargs=SV)
UPLOAD = reverse("incidents:crosswalk_upload", kwargs=SV)
REREAD = reverse("incidents:crosswalk_reread", kwargs=SV)
VERSIONS = reverse("incidents:crosswalk_versions", kwargs=SV)
STOP = reverse("incidents:crosswalk_stop", kwargs=SV)
HURTO = {"term": "Hurto", "iccs": "0502", "note": "Faltaba"}


@pytest.fixture
def bruno(client_of):
    return client_of("bruno")


@pytest.fixture
def thefts(import_lines):
    return import_lines("1,05/03/2009,Hurto,F,20", "2,06/03/2009,Hurto,M,30").batch


def work(job):
    """What the worker does with a job that waits."""
    reread_incidents.func(
        job_id=str(job.pk),
        country_path="sv",
        places=["sv/sonsonate/sonsonate"],
    )


def test_the_table_says_each_class_by_name_and_is_searched(sonsonate, bruno):
    whole = bruno.get(TABLE, SV).context["shown"]
    found = bruno.get(TABLE, SV | {"search": "ROBÓ"}).context["shown"]

    assert {line.code for line in whole.terms} == {"0101", "0401"}
    assert [line.term for line in found.terms] == ["Robo"]
    assert found.terms[0].code_name


def test_words_that_have_no_class_are_counted_for_their_own_place_only(
    thefts, import_lines, client_of
):
    import_lines("1,05/03/2009,Hurto,F,20", place_path=ACAJUTLA, name="a.csv")

    def counted(name):
        shown = client_of(name).get(TABLE, SV).context["shown"]
        return [(text.text, text.count) for text in shown.unclassified]

    assert counted("bruno") == [("Hurto", 2)]
    assert counted("carla") == [("Hurto", 1)]
    assert counted("delia") == []


def test_a_new_term_makes_a_version_with_who_and_why(thefts, bruno):
    answer = bruno.post(TERM, HURTO)

    latest = latest_crosswalk("sv")
    assert answer.status_code == 302
    assert (latest.version, latest.by_name, latest.note) == (2, "bruno", "Faltaba")
    assert latest.terms.get(term="Hurto").iccs == "0502"


def test_a_term_written_otherwise_takes_the_old_ones_place(sonsonate, bruno):
    bruno.post(
        f"{TERM}?term=Robo", {"term": "Robo simple", "iccs": "0401", "note": "x"}
    )

    terms = {term.term for term in latest_crosswalk("sv").terms.all()}
    assert terms == {"Homicidio", "Robo simple"}


def test_a_term_is_taken_out(sonsonate, bruno):
    data = {"term": "Robo", "iccs": "0401", "note": "x", "remove": "1"}

    bruno.post(f"{TERM}?term=Robo", data)

    assert {t.term for t in latest_crosswalk("sv").terms.all()} == {"Homicidio"}


@pytest.mark.parametrize("change", [{"iccs": "9999"}, {"term": "***"}, {"note": ""}])
def test_a_wrong_term_makes_no_version(sonsonate, bruno, change):
    answer = bruno.post(TERM, HURTO | change)

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == change.keys()
    assert latest_crosswalk("sv").version == 1


def test_a_whole_table_is_uploaded(sonsonate, bruno):
    file = SimpleUploadedFile("t.csv", b"term,iccs\nHurto,0502\n")

    bruno.post(UPLOAD, {"file": file, "note": "Nueva"})

    assert {t.term for t in latest_crosswalk("sv").terms.all()} == {"Hurto"}


def test_a_wrong_upload_names_its_rows(sonsonate, bruno):
    file = SimpleUploadedFile("t.csv", b"term,iccs\nHurto,502\nRobo,\n")

    answer = bruno.post(UPLOAD, {"file": file, "note": "Nueva"})

    assert len(answer.context["form"].errors["file"]) == 2
    assert latest_crosswalk("sv").version == 1


def test_two_versions_are_compared(sonsonate, bruno):
    bruno.post(TERM, HURTO)
    bruno.post(f"{TERM}?term=Robo", {"term": "Robo", "iccs": "0502", "note": "x"})

    latest = bruno.get(VERSIONS).context["shown"]
    both = bruno.get(VERSIONS, {"older": "1", "newer": "3"}).context["shown"]

    assert [change.term for change in latest.changes] == ["Robo"]
    assert [(c.term, bool(c.before)) for c in both.changes] == [
        ("Hurto", False),
        ("Robo", True),
    ]


def test_a_reading_is_shown_before_and_done_by_the_worker(thefts, bruno):
    bruno.post(TERM, HURTO)
    before = bruno.get(REREAD).context["shown"]

    bruno.post(REREAD)
    job = Job.objects.get()
    waiting = bruno.get(REREAD)
    work(job)
    after = bruno.get(REREAD).context["shown"]

    assert before.total == 2
    assert [(shift.text, shift.count) for shift in before.shifts] == [("Hurto", 2)]
    assert waiting.context["shown"].is_running
    assert 'http-equiv="refresh"' in waiting.content.decode()
    job.refresh_from_db()
    assert job.status == JobStatus.DONE
    assert (after.total, after.is_running) == (0, False)
    assert Batch.objects.latest("number").by_name == "bruno"


def test_a_reading_that_waits_can_be_stopped(thefts, bruno):
    bruno.post(TERM, HURTO)
    bruno.post(REREAD)

    bruno.post(STOP)
    work(Job.objects.get())

    assert Job.objects.get().status == JobStatus.CANCELLED
    assert Batch.objects.count() == 1


def test_nobody_stops_the_work_of_another(thefts, bruno, client_of):
    bruno.post(TERM, HURTO)
    bruno.post(REREAD)

    client_of("alicia").post(STOP)

    assert not Job.objects.get().is_cancel_requested
