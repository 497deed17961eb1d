"""Names of places. Places are a room above this one, so the settings name the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from convive.accounts.permissions import is_within

if TYPE_CHECKING:
    from collections.abc import Iterable


class Directory(Protocol):
    def __call__(
        self, *, exactly: Iterable[str] = (), within: Iterable[str] = ()
    ) -> dict[str, str]: ...


def choices(held: Iterable[str]) -> list[tuple[str, str]]:
    """The places inside the paths held, each with what it lies in, for a select."""
    paths = list(held)
    known = _directory()(exactly=_with_ancestors(paths), within=paths)
    everywhere = [("", _("All places"))] if "" in paths else []
    mine = [path for path in known if any(is_within(path, one) for one in paths)]
    return everywhere + [(path, _full_name(path, known)) for path in mine]


def names(paths: Iterable[str]) -> dict[str, str]:
    """'Acajutla, Sonsonate' by path; a path that is no place is shown as it is."""
    wanted = set(paths)
    known = _directory()(exactly=_with_ancestors(wanted))
    return {path: _full_name(path, known) for path in wanted}


def _full_name(path: str, known: dict[str, str]) -> str:
    if not path:
        return _("All places")
    if path not in known:
        return path
    around = path.rpartition("/")[0]
    return f"{known[path]}, {known[around]}" if around in known else known[path]


def _with_ancestors(paths: Iterable[str]) -> set[str]:
    wanted = set()
    for path in paths:
        steps = path.split("/")
        wanted |= {"/".join(steps[: count + 1]) for count in range(len(steps))}
    return wanted


def _directory() -> Directory:
    return cast("Directory", import_string(settings.PLACE_DIRECTORY))
