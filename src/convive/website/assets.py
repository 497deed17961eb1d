"""Stylesheet, scripts and pictures: compressed and named by their content, once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

import convive

if TYPE_CHECKING:
    from django.core.files.storage import Storage

STAMP = "collected.txt"


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Named by content, so that a browser keeps them for a year.

    `convive serve` collects them. Where none were collected (tests, development)
    they are served as they lie.
    """

    def url(self, name: str | None, force: bool = False) -> str:
        if self.hashed_files or force:
            return str(super().url(name, force))
        return StaticFilesStorage.url(self, name)


def collect_when_changed() -> bool:
    """Collect what the pages load when a file of it has changed; say whether."""
    root, files = Path(settings.STATIC_ROOT), _files()
    stamp, present = root / STAMP, _state(files)
    if stamp.exists() and stamp.read_text(encoding="ascii") == present:
        return False
    root.mkdir(parents=True, exist_ok=True)
    _collect(files)
    # Last, so that a collection cut short is done again.
    stamp.write_text(present, encoding="ascii")
    return True


def _files() -> dict[str, Storage]:
    """Name of each file, and where it lies; of two alike the first is served."""
    found: dict[str, Storage] = {}
    for finder in get_finders():
        for name, storage in finder.list([]):
            found.setdefault(name, storage)
    return found


def _state(files: dict[str, Storage]) -> str:
    state = hashlib.sha256(convive.__version__.encode())
    for name in sorted(files):
        status = Path(files[name].path(name)).stat()
        state.update(f"{name} {status.st_mtime_ns} {status.st_size}\n".encode())
    return state.hexdigest()


def _collect(files: dict[str, Storage]) -> None:
    collected = CollectedFiles()
    for name, lies in files.items():
        collected.delete(name)
        with lies.open(name) as file:
            collected.save(name, file)
    paths = {name: (lies, name) for name, lies in files.items()}
    for _name, _named, processed in collected.post_process(paths):
        if isinstance(processed, Exception):
            raise processed
