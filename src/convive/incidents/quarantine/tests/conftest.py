"""A municipality, its offence table, and files of its police."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from convive.core.actors import System
from convive.incidents import compute, importing
from convive.incidents.actions import Order, TermRow, save_crosswalk
from convive.incidents.models import Batch
from convive.places.tests.sonsonate import SONSONATE, make_sonsonate
from convive.warehouse import Slice, records

BY = System()
WHOLE = Slice("sv", date(2000, 1, 1), date(2020, 12, 31))


@pytest.fixture
def sonsonate(db):
    save_crosswalk(
        by=BY,
        country_path="sv",
        terms=[TermRow("Homicidio", "0101"), TermRow("Robo", "0401")],
    )
    return make_sonsonate()


@pytest.fixture
def import_lines(sonsonate, tmp_path):
    """`import_lines(*lines, head=..., place=...)`: the outcome of such a CSV file."""

    def run(*lines, head="Expediente,Fecha,Delito,Sexo,Edad", **order):
        path = Path(tmp_path) / order.pop("name", "marzo.csv")
        path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
        asked = {"place_path": SONSONATE, "source": "pnc"} | order
        return importing.run_import(by=BY, order=Order(file=path, **asked))

    return run


@pytest.fixture
def live(sonsonate):
    """What counts now: sorted (number of the record, sex, age, code)."""

    def read():
        table = records(compute.incidents_known_on(), WHOLE).to_pylist()
        names = ("incident_id", "victim_sex", "victim_age", "iccs")
        return sorted(tuple(row[name] for name in names) for row in table)

    return read


@pytest.fixture
def waiting():
    """The rows of a batch that wait, by row number."""

    def read(batch: Batch):
        return {row.row_number: row for row in batch.quarantine.open()}

    return read
