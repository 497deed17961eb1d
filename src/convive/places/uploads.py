"""Files about places between their preview and its confirmation."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.core.files.uploadedfile import UploadedFile

SESSION_KEY = "place_files"
KEPT_SECONDS = 24 * 3600
_PREFIX = "places-"


@dataclass(frozen=True)
class Kept:
    path: Path
    name: str  # as its owner called it
    answers: dict[str, Any]  # what was filled in beside it


def keep(
    session: SessionBase, upload: UploadedFile[Any], answers: dict[str, Any]
) -> str:
    """Store the upload under a name of ours; only this session may use it again."""
    folder = _folder()
    _forget_old(folder)
    token = uuid.uuid4().hex
    with (folder / f"{_PREFIX}{token}").open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    kept = session.get(SESSION_KEY, {})
    name = Path(upload.name or "").name[:200]
    session[SESSION_KEY] = kept | {token: {"name": name, "answers": answers}}
    return token


def find(session: SessionBase, token: str) -> Kept | None:
    """The stored file; None once it is gone, or for anyone else."""
    known = session.get(SESSION_KEY, {}).get(token)
    path = _folder() / f"{_PREFIX}{token}"
    if known is None or not path.is_file():
        return None
    return Kept(path, known["name"], known["answers"])


def forget(session: SessionBase, token: str) -> None:
    kept = session.get(SESSION_KEY, {})
    if kept.pop(token, None) is not None:
        (_folder() / f"{_PREFIX}{token}").unlink(missing_ok=True)
        session[SESSION_KEY] = kept


def _folder() -> Path:
    folder: Path = settings.UPLOAD_ROOT
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _forget_old(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.glob(f"{_PREFIX}*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
