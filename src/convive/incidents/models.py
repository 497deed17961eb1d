"""Batches of incidents, what waits in quarantine, and how files are understood.

The incidents themselves live in the warehouse; a batch here is what makes its
Parquet file count.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convive.incidents.workflow import BatchStatus, DraftStatus, QuarantineStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


SHOWN_CHARACTERS = 400


class Nature(models.TextChoices):
    REAL = "real", _("real")
    SIMULATED = "simulated", _("simulated")


class ImportMode(models.TextChoices):
    ADD = "add", _("Add new and changed records")
    REPLACE = "replace", _("Replace the period of the file")


def _inside(paths: Iterable[str]) -> models.Q:
    """Records of the places and of what is inside them; '' is everywhere."""
    found = models.Q(pk__in=[])
    for path in paths:
        if not path:
            return models.Q()
        found |= models.Q(place_path=path) | models.Q(place_path__startswith=f"{path}/")
    return found


class ProfileQuerySet(models.QuerySet["MappingProfile"]):
    def inside(self, paths: Iterable[str]) -> ProfileQuerySet:
        return self.filter(_inside(paths))


class MappingProfile(models.Model):
    """What was learnt about one office's file: its columns, dates and coordinates."""

    name = models.CharField(max_length=100)
    place_path = models.CharField(max_length=300)
    source = models.CharField(max_length=60)
    mapping = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place_path", "name"], name="mapping_profile_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Crosswalk(models.Model):
    """One version of the table from local offence terms to ICCS. Never edited."""

    country_path = models.CharField(max_length=300)
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(blank=True)
    by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["country_path", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["country_path", "version"], name="crosswalk_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.country_path} v{self.version}"


class CrosswalkTerm(models.Model):
    crosswalk = models.ForeignKey(Crosswalk, models.CASCADE, related_name="terms")
    term = models.CharField(max_length=400)
    key = models.CharField(max_length=400)  # core.text.fold(term)
    iccs = models.CharField(max_length=12)
    # What the term itself says about the mechanism or relationship, if anything.
    mechanism = models.CharField(max_length=20, blank=True)
    relationship = models.CharField(max_length=20, blank=True)
    penal_code_article = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["crosswalk", "key"], name="crosswalk_term_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.term} -> {self.iccs}"


class BatchQuerySet(models.QuerySet["Batch"]):
    def recorded(self) -> BatchQuerySet:
        return self.filter(status=BatchStatus.RECORDED)

    def inside(self, paths: Iterable[str]) -> BatchQuerySet:
        return self.filter(_inside(paths))

    def known_on(self, as_of: datetime | None) -> BatchQuerySet:
        """Batches that counted at that moment; None is now."""
        if as_of is None:
            return self.recorded()
        still_there = models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gt=as_of)
        return self.filter(still_there, recorded_at__lte=as_of)


class Batch(models.Model):
    """An import that was written to the warehouse under this row's number."""

    number = models.BigAutoField(primary_key=True)
    status = models.CharField(
        max_length=20, choices=BatchStatus.choices, default=BatchStatus.WRITING
    )
    place_path = models.CharField(max_length=300)
    source = models.CharField(max_length=60)
    nature = models.CharField(
        max_length=20, choices=Nature.choices, default=Nature.REAL
    )
    # What is real, simulated, assumed or jittered in it, for the reader of a figure.
    note = models.TextField(blank=True)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    mode = models.CharField(max_length=10, choices=ImportMode.choices)
    crosswalk = models.ForeignKey(Crosswalk, models.PROTECT, null=True)
    read = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)  # new and changed rows written
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)  # by Replace
    quarantined = models.PositiveIntegerField(default=0)
    # The claim of completeness: every incident of these ICCS codes ('' is all) in
    # `place_path` between these days is in the file.
    covers_iccs = models.JSONField(default=list)
    covers_from = models.DateField(null=True)
    covers_until = models.DateField(null=True)  # inclusive
    provisional_from = models.DateField(null=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    recorded_at = models.DateTimeField(null=True, db_index=True)
    withdrawn_at = models.DateTimeField(null=True)
    # How the file was read (`intake.Mapping`), and its headings in their order.
    mapping = models.JSONField(default=dict)
    headings = models.JSONField(default=list)
    # Batches whose rows it mends or classifies again; undoing one undoes this too.
    derived_from = models.ManyToManyField(
        "self", symmetrical=False, related_name="derivatives"
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("batch")

    def __str__(self) -> str:
        return f"{self.number} · {self.file_name}"

    @property
    def note_text(self) -> str:
        """The note in the reader's language: the demonstration's are message ids."""
        return gettext(self.note) if self.note else ""

    def family(self) -> list[Batch]:
        """This batch and the recorded ones that are derived from it, undone with it."""
        found = {self.number: self}
        asked = [self]
        while asked:
            derived = asked.pop().derivatives.filter(status=BatchStatus.RECORDED)
            new = [batch for batch in derived if batch.number not in found]
            found |= {batch.number: batch for batch in new}
            asked += new
        return list(found.values())


class DraftQuerySet(models.QuerySet["ImportDraft"]):
    def inside(self, paths: Iterable[str]) -> DraftQuerySet:
        return self.filter(_inside(paths))

    def unfinished(self) -> DraftQuerySet:
        return self.filter(status__in=[DraftStatus.UPLOADED, DraftStatus.CHECKED])


class ImportDraft(models.Model):
    """A file on its way in: uploaded, understood, previewed, not yet a batch."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=20, choices=DraftStatus.choices, default=DraftStatus.UPLOADED
    )
    place_path = models.CharField(max_length=300)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100)  # below settings.UPLOAD_ROOT
    sheet_name = models.CharField(max_length=200, blank=True)
    # Headings, first rows and what was skipped; empty until the file has been read.
    reading = models.JSONField(default=dict)
    # What is said of the file as a whole, see actions.Claim.
    claim = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    mode = models.CharField(
        max_length=10, choices=ImportMode.choices, default=ImportMode.ADD
    )
    preview = models.JSONField(default=dict)
    job_id = models.UUIDField(null=True)
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        return self.status in {DraftStatus.UPLOADED, DraftStatus.CHECKED}

    @property
    def is_checked(self) -> bool:
        return self.status == DraftStatus.CHECKED


class QuarantineQuerySet(models.QuerySet["QuarantinedRow"]):
    def counting(self) -> QuarantineQuerySet:
        """Rows of files that count: those of an undone import wait for nothing."""
        return self.filter(batch__status=BatchStatus.RECORDED)

    def open(self) -> QuarantineQuerySet:
        rows = self.counting().filter(status=QuarantineStatus.OPEN)
        return rows.exclude(again_in__status=BatchStatus.RECORDED)

    def within(self, place_paths: list[str]) -> QuarantineQuerySet:
        """Rows of files about these places; '' stands for all."""
        if "" in place_paths:
            return self
        inside = models.Q(batch__place_path__in=place_paths)
        for path in place_paths:
            inside |= models.Q(batch__place_path__startswith=f"{path}/")
        return self.filter(inside)


class QuarantinedRow(models.Model):
    """A row that could not be accepted, kept whole with the reasons."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="quarantine")
    row_number = models.PositiveIntegerField()
    raw = models.JSONField()  # {heading: text as it stood in the file}
    # [{"column": ..., "value": ..., "sentence": msgid, "facts": {...}}]
    problems = models.JSONField()
    status = models.CharField(
        max_length=20, choices=QuarantineStatus.choices, default=QuarantineStatus.OPEN
    )
    mended_in = models.ForeignKey(
        Batch, models.SET_NULL, null=True, related_name="mended_rows"
    )
    # {heading: text} where a person wrote another text than the file's.
    corrected = models.JSONField(default=dict)
    reason = models.TextField(blank=True)  # why it was dismissed
    # A later file brought the same bad row, which waits there.
    again_in = models.ForeignKey(
        Batch, models.SET_NULL, null=True, related_name="rows_again"
    )

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "row_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "row_number"], name="quarantined_row_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row_number}"

    @property
    def cells(self) -> dict[str, str]:
        """The row as it was last corrected."""
        return {**self.raw, **self.corrected}

    def as_found(self) -> list[RowProblem]:
        """Its problems as rows to be counted, not saved yet."""
        return [
            RowProblem(
                row=self,
                column=problem["column"][:SHOWN_CHARACTERS],
                value=problem["value"][:SHOWN_CHARACTERS],
                sentence=problem["sentence"],
            )
            for problem in self.problems
        ]


class RowProblem(models.Model):
    """A problem of `QuarantinedRow.problems`, kept apart so that it can be counted."""

    row = models.ForeignKey(QuarantinedRow, models.CASCADE, related_name="found")
    column = models.CharField(max_length=SHOWN_CHARACTERS)
    value = models.CharField(max_length=SHOWN_CHARACTERS)
    sentence = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["sentence", "column"])]

    def __str__(self) -> str:
        return f"{self.column}: {self.sentence}"
