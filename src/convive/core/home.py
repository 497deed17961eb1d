"""The data folder of this installation, and the secret that lives in it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import platformdirs


def data_home() -> Path:
    named = os.environ.get("CONVIVE_HOME")
    home = Path(named) if named else platformdirs.user_data_path("convive")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home.resolve()


def secret_key(home: Path) -> str:
    """Read the installation's key; the first call makes it, for the owner only."""
    path = home / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
