"""The release ledger (what left the house, when, to whom), and comparison panels."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Release(models.Model):
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    place_path = models.CharField(max_length=300, db_index=True)
    table = models.CharField(max_length=40)
    file_format = models.CharField(max_length=10)
    query = models.CharField(max_length=400)
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    batches = models.JSONField(default=list)  # the vintage

    class Meta:
        ordering = ["-id"]
        verbose_name = _("release")

    def __str__(self) -> str:
        return f"{self.table}.{self.file_format} · {self.place_path}"


class Panel(models.Model):
    """One kind of offence in many places of a country, year by year."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    iccs = models.CharField(max_length=12)  # what it counts
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=300)
    # How its definitions differ from ours, for the reader.
    note = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("comparison panel")

    def __str__(self) -> str:
        return gettext(self.name)

    @property
    def name_text(self) -> str:
        return gettext(self.name)

    @property
    def source_text(self) -> str:
        """In the reader's language: the demonstration's texts are message ids."""
        return gettext(self.source) if self.source else ""

    @property
    def note_text(self) -> str:
        return gettext(self.note) if self.note else ""


class PanelFigure(models.Model):
    """One place in one year; blank is not known, never zero."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="figures")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    region = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(null=True)
    population = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "code", "year"], name="panel_figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"
