"""Country > department > municipality > zone > public space, and who lives there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SEXES = {"all": _("everyone"), "female": _("women"), "male": _("men")}


class PlaceKind(models.TextChoices):
    COUNTRY = "country", _("country")
    DEPARTMENT = "department", _("department")
    MUNICIPALITY = "municipality", _("municipality")
    ZONE = "zone", _("zone")
    PUBLIC_SPACE = "public_space", _("public space")


class PlaceQuerySet(models.QuerySet["Place"]):
    def within(self, path: str) -> PlaceQuerySet:
        """The place itself and everything inside it; '' is everywhere."""
        if not path:
            return self.all()
        return self.filter(models.Q(path=path) | models.Q(path__startswith=f"{path}/"))

    def of_kind(self, kind: PlaceKind) -> PlaceQuerySet:
        return self.filter(kind=kind)


class Place(models.Model):
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    name = models.CharField(_("name"), max_length=200)
    # 'sv/sonsonate/acajutla': what commands, addresses and the warehouse use.
    path = models.CharField(max_length=300, unique=True)
    official_code = models.CharField(max_length=40, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    # What is assumed or to be verified about this place, in a sentence.
    note = models.TextField(blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("place")

    def __str__(self) -> str:
        return self.name

    @property
    def note_text(self) -> str:
        """In the reader's language: the demonstration's notes are message ids."""
        return gettext(self.note) if self.note else ""


class PlaceName(models.Model):
    """A spelling under which offices write a place."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, db_index=True)  # core.text.fold(name)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "key"], name="place_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """The outline of a place in WGS 84, and where it comes from."""

    place = models.OneToOneField(Place, models.CASCADE, related_name="boundary")
    wkb = models.BinaryField()
    # Simplified for drawing; figures never use it.
    drawing = models.JSONField()
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=300)
    is_approximate = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.place} ({self.source})"

    @property
    def source_text(self) -> str:
        return gettext(self.source) if self.source else ""


class Population(models.Model):
    """Resident persons on 1 July of a year. Sex and age group 'all' is the total."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="populations")
    year = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=10, default="all")  # all, female, male
    age_group = models.CharField(max_length=10, default="all")  # all, 0-4 ... 80+
    persons = models.PositiveIntegerField()
    source = models.CharField(max_length=300)
    is_verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "year", "sex", "age_group"], name="population_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.year}: {self.persons}"

    @property
    def source_text(self) -> str:
        return gettext(self.source) if self.source else ""

    @property
    def sex_text(self) -> str:
        return str(SEXES.get(self.sex, self.sex))

    @property
    def age_text(self) -> str:
        return gettext("all ages") if self.age_group == "all" else self.age_group


class GazetteerEntry(models.Model):
    """A barrio, colonia or landmark that people write instead of coordinates."""

    class Kind(models.TextChoices):
        NEIGHBOURHOOD = "neighbourhood", _("barrio, colonia or canton")
        LANDMARK = "landmark", _("landmark")

    municipality = models.ForeignKey(Place, models.CASCADE, related_name="gazetteer")
    zone = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, db_index=True)  # core.text.fold(name)
    longitude = models.FloatField()
    latitude = models.FloatField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "key"], name="gazetteer_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def source_text(self) -> str:
        return gettext(self.source) if self.source else ""
