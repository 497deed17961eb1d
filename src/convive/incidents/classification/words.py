"""What the coded columns say, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.warehouse.schema import Mechanism, Relationship, Sex

LABELS: dict[str, str] = {
    Sex.FEMALE: gettext_noop("woman"),
    Sex.MALE: gettext_noop("man"),
    Mechanism.FIREARM: gettext_noop("firearm"),
    Mechanism.SHARP: gettext_noop("sharp object"),
    Mechanism.BLUNT: gettext_noop("blunt object"),
    Mechanism.BODILY_FORCE: gettext_noop("bodily force"),
    Mechanism.STRANGULATION: gettext_noop("strangulation"),
    Mechanism.FIRE: gettext_noop("fire"),
    Mechanism.EXPLOSIVE: gettext_noop("explosive"),
    Mechanism.POISON: gettext_noop("poison"),
    Mechanism.VEHICLE: gettext_noop("vehicle"),
    Mechanism.OTHER: gettext_noop("other"),
    Mechanism.UNKNOWN: gettext_noop("unknown"),
    Mechanism.NOT_RECORDED: gettext_noop("not recorded by the office"),
    Relationship.CURRENT_PARTNER: gettext_noop("current partner"),
    Relationship.FORMER_PARTNER: gettext_noop("former partner"),
    Relationship.PARENT: gettext_noop("parent"),
    Relationship.CHILD: gettext_noop("son or daughter"),
    Relationship.OTHER_FAMILY: gettext_noop("other family"),
    Relationship.HOUSEHOLD_MEMBER: gettext_noop("member of the household"),
    Relationship.ACQUAINTANCE: gettext_noop("acquaintance"),
    Relationship.COLLEAGUE: gettext_noop("colleague"),
    Relationship.AUTHORITY: gettext_noop("authority"),
    Relationship.OTHER_KNOWN: gettext_noop("other known person"),
    Relationship.STRANGER: gettext_noop("stranger"),
}


def label(code: str) -> str:
    return _(LABELS[code]) if code else ""


def implied_choices(codes: type[Mechanism | Relationship]) -> list[tuple[str, str]]:
    """What a term may imply: nothing, or a value that says something."""
    silent = {Mechanism.UNKNOWN.value, Mechanism.NOT_RECORDED.value}
    said = [str(code) for code in codes if code not in silent]
    return [("", _("nothing")), *((code, label(code)) for code in said)]
