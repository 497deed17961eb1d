"""The audit trail and background jobs: the two records every room shares."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convive.core.workflow import JobStatus

if TYPE_CHECKING:
    from convive.core.actors import Actor


def deeds_within(place_path: str) -> models.Q:
    if not place_path:
        return models.Q()
    return models.Q(place_path=place_path) | models.Q(
        place_path__startswith=f"{place_path}/"
    )


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def within(self, place_path: str) -> AuditQuerySet:
        """Deeds in the place and everything inside it; '' is everywhere."""
        return self.filter(deeds_within(place_path))

    def about(self, thing: models.Model) -> AuditQuerySet:
        return self.filter(object_type=thing._meta.label, object_id=str(thing.pk))


class AuditEntry(models.Model):
    """Who did what, when, from where. It outlives its actor, so names are copied."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    # An English message id with named places, translated when it is read;
    # a fact called *_word is a message id too.
    sentence = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    # {field: [before, after]}
    changes = models.JSONField(default=dict)
    object_type = models.CharField(max_length=100, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    place_path = models.CharField(max_length=300, blank=True, db_index=True)
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=64, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")

    def __str__(self) -> str:
        words: dict[str, Any] = {"by": self.actor_name, **self.facts}
        for name, fact in self.facts.items():
            # A role or a state is told in the reader's language, a name never.
            if name.endswith("_word"):
                words[name] = gettext(fact)
        return gettext(self.sentence) % words


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, user: Actor) -> JobQuerySet:
        return self.filter(by_id=user.pk)

    def unfinished(self) -> JobQuerySet:
        return self.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])


class Job(models.Model):
    """Long work that a person started, can leave, look at again, and cancel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    title_facts = models.JSONField(default=dict)
    place_path = models.CharField(max_length=300, blank=True)
    status = models.CharField(
        max_length=20, choices=JobStatus.choices, default=JobStatus.QUEUED
    )
    phase = models.CharField(max_length=200, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    is_cancel_requested = models.BooleanField(default=False)
    # An English message id with its facts, translated when it is read.
    error = models.TextField(blank=True)
    error_facts = models.JSONField(default=dict)
    # Where the person goes when it is done.
    result_url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("job")

    def __str__(self) -> str:
        title: str = gettext(self.title) % self.title_facts
        return title

    @property
    def percent(self) -> int:
        if self.status == JobStatus.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def stamp(self) -> str:
        """Changes when what the page shows of a running job does."""
        return f"{self.status}-{self.phase}-{self.percent}"

    @property
    def phase_text(self) -> str:
        return gettext(self.phase) if self.phase else ""

    @property
    def error_text(self) -> str:
        if not self.error:
            return ""
        sentence: str = gettext(self.error)
        return sentence % self.error_facts if self.error_facts else sentence

    @property
    def has_gone_wrong(self) -> bool:
        return self.status == JobStatus.FAILED

    @property
    def is_done(self) -> bool:
        return self.status == JobStatus.DONE

    @property
    def is_finished(self) -> bool:
        return JobStatus(self.status) not in {JobStatus.QUEUED, JobStatus.RUNNING}
