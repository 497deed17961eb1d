"""Fixtures of every room: a data folder of the run's own, and the cast."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

# Before Django reads its settings: no test touches a real installation.
HOME = Path(tempfile.mkdtemp(prefix="convive-tests-"))
(HOME / "staticfiles").mkdir()
os.environ["CONVIVE_HOME"] = str(HOME)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convive.website.settings")

import django
import hypothesis
import pytest

django.setup()
# A loaded machine is no fault of the code.
hypothesis.settings.register_profile("convive", deadline=None)
hypothesis.settings.load_profile("convive")

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from convive.accounts.models import User


@pytest.fixture(scope="session", autouse=True)
def _one_thread_a_worker() -> None:
    """Two workers share two cores: loops that wait for each other's threads crawl."""
    import numba

    numba.set_num_threads(1)


@pytest.fixture(autouse=True)
def data_home(settings, tmp_path: Path) -> Path:
    """Give each test its own warehouse and uploads, and quick password hashes."""
    settings.WAREHOUSE_ROOT = tmp_path / "warehouse"
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path


@pytest.fixture
def cast(db) -> dict[str, User]:
    """Alicia, Bruno, Carla, Delia, Emilio, Fátima and Gabriel, by user name."""
    from convive.accounts.cast import CAST
    from convive.accounts.models import Membership, User

    people = {}
    for member in CAST:
        user = User.objects.create(
            username=member.username, display_name=member.display_name
        )
        Membership.objects.create(
            user=user, role=member.role, place_path=member.place_path
        )
        people[member.username] = user
    return people


@pytest.fixture
def client_of(cast: dict[str, User]) -> Callable[[str], Client]:
    """A browser signed in as a member of the cast; 'citizen' is not signed in."""
    from django.test import Client

    def sign_in(name: str) -> Client:
        client = Client()
        if name != "citizen":
            client.force_login(
                cast[name], backend="django.contrib.auth.backends.ModelBackend"
            )
        return client

    return sign_in
