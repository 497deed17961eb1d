"""Drafts and batches in Sonsonate, and the worker's part, for tests of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from convive.accounts.models import User
from convive.core.actors import System
from convive.incidents import actions, importing, previewing, uploads
from convive.incidents.actions import Claim, Order, TermRow
from convive.incidents.intake import Mapping
from convive.incidents.models import Batch, ImportDraft, MappingProfile
from convive.incidents.reference import latest_crosswalk
from convive.places.tests.sonsonate import SONSONATE, make_sonsonate

if TYPE_CHECKING:
    from pathlib import Path

BY = System()
HEAD = "Expediente,Fecha,Delito,Sexo,Edad\n"
ROWS = (
    "1,05/03/2009,Homicidio,Hombre,20\n",
    "2,06/03/2009,Homicidio,Mujer,30\n",
    "3,99/03/2009,Homicidio,Mujer,40\n",
    "4,07/03/2009,Cosa rara,Hombre,50\n",
)
MARCH = HEAD + "".join(ROWS)
MAPPING = Mapping(
    {
        "incident_id": "Expediente",
        "date": "Fecha",
        "offence": "Delito",
        "sex": "Sexo",
        "age": "Edad",
    }
)


def make_places() -> None:
    make_sonsonate()
    if latest_crosswalk("sv") is None:
        term = TermRow("Homicidio", "0101")
        actions.save_crosswalk(by=BY, country_path="sv", terms=[term])


def upload(text: str = MARCH, name: str = "marzo.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def make_draft(text: str = MARCH) -> ImportDraft:
    """A file that Bruno uploaded and that has been read."""
    make_places()
    stored = uploads.store(upload(text))
    bruno = User.objects.get(username="bruno")
    draft = actions.start_draft(
        by=bruno,
        stored=stored,
        file_name="marzo.csv",
        place_path=SONSONATE,
        source="police",
        claim=Claim(),
    )
    reading = previewing.read_head(uploads.path_of(stored.name))
    actions.understand_draft(by=bruno, draft=draft, sheet_name="", reading=reading)
    return ImportDraft.objects.get(pk=draft.pk)


def make_checked_draft(text: str = MARCH) -> ImportDraft:
    """A draft whose preview has been made."""
    from convive.incidents.tasks import order_of

    draft = make_draft(text)
    actions.map_draft(by=BY, draft=draft, mapping=MAPPING)
    draft.refresh_from_db()
    checked, change = importing.examine(order_of(draft, mode="replace"))
    preview = previewing.describe(checked, change, draft.source)
    actions.keep_preview(by=BY, draft=draft, preview=preview)
    draft.refresh_from_db()
    return draft


def make_batch(folder: Path, text: str = MARCH, **order: Any) -> Batch:
    make_places()
    path = folder / "marzo.csv"
    path.write_text(text, encoding="utf-8")
    order = {"place_path": SONSONATE, "source": "police"} | order
    batch = importing.run_import(by=BY, order=Order(file=path, **order)).batch
    assert batch is not None
    return batch


def make_profile() -> MappingProfile:
    make_places()
    return actions.save_profile(
        by=BY, name="Mensual", place_path=SONSONATE, source="police", mapping=MAPPING
    )


def do_work() -> int:
    """Do what waits for the worker, as it would."""
    waiting = list(DBTaskResult.objects.ready())
    for result in waiting:
        result.task.func(**result.args_kwargs["kwargs"])
        result.delete()
    return len(waiting)
