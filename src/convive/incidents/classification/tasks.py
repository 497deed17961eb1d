"""Classifying incidents again, done by the worker with progress."""

from __future__ import annotations

from contextlib import suppress

from django.urls import reverse
from django_tasks import task

from convive.accounts.models import User
from convive.core.jobs import JobCancelled, running
from convive.core.models import Job
from convive.incidents.classification import rereading


@task
def reread_incidents(job_id: str, country_path: str, places: list[str]) -> None:
    # It was stopped before it began; the page says so.
    with suppress(JobCancelled), running(job_id) as progress:
        by = User.objects.get(pk=progress.job.by_id or 0)
        rereading.reread(
            by=by, country_path=country_path, places=places, progress=progress
        )
        address = reverse("incidents:crosswalk_reread", args=[country_path])
        Job.objects.filter(pk=job_id).update(result_url=address)
