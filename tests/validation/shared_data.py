"""Data under licences that keep it out of the repository, laid beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"


def shared(name: str) -> Path:
    """Path of a shared file; a test that lacks it is skipped, but never in CI."""
    path = DATA / name
    if not path.exists():
        if os.environ.get("CONVIVE_CI"):
            pytest.fail(f"{name} is missing from the shared data")
        pytest.skip(f"needs the shared data {name}")
    return path
