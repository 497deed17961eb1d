"""Texts of an address or a form, made into a place, a period, a day; or a sentence."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from convive.accounts.permissions import places_where
from convive.accounts.roles import Permission
from convive.incidents import iccs
from convive.incidents.compute import batches_behind
from convive.incidents.models import Batch
from convive.places.models import Place

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.warehouse import Slice

_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
EARLIEST_YEAR = 1950


def place_of(user: User | AnonymousUser, asked: str, problems: list[str]) -> str | None:
    """The place asked for if it stands, else the first of the person's with figures."""
    is_text = "\x00" not in asked  # PostgreSQL takes no such letter
    known = Place.objects.filter(path=asked, kind__in=_COUNTED)
    if asked and is_text and known.exists():
        return asked
    own = _own_place(user)
    if asked and own:
        words = _("There is no place “%(asked)s” with figures. You see %(place)s.")
        problems.append(words % {"asked": asked[:80], "place": own})
    return own


# The warehouse counts by these levels; a public space has no figures of its own.
_COUNTED = ("country", "department", "municipality", "zone")


def _own_place(user: User | AnonymousUser) -> str | None:
    held = places_where(user, Permission.SEE_FIGURES)
    with_figures = Batch.objects.recorded().order_by("number")
    for batch in with_figures.values_list("place_path", flat=True):
        if any(not path or batch == path for path in held):
            return batch
    return held[0] if held and held[0] else None


def offence_of(asked: str, problems: list[str]) -> str:
    if not asked or asked in iccs.codes():
        return asked
    words = _("“%(asked)s” is not an ICCS code. You see all offences.")
    problems.append(words % {"asked": asked[:20]})
    return ""


def usual_offence(where: str) -> str:
    """All offences, unless the place's files hold one kind completely and not all."""
    claims = Batch.objects.recorded().filter(covers_until__isnull=False)
    held = claims.filter(place_path=where).order_by("-covers_until")
    kinds = list(held.values_list("covers_iccs", flat=True))
    is_partial = bool(kinds) and all(kinds)
    return str(kinds[0][0]) if is_partial else ""


def period_of(
    since: str, until: str, where: str, problems: list[str]
) -> tuple[date, date]:
    """Whole months; by default the last year that the place's files cover."""
    begin, end = _month(since, problems), _month(until, problems)
    if begin and end and begin > end:
        words = _("The period ends (%(until)s) before it begins (%(since)s): the two "
                  "were exchanged.")  # fmt: skip
        problems.append(words % {"since": since, "until": until})
        begin, end = end, begin
    end = end or max(filter(None, (_last_month(where), begin)))
    begin = begin or date(end.year, 1, 1)
    return begin, end.replace(day=calendar.monthrange(end.year, end.month)[1])


def _month(text: str, problems: list[str]) -> date | None:
    if not text:
        return None
    found = _MONTH.fullmatch(text.strip())
    year, month = (int(part) for part in found.groups()) if found else (0, 0)
    latest = timezone.localdate().year + 1
    if EARLIEST_YEAR <= year <= latest and 1 <= month <= 12:
        return date(year, month, 1)
    words = _("“%(text)s” is not a month between %(first)s and %(last)s, written like "
              "2010-01. You see the usual period.")  # fmt: skip
    years = {"first": EARLIEST_YEAR, "last": latest}
    problems.append(words % {"text": text[:20], **years})
    return None


def _last_month(where: str) -> date:
    claims = Batch.objects.recorded().filter(covers_until__isnull=False)
    mine = claims.filter(place_path=where).order_by("-covers_until").first()
    inside = claims.filter(place_path__startswith=f"{where}/").order_by("-covers_until")
    latest = mine or inside.first() or claims.order_by("-covers_until").first()
    if latest is None or latest.covers_until is None:
        return timezone.localdate().replace(day=1)
    return latest.covers_until.replace(day=1)


def known_on_of(text: str, problems: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or day.year < EARLIEST_YEAR:
        words = _("“%(text)s” is not a day written like 2010-04-30. You see what is "
                  "known today.")  # fmt: skip
        problems.append(words % {"text": text[:20]})
        return None
    if day > timezone.localdate():
        words = _("%(text)s has not come yet. You see what is known today.")
        problems.append(words % {"text": text[:20]})
        return None
    return day


def sources_of(slice_: Slice, as_of: datetime | None) -> tuple[str, ...]:
    """Offices that report on the question, the one with most records first."""
    accepted: Counter[str] = Counter()
    for batch in batches_behind(slice_, as_of):
        accepted[batch.source] += batch.accepted
    return tuple(source for source, _count in accepted.most_common())


def source_of(asked: str, sources: tuple[str, ...], problems: list[str]) -> str:
    """Two offices that list the same events are never added: one at a time."""
    if asked in sources:
        return asked if len(sources) > 1 else ""
    chosen = sources[0] if len(sources) > 1 else ""
    if asked:
        words = _("The office “%(asked)s” has no file for this question.")
        problems.append(words % {"asked": asked[:60]})
    return chosen
