"""What each of the cast gets from the addresses of this room."""

from __future__ import annotations

from typing import Any

from convive.accounts.tests.expectations import Expected, only
from convive.incidents.models import Batch
from convive.incidents.tests import drafts
from convive.incidents.workflow import BatchStatus

# Those who may import into Sonsonate; Carla imports, but into Acajutla.
OWN = ("alicia", "bruno")


def _draft() -> dict[str, Any]:
    return {"draft_id": drafts.make_draft().pk}


def _checked() -> dict[str, Any]:
    return {"draft_id": drafts.make_checked_draft().pk}


def _recorded_batch() -> dict[str, Any]:
    """A record of a batch is enough: its pages do not open its rows."""
    drafts.make_places()
    batch = Batch.objects.create(
        status=BatchStatus.RECORDED,
        place_path=drafts.SONSONATE,
        source="police",
        file_name="marzo.csv",
        file_sha256="0" * 64,
        mode="add",
        by_name="bruno",
    )
    return {"number": batch.number}


def _profile() -> dict[str, Any]:
    return {"profile_id": drafts.make_profile().pk}


EMPTY: dict[str, str] = {}
URLS: dict[str, list[Expected]] = {
    "incidents:import_upload": [
        only(*OWN, "carla"),
        only(*OWN, "carla", method="post", data=EMPTY),
    ],
    "incidents:import_columns": [
        only(*OWN, prepare=_draft),
        only(*OWN, method="post", prepare=_draft, data=EMPTY),
    ],
    "incidents:import_preview": [
        only(*OWN, prepare=_checked),
        only(*OWN, method="post", prepare=_checked, data=EMPTY),
    ],
    "incidents:import_discard": [
        only(*OWN, status=302, method="post", prepare=_draft),
    ],
    "incidents:batches": [only(*OWN, "carla")],
    "incidents:batch": [only(*OWN, prepare=_recorded_batch)],
    "incidents:batch_withdraw": [
        only(*OWN, prepare=_recorded_batch),
        only(
            *OWN,
            status=302,
            method="post",
            prepare=_recorded_batch,
            data={"reason": "x"},
        ),
    ],
    "incidents:profiles": [only(*OWN, "carla")],
    "incidents:profile_rename": [
        only(*OWN, prepare=_profile),
        only(*OWN, status=302, method="post", prepare=_profile, data={"name": "Otro"}),
    ],
    "incidents:profile_delete": [
        only(*OWN, prepare=_profile),
        only(*OWN, status=302, method="post", prepare=_profile),
    ],
}
