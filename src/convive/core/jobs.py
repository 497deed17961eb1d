"""Background work with progress that a person can leave and cancel.

A room defines a django-tasks task taking `job_id` first, and starts it with
`start(...)`. The same function runs from the shell with another `Progress`.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.core.models import Job
from convive.core.workflow import JobStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convive.core.actors import Actor

logger = logging.getLogger(__name__)

WRITE_INTERVAL_S = 0.5


class Progress(Protocol):
    """Called by long work; `phase` is an English message id."""

    def __call__(self, done: int, total: int, phase: str) -> None: ...


class JobCancelled(Exception):
    """The person who started the job asked for it to stop."""


class JobError(Exception):
    """Raised by a task with a sentence for the person who started it.

    `sentence` is an English message id where it can be: the page translates it.
    """

    def __init__(self, sentence: str, **facts: str | int) -> None:
        self.sentence = sentence
        self.facts = facts
        super().__init__(sentence)


def silent(done: int, total: int, phase: str) -> None:
    """The progress of work that nobody watches."""


class JobProgress:
    """Writes progress to the job at most twice a second, and notices a cancel."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._next_write = 0.0

    def __call__(self, done: int, total: int, phase: str) -> None:
        now = time.monotonic()
        if now < self._next_write and phase == self.job.phase:
            return
        self._next_write = now + WRITE_INTERVAL_S
        self.job.phase = phase
        mine = Job.objects.filter(pk=self.job.pk)
        mine.update(done=done, total=total, phase=phase)
        if mine.filter(is_cancel_requested=True).exists():
            raise JobCancelled

    def leads_to(self, address: str) -> None:
        """Say where the person finds what the job made."""
        Job.objects.filter(pk=self.job.pk).update(result_url=address)


def start(
    *,
    by: Actor,
    task: Any,  # noqa: ANN401 - django-tasks has no public generic type
    title: str,
    place_path: str = "",
    title_facts: dict[str, str] | None = None,
    **arguments: object,
) -> Job:
    """Record a job and hand it to the worker once the transaction commits."""
    job = Job.objects.create(
        by_id=by.pk,
        by_name=by.get_username(),
        title=title,
        title_facts=title_facts or {},
        place_path=place_path,
    )
    enqueue: Callable[[], object] = functools.partial(
        task.enqueue, job_id=str(job.pk), **arguments
    )
    transaction.on_commit(enqueue)
    return job


@contextmanager
def running(job_id: str) -> Iterator[JobProgress]:
    """Run the body as the job: states, errors as sentences, cancel."""
    moved = Job.objects.filter(
        pk=job_id, status=JobStatus.QUEUED, is_cancel_requested=False
    ).update(status=JobStatus.RUNNING)
    job = Job.objects.get(pk=job_id)
    if not moved:
        # Cancelled while it waited, or handed out twice: either way not again.
        _finish(job, JobStatus.CANCELLED, since=JobStatus.QUEUED)
        raise JobCancelled
    try:
        with audit.coming_from(audit.Origin("task")):
            yield JobProgress(job)
    except JobCancelled:
        _finish(job, JobStatus.CANCELLED)
    except JobError as error:
        _finish(job, JobStatus.FAILED, error)
    except Exception:
        logger.exception("job %s failed", job_id)
        sentence = gettext_noop(
            "Something went wrong on our side. Nothing was changed."
        )
        _finish(job, JobStatus.FAILED, JobError(sentence))
    else:
        _finish(job, JobStatus.DONE)


def _finish(
    job: Job,
    status: JobStatus,
    error: JobError | None = None,
    *,
    since: JobStatus = JobStatus.RUNNING,
) -> None:
    Job.objects.filter(pk=job.pk, status=since).update(
        status=status,
        error=error.sentence if error else "",
        error_facts=error.facts if error else {},
        finished_at=timezone.now(),
    )
