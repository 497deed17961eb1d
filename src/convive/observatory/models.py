"""The release ledger: what left the house, when, to whom, as known on which day."""

from __future__ import annotations

from django.db import models
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
