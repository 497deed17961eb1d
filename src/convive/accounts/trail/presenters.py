"""The audit trail as sentences."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from convive.accounts import directory
from convive.accounts.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from convive.core.models import AuditEntry, AuditQuerySet

# A list of a whole file's terms is told by its beginning; the rest is in the CSV.
SHOWN = 200


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Deed:
    at: datetime
    sentence: str
    who: str
    place: str
    origin: str
    changes: list[Change]


def people_of(entries: AuditQuerySet) -> list[tuple[str, str]]:
    """Who appears in these entries, as the one who acts, by name."""
    acted = entries.exclude(actor_id=None).values("actor_id").order_by()
    people = User.objects.filter(pk__in=acted).order_by("display_name")
    return [(str(one.pk), str(one)) for one in people]


def narrow(entries: AuditQuerySet, asked: dict[str, Any]) -> AuditQuerySet:
    if asked.get("where"):
        entries = entries.within(asked["where"])
    if asked.get("person"):
        person = asked["person"]
        about = Q(object_type=User._meta.label, object_id=person)
        entries = entries.filter(Q(actor_id=int(person)) | about)
    if asked.get("since"):
        entries = entries.filter(at__gte=_midnight(asked["since"]))
    if asked.get("until"):
        entries = entries.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
    return entries


def present(entries: Iterable[AuditEntry], *, shown: int = SHOWN) -> list[Deed]:
    found = list(entries)
    names = directory.names({entry.place_path for entry in found if entry.place_path})
    return [
        Deed(
            at=timezone.localtime(entry.at),
            sentence=str(entry),
            who=entry.actor_name,
            place=names.get(entry.place_path, ""),
            origin=_origin(entry),
            changes=[
                Change(_label(field), _text(pair[0], shown), _text(pair[1], shown))
                # PostgreSQL keeps no order of keys.
                for field, pair in sorted(entry.changes.items())
            ],
        )
        for entry in found
    ]


def rows(entries: AuditQuerySet) -> Iterable[list[str]]:
    """The same, for a file: each change in full."""
    yield [_("when (UTC)"), _("who"), _("what"), _("place"), _("from"), _("changes")]
    batch: list[AuditEntry] = []
    for entry in entries.iterator(chunk_size=2000):
        batch.append(entry)
        if len(batch) == 2000:
            yield from _file_rows(batch)
            batch = []
    yield from _file_rows(batch)


def _file_rows(batch: list[AuditEntry]) -> Iterable[list[str]]:
    for deed in present(batch, shown=0):
        changes = "; ".join(f"{c.field}: {c.before} → {c.after}" for c in deed.changes)
        at = deed.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        row = [at, deed.who, deed.sentence, deed.place, deed.origin, changes]
        yield [_harmless(cell) for cell in row]


def _harmless(cell: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _origin(entry: AuditEntry) -> str:
    channels = {
        "web": _("web page"),
        "command": _("command on the server"),
        "task": _("background work"),
        "api": _("API"),
    }
    channel = channels.get(entry.channel, entry.channel)
    return f"{channel} · {entry.address}" if entry.address else channel


def _label(field: str) -> str:
    """'display_name' as its room's catalogue says it."""
    return _(field.replace("_", " "))


def _text(value: object, shown: int) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    elif isinstance(value, list):
        value = ", ".join(one if isinstance(one, str) else str(one) for one in value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{text[:shown]}…" if shown and len(text) > shown else text


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
