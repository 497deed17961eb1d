"""Writes of the core room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from convive.core import audit
from convive.core.models import Job
from convive.core.workflow import JobStatus

if TYPE_CHECKING:
    from convive.core.actors import Actor


@audit.action
def cancel_job(*, by: Actor, job: Job) -> None:
    """Ask a job to stop; one that still waits is cancelled at once."""
    Job.objects.filter(pk=job.pk).update(is_cancel_requested=True)
    waiting = Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED)
    waiting.update(status=JobStatus.CANCELLED)
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s asked to stop: %(job)s"),
        about=job,
        place_path=job.place_path,
        job=str(job),
    )
