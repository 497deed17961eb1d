"""What each of the cast gets from the pages of background work."""

from __future__ import annotations

from typing import Any

from convive.accounts.models import User
from convive.accounts.tests.expectations import SIGN_IN, Expected, signed_in
from convive.core.models import Job


def _brunos_job() -> dict[str, Any]:
    bruno = User.objects.get(username="bruno")
    job = Job.objects.create(by_id=bruno.pk, by_name="bruno", title="Reading")
    return {"job_id": job.pk}


# Others are not even told that it exists.
_OTHERS = 404
URLS: dict[str, list[Expected]] = {
    "core:jobs": [signed_in()],
    "core:job": [
        Expected(_OTHERS, {"bruno": 200, "citizen": SIGN_IN}, prepare=_brunos_job)
    ],
    "core:job_cancel": [
        Expected(
            _OTHERS,
            {"bruno": 302, "citizen": SIGN_IN},
            method="post",
            prepare=_brunos_job,
        )
    ],
}
