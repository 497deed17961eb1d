"""Writes of the core room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.core.models import Job
from convive.core.workflow import JobStatus

if TYPE_CHECKING:
    from convive.core.actors import Actor


@audit.action
def cancel_job(*, by: Actor, job: Job) -> None:
    """Ask a job to stop; one that still waits is cancelled at once."""
    mine = Job.objects.filter(pk=job.pk)
    if not mine.unfinished().update(is_cancel_requested=True):
        audit.unchanged()
        return
    mine.filter(status=JobStatus.QUEUED).update(
        status=JobStatus.CANCELLED, finished_at=timezone.now()
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s asked to stop: %(job)s"),
        about=job,
        place_path=job.place_path,
        job=str(job),
    )


INTERRUPTED = gettext_noop(
    "Convive was stopped while this work was under way. Start it again."
)


@audit.action
def fail_interrupted_jobs(*, by: Actor) -> int:
    """Close the jobs of a worker that is gone. Call it before a worker starts."""
    jobs = list(Job.objects.filter(status=JobStatus.RUNNING))
    for job in jobs:
        Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(
            status=JobStatus.FAILED, error=INTERRUPTED, finished_at=timezone.now()
        )
        audit.record(
            by=by,
            sentence=gettext_noop("%(by)s found this work interrupted: %(job)s"),
            about=job,
            place_path=job.place_path,
            job=str(job),
        )
    if not jobs:
        audit.unchanged()
    return len(jobs)
