"""What each of the cast gets from quarantine's and the offence table's addresses."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from convive.accounts.tests.expectations import Expected, only, signed_in
from convive.core.actors import System
from convive.incidents import importing
from convive.incidents.actions import Order, TermRow, save_crosswalk
from convive.incidents.models import Batch
from convive.incidents.quarantine.actions import dismiss_row
from convive.places.tests.sonsonate import SONSONATE

BY = System()
SV: dict[str, Any] = {"country": "sv"}
LINES = "Id,Fecha,Delito,Edad\n1,05/03/2009,Robo,20\n2,99/03/2009,Robo,30\n"
DATED = {"cell-0": "2", "cell-1": "09/03/2009", "cell-2": "Robo", "cell-3": "30"}
TERM = {"term": "Hurto", "iccs": "0502", "note": "Faltaba"}


def _batch() -> Batch:
    """An import in Sonsonate with one row that waits."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "marzo.csv"
        path.write_text(LINES, encoding="utf-8")
        importing.run_import(by=BY, order=Order(path, SONSONATE, "pnc"))
    return Batch.objects.latest("number")


def _row(**rest: Any) -> Mapping[str, Any]:
    row = _batch().quarantine.get()
    if rest.get("is_dismissed"):
        dismiss_row(by=BY, row=row, reason="No es un hecho")
    return {"pk": row.pk}


def _dismissed() -> Mapping[str, Any]:
    return _row(is_dismissed=True)


def _file(file_format: str) -> Callable[[], Mapping[str, Any]]:
    return lambda: {"number": _batch().number, "file_format": file_format}


def _table() -> Mapping[str, Any]:
    save_crosswalk(by=BY, country_path="sv", terms=[TermRow("Robo", "0401")])
    return SV


def _version() -> Mapping[str, Any]:
    return {**_table(), "version": 1}


def _posted(names: tuple[str, ...], data: Mapping[str, Any], prepare: Any) -> Expected:
    return only(*names, status=302, method="post", data=data, prepare=prepare)


IMPORTERS = ("alicia", "bruno")
EDITORS = ("alicia", "bruno", "carla")

URLS: dict[str, list[Expected]] = {
    "incidents:quarantine": [only(*IMPORTERS, "carla")],
    "incidents:quarantine_row": [
        only(*IMPORTERS, prepare=_row),
        _posted(IMPORTERS, DATED, _row),
    ],
    "incidents:quarantine_dismiss": [_posted(IMPORTERS, {"reason": "x"}, _row)],
    "incidents:quarantine_reopen": [_posted(IMPORTERS, {}, _dismissed)],
    "incidents:quarantine_alike": [
        Expected(404, {"citizen": 302}, method="post", data={"batch": "1"}),
    ],
    "incidents:quarantine_download": [
        only(*IMPORTERS, prepare=_file("csv")),
        only(*IMPORTERS, prepare=_file("xlsx")),
        only(*IMPORTERS, status=404, prepare=_file("pdf")),
    ],
    "incidents:crosswalk": [
        signed_in(),
        # Gabriel may see every country, but the tests have no Mexico.
        Expected(403, {"gabriel": 404, "citizen": 302}, query="country=mx"),
    ],
    "incidents:crosswalk_term": [
        only(*EDITORS, prepare=_table),
        _posted(EDITORS, TERM, _table),
    ],
    "incidents:crosswalk_upload": [only(*EDITORS, prepare=_table)],
    "incidents:crosswalk_download": [signed_in(prepare=_version)],
    "incidents:crosswalk_versions": [signed_in(prepare=_table)],
    "incidents:crosswalk_reread": [
        only(*EDITORS, prepare=_table),
        _posted(EDITORS, {}, _table),
    ],
    "incidents:crosswalk_stop": [_posted(EDITORS, {}, _table)],
}
