"""What each of the cast gets from the addresses of this room, and of core's pages.

Core lies below the accounts and cannot name the cast.
"""

from __future__ import annotations

from typing import Any

from convive.accounts.models import User
from convive.accounts.tests.expectations import SIGN_IN, Expected, signed_in
from convive.core.models import Job

# Others are not even told that a job exists.
NOT_THEIRS = 404


def _brunos_job() -> dict[str, Any]:
    bruno = User.objects.get(username="bruno")
    job = Job.objects.create(by_id=bruno.pk, by_name="bruno", title="Reading")
    return {"job_id": job.pk}


def _only_bruno(status: int, **rest: Any) -> Expected:
    answers = {"bruno": status, "citizen": SIGN_IN}
    return Expected(NOT_THEIRS, answers, prepare=_brunos_job, **rest)


URLS: dict[str, list[Expected]] = {
    "home": [Expected(200)],
    "website:components": [signed_in()],
    "theme": [
        Expected(302, method="post", data={"theme": "dark"}),
        Expected(405),
    ],
    "set_language": [Expected(302, method="post", data={"language": "en"})],
    "core:jobs": [signed_in()],
    "core:job": [_only_bruno(200)],
    "core:job_cancel": [_only_bruno(302, method="post")],
}
