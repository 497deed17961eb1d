import logging

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from convive.core import actions, jobs
from convive.core.actors import System
from convive.core.models import AuditEntry, Job
from convive.core.workflow import MOVES, JobStatus

BY = System()


@pytest.fixture
def brunos(cast):
    def make(**fields):
        bruno = cast["bruno"]
        facts = {"title_facts": {"file": "marzo.csv"}} | fields
        return Job.objects.create(
            by_id=bruno.pk, by_name="bruno", title="Checking %(file)s", **facts
        )

    return make


def test_each_state_of_a_job_has_its_moves():
    assert set(MOVES) == set(JobStatus)


def test_work_that_ends_well_is_done_and_leads_to_its_result(brunos):
    job = brunos()

    with jobs.running(str(job.pk)) as progress:
        progress(1, 4, "Checking each row")
        progress.leads_to("/somewhere/")

    job.refresh_from_db()
    assert (job.status, job.result_url) == (JobStatus.DONE, "/somewhere/")
    assert (job.done, job.total, job.percent) == (1, 4, 100)
    assert job.finished_at is not None


def test_a_refusal_is_kept_as_a_sentence_that_each_reader_gets_in_their_language(
    brunos,
):
    job = brunos()

    with jobs.running(str(job.pk)):
        raise jobs.JobError("Page %(number)s of %(last)s", number=1, last=2)

    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    with translation.override("en"):
        assert job.error_text == "Page 1 of 2"
    with translation.override("es"):
        assert job.error_text == "Página 1 de 2"


def test_an_unforeseen_error_fails_the_job_and_not_the_worker(brunos, caplog):
    job = brunos()

    with caplog.at_level(logging.CRITICAL), jobs.running(str(job.pk)):
        raise ZeroDivisionError

    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert job.error_text


def test_a_cancel_is_noticed_at_the_next_progress(brunos, cast):
    job = brunos()

    with jobs.running(str(job.pk)) as progress:
        actions.cancel_job(by=cast["bruno"], job=job)
        progress(1, 2, "Reading the file")
        pytest.fail("went on although it was cancelled")

    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def test_a_job_cancelled_while_it_waits_never_begins(brunos, cast):
    job = brunos()
    actions.cancel_job(by=cast["bruno"], job=job)

    with pytest.raises(jobs.JobCancelled), jobs.running(str(job.pk)):
        pytest.fail("began although it was cancelled")

    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def test_a_job_handed_out_twice_runs_once(brunos):
    job = brunos()
    with jobs.running(str(job.pk)):
        pass

    with pytest.raises(jobs.JobCancelled), jobs.running(str(job.pk)):
        pytest.fail("ran a second time")

    job.refresh_from_db()
    assert job.status == JobStatus.DONE


def test_cancelling_what_is_finished_changes_nothing(brunos, cast):
    job = brunos(status=JobStatus.DONE)

    actions.cancel_job(by=cast["bruno"], job=job)

    job.refresh_from_db()
    assert not job.is_cancel_requested
    assert not AuditEntry.objects.about(job).exists()


def test_the_job_of_a_dead_worker_is_closed_with_a_sentence(brunos):
    running, waiting = brunos(status=JobStatus.RUNNING), brunos()

    closed = actions.fail_interrupted_jobs(by=BY)

    running.refresh_from_db()
    waiting.refresh_from_db()
    assert closed == 1
    assert (running.status, bool(running.error_text)) == (JobStatus.FAILED, True)
    assert waiting.status == JobStatus.QUEUED
    assert AuditEntry.objects.about(running).count() == 1
    assert actions.fail_interrupted_jobs(by=BY) == 0


def test_a_person_sees_their_own_jobs_and_nobody_elses(brunos, client_of):
    job = brunos()
    address = reverse("core:job", args=[job.pk])

    assert client_of("bruno").get(address).status_code == 200
    assert client_of("carla").get(address).status_code == 404
    assert "marzo.csv" in client_of("bruno").get(reverse("core:jobs")).content.decode()
    assert (
        "marzo.csv" not in client_of("carla").get(reverse("core:jobs")).content.decode()
    )


def test_the_page_of_running_work_refreshes_with_and_without_scripts(brunos, client_of):
    job = brunos(status=JobStatus.RUNNING, done=1, total=4, phase="Reading the file")

    page = client_of("bruno").get(reverse("core:job", args=[job.pk]))

    text = page.content.decode()
    assert 'hx-trigger="every 1s"' in text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert 'value="25"' in text
    assert "no-store" in page["Cache-Control"]


def test_polling_answers_only_what_is_new(brunos, client_of):
    job = brunos(status=JobStatus.RUNNING, done=1, total=4, phase="Reading the file")
    address, bruno = reverse("core:job", args=[job.pk]), client_of("bruno")
    asked = {"HTTP_HX_REQUEST": "true"}

    first = bruno.get(address, **asked)
    again = bruno.get(address, {"seen": job.stamp}, **asked)

    assert first.status_code == 200
    assert "<html" not in first.content.decode()
    assert again.status_code == 204


def test_who_follows_finished_work_is_taken_to_its_result(brunos, client_of):
    job = brunos(
        status=JobStatus.DONE, result_url="/trabajos/", finished_at=timezone.now()
    )
    address, bruno = reverse("core:job", args=[job.pk]), client_of("bruno")

    polled = bruno.get(address, {"follow": "1"}, HTTP_HX_REQUEST="true")
    opened = bruno.get(address, {"follow": "1"})
    looked_at = bruno.get(address)

    assert polled["HX-Redirect"] == "/trabajos/"
    assert opened["Location"] == "/trabajos/"
    assert "hx-trigger" not in looked_at.content.decode()
    assert 'href="/trabajos/"' in looked_at.content.decode()


def test_failed_work_shows_its_sentence_when_it_is_followed(brunos, client_of):
    job = brunos(
        status=JobStatus.FAILED,
        error="The file is damaged.",
        result_url="/hechos/",
        finished_at=timezone.now(),
    )
    address, bruno = reverse("core:job", args=[job.pk]), client_of("bruno")

    polled = bruno.get(address, {"follow": "1"}, HTTP_HX_REQUEST="true")
    page = bruno.get(address, {"follow": "1"})

    assert polled["HX-Redirect"] == address
    assert "The file is damaged." in page.content.decode()


def test_a_job_is_cancelled_by_post_only(brunos, client_of):
    job = brunos(status=JobStatus.RUNNING)
    address, bruno = reverse("core:job_cancel", args=[job.pk]), client_of("bruno")

    assert bruno.get(address).status_code == 405
    bruno.post(address)

    job.refresh_from_db()
    assert job.is_cancel_requested
    assert AuditEntry.objects.about(job).count() == 1
