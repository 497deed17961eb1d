"""The human-security matrix: what threatens whom, and what there is against it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convive.partners.models import Unit
from convive.places.models import Place
from convive.programme.workflow import DiagnosisStatus

SEVEREST = 5


class Dimension(models.TextChoices):
    """The seven of the Human Development Report of 1994."""

    ECONOMIC = "economic", _("economic")
    FOOD = "food", _("food")
    HEALTH = "health", _("health")
    ENVIRONMENTAL = "environmental", _("environmental")
    PERSONAL = "personal", _("personal")
    COMMUNITY = "community", _("community")
    POLITICAL = "political", _("political")


class EntryKind(models.TextChoices):
    THREAT = "threat", _("threat")
    NEED = "need", _("need")
    VULNERABILITY = "vulnerability", _("vulnerability")
    CAPACITY = "capacity", _("capacity")


class Group(models.TextChoices):
    EVERYONE = "everyone", _("everyone")
    CHILDREN = "children", _("girls and boys")
    YOUTH = "youth", _("young people")
    WOMEN = "women", _("women")
    MEN = "men", _("men")
    OLDER = "older", _("older people")
    DISABLED = "disabled", _("people with disabilities")
    INDIGENOUS = "indigenous", _("indigenous people")
    MIGRANTS = "migrants", _("migrants and returned people")
    DIVERSE = "diverse", _("LGBTI people")


class EvidenceKind(models.TextChoices):
    FIGURE = "figure", _("a figure of the observatory")
    SURVEY = "survey", _("a survey")
    WORKSHOP = "workshop", _("a workshop")
    DOCUMENT = "document", _("a document")


class Diagnosis(models.Model):
    """One version of a Unit's matrix."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="diagnoses")
    version = models.PositiveSmallIntegerField()
    status = models.CharField(
        max_length=20, choices=DiagnosisStatus.choices, default=DiagnosisStatus.DRAFT
    )
    reason = models.TextField(blank=True)  # why there is another version
    agreed_on = models.DateField(null=True)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("diagnosis")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "version"], name="diagnosis_version_once"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(status="draft"),
                name="one_diagnosis_being_written",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.version}"


class Entry(models.Model):
    """One line of the matrix, as the participants agreed it."""

    diagnosis = models.ForeignKey(Diagnosis, models.CASCADE, related_name="entries")
    dimension = models.CharField(max_length=20, choices=Dimension.choices)
    kind = models.CharField(max_length=20, choices=EntryKind.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    group = models.CharField(
        max_length=20, choices=Group.choices, default=Group.EVERYONE
    )
    text = models.TextField()
    # Of a capacity, how much it can do; of the rest, how grave it is.
    severity = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(SEVEREST)]
    )
    # What some participants see otherwise stays beside what was agreed.
    dissent = models.TextField(blank=True)

    class Meta:
        ordering = ["-severity", "pk"]
        verbose_name = _("entry of the matrix")
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=SEVEREST),
                name="severity_from_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Evidence(models.Model):
    """What an entry rests on."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices)
    text = models.CharField(max_length=300)
    address = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Interlinkage(models.Model):
    """One entry acts on another: a need on a threat, a capacity against it."""

    source = models.ForeignKey(Entry, models.CASCADE, related_name="acts_on")
    target = models.ForeignKey(Entry, models.CASCADE, related_name="acted_on_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"], name="interlinkage_once"
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="nothing_acts_on_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
