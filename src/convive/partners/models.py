"""Organisations, the Coordination Unit of a municipality, its seats and meetings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convive.partners.workflow import WAITING, CommitmentStatus, MeetingStatus
from convive.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

# An agreement is spoken of so long before it ends.
RENEWAL_NOTICE = timedelta(days=60)


class OrganisationKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("municipal government")
    NATIONAL = "national", _("national government")
    POLICE = "police", _("police")
    JUSTICE = "justice", _("courts and prosecution")
    HEALTH = "health", _("health service")
    EDUCATION = "education", _("education")
    AGENCY = "agency", _("international agency")
    NGO = "ngo", _("non-governmental organisation")
    COMMUNITY = "community", _("community organisation")
    PRIVATE = "private", _("business")
    ACADEMIC = "academic", _("university or research")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def within(self, place_path: str) -> OrganisationQuerySet:
        """Those of the place and of everything inside it; '' is everywhere."""
        return self.filter(place__in=Place.objects.within(place_path))

    def reaching(self, place_path: str) -> OrganisationQuerySet:
        """Those of the place and of what it lies in."""
        steps = place_path.split("/")
        around = ["/".join(steps[:count]) for count in range(1, len(steps) + 1)]
        return self.filter(place__path__in=around)


class Organisation(models.Model):
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200)  # core.text.fold(name)
    acronym = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    # Where it works from: a municipality, or the country of a national one.
    place = models.ForeignKey(Place, models.PROTECT, related_name="organisations")
    mandate = models.TextField(blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "key"], name="organisation_once_in_a_place"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        return self.acronym or self.name


class Contact(models.Model):
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="contacts"
    )
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    def inside(self, paths: Iterable[str]) -> UnitQuerySet:
        """Those of these places and of everything inside them; '' is everywhere."""
        wanted = Q(pk__in=[])
        for path in paths:
            if not path:
                return self.all()
            wanted |= Q(place__path=path) | Q(place__path__startswith=f"{path}/")
        return self.filter(wanted)


class Unit(models.Model):
    """The one table of a municipality."""

    place = models.OneToOneField(Place, models.PROTECT, related_name="unit")
    name = models.CharField(max_length=200)
    founded_on = models.DateField(null=True)
    # What is invented or to be verified about it, in a sentence.
    note = models.TextField(blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("Coordination Unit")

    def __str__(self) -> str:
        return self.name

    @property
    def note_text(self) -> str:
        """In the reader's language: the demonstration's notes are message ids."""
        return gettext(self.note) if self.note else ""


class Seat(models.Model):
    """A place at the table. It owns the commitments, whoever sits on it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["title"]
        verbose_name = _("seat")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "organisation", "title"], name="seat_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.organisation.short_name}"


class HolderQuerySet(models.QuerySet["Holder"]):
    def on(self, day: date) -> HolderQuerySet:
        begun = Q(since__lte=day)
        return self.filter(begun & (Q(until=None) | Q(until__gte=day)))


class Holder(models.Model):
    """Who sits on a seat, from a day until another."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="holders")
    name = models.CharField(max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    is_alternate = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True)

    objects = HolderQuerySet.as_manager()

    class Meta:
        ordering = ["is_alternate", "-since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="holder_ends_after_beginning",
            ),
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(until=None, is_alternate=False),
                name="one_member_a_seat",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    venue = models.CharField(max_length=200, blank=True)
    status = models.CharField(
        max_length=20, choices=MeetingStatus.choices, default=MeetingStatus.CALLED
    )

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("meeting")

    def __str__(self) -> str:
        return f"{self.unit} {timezone.localtime(self.starts_at):%Y-%m-%d}"

    @property
    def day(self) -> date:
        return timezone.localtime(self.starts_at).date()


class AgendaItem(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    minutes = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="agenda_position_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class Presence(models.TextChoices):
    PRESENT = "present", _("present")
    ALTERNATE = "alternate", _("an alternate came")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


class Attendance(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances")
    presence = models.CharField(max_length=20, choices=Presence.choices)
    # Who came, as it was on that day: later holders change nothing in old minutes.
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["seat__title"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_presence_display()}"


class Decision(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    text = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def waiting(self) -> CommitmentQuerySet:
        """Not settled by a meeting yet."""
        return self.filter(status__in=WAITING)

    def due_by(self, day: date) -> CommitmentQuerySet:
        return self.filter(status=CommitmentStatus.OPEN, due_on__lte=day)

    def of_user(self, user_id: int, day: date) -> CommitmentQuerySet:
        """Those of the seats on which the person sits on that day."""
        sat_on = Holder.objects.on(day).filter(user_id=user_id).values("seat_id")
        return self.filter(seat__in=sat_on)


class Commitment(models.Model):
    """Who does what by when; it belongs to a seat, so that it outlives its holder."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="commitments")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="commitments")
    text = models.TextField()
    due_on = models.DateField()
    status = models.CharField(
        max_length=20, choices=CommitmentStatus.choices, default=CommitmentStatus.OPEN
    )
    report = models.TextField(blank=True)
    reported_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("commitment")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=WAITING, settled_on=None)
                | (~Q(status__in=WAITING) & Q(settled_on__isnull=False)),
                name="settled_commitment_has_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        return self.status == CommitmentStatus.OPEN and (
            self.due_on < timezone.localdate()
        )


class Review(models.Model):
    """What a later meeting said of a commitment."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reviews")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="reviews")
    outcome = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    due_before = models.DateField()
    due_after = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "meeting"], name="reviewed_once_a_meeting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.commitment}: {self.outcome}"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def current(self) -> AgreementQuerySet:
        """The last term of each agreement."""
        return self.filter(renewal=None)

    def ending_by(self, day: date) -> AgreementQuerySet:
        return self.current().filter(ends_on__lte=day, is_ended=False)


class Agreement(models.Model):
    """One term of an agreement with a partner; its renewal is another."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="agreements")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="agreements"
    )
    title = models.CharField(max_length=200)
    signed_on = models.DateField()
    ends_on = models.DateField()
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="renewal"
    )
    # It ended and nobody means to renew it.
    is_ended = models.BooleanField(default=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on"]
        verbose_name = _("agreement")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=models.F("signed_on")),
                name="agreement_ends_after_signing",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.ends_on < timezone.localdate()

    @property
    def ends_soon(self) -> bool:
        return not self.is_over and (
            self.ends_on <= timezone.localdate() + RENEWAL_NOTICE
        )
