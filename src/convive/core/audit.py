"""Every write leaves an entry, in the same transaction, readable as a sentence.

    @audit.action
    def rename_zone(*, by: Actor, zone: Place, name: str) -> Place:
        ...
        audit.record(by=by, sentence=_noop("%(by)s renamed %(old)s"), about=zone, ...)

`action` opens the transaction and refuses to end it when the function wrote no
entry, so a write that forgets its audit cannot reach the database.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.db import transaction

from convive.core.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from convive.core.actors import Actor

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Origin:
    channel: str
    address: str = ""


COMMAND = Origin("command")


class UnauditedWriteError(RuntimeError):
    """An action ended without saying what it did."""


_origin: ContextVar[Origin] = ContextVar("origin", default=COMMAND)
_told: ContextVar[int] = ContextVar("told", default=0)


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def record(
    *,
    by: Actor,
    sentence: str,
    about: Model | None = None,
    place_path: str = "",
    changes: dict[str, list[object]] | None = None,
    **facts: str | int,
) -> AuditEntry:
    """Write one entry. `sentence` is an English message id using %(by)s and facts."""
    origin = _origin.get()
    entry = AuditEntry.objects.create(
        actor_id=by.pk,
        actor_name=by.get_username(),
        sentence=sentence,
        facts=facts,
        changes=changes or {},
        object_type=about._meta.label if about is not None else "",
        object_id=str(about.pk) if about is not None else "",
        place_path=place_path,
        channel=origin.channel,
        address=origin.address,
    )
    _told.set(_told.get() + 1)
    return entry


def unchanged() -> None:
    """Say that the action found nothing to do, so there is nothing to record."""
    _told.set(_told.get() + 1)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a write atomic, and refuse it when it leaves no audit entry."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _told.set(0)
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                if not _told.get():
                    raise UnauditedWriteError(function.__qualname__)
        finally:
            _told.reset(token)
        # An action inside another action counts for the outer one too.
        _told.set(_told.get() + 1)
        return result

    run.is_action = True  # type: ignore[attr-defined]
    return run
