"""`convive quarantine` and `convive crosswalk` from a shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from convive.incidents import importing
from convive.incidents.actions import Order
from convive.incidents.classification.commands import app as crosswalk
from convive.incidents.models import Batch
from convive.incidents.quarantine.commands import app as quarantine
from convive.incidents.quarantine.tests.test_mending import BAD, BY, GOOD
from convive.incidents.reference import latest_crosswalk
from convive.places.tests.sonsonate import SONSONATE


@pytest.fixture
def convive():
    apps = {"quarantine": quarantine, "crosswalk": crosswalk}

    def run(name, *arguments):
        return CliRunner().invoke(apps[name], [str(a) for a in arguments])

    return run


def test_waiting_rows_are_listed(import_lines, convive):
    batch = import_lines(GOOD, BAD).batch

    told = convive("quarantine", "list", "--batch", batch.number).stdout
    found = json.loads(convive("quarantine", "list", "--json").stdout)

    assert "99/03/2009" in told
    assert [(row["row"], row["cells"]["Expediente"]) for row in found] == [(3, "2")]


def test_a_batch_that_is_none_is_refused(import_lines, convive):
    assert convive("quarantine", "list", "--batch", "77").exit_code == 1


@pytest.mark.parametrize("name", ["filas.csv", "filas.xlsx"])
def test_rows_are_written_to_a_file_that_can_come_back(
    import_lines, convive, tmp_path, name
):
    batch = import_lines(GOOD, BAD).batch
    file = Path(tmp_path) / name

    done = convive("quarantine", "download", file, "--batch", batch.number)
    again = importing.run_import(by=BY, order=Order(file, SONSONATE, "pnc"))

    assert done.exit_code == 0
    assert (again.read, len(again.rejected), again.batch) == (1, 1, None)


def test_a_file_of_another_kind_is_refused(import_lines, convive, tmp_path):
    batch = import_lines(GOOD, BAD).batch

    done = convive(
        "quarantine", "download", tmp_path / "f.doc", "--batch", batch.number
    )

    assert done.exit_code == 2


def test_a_table_is_imported_exported_and_applied(import_lines, convive, tmp_path):
    import_lines("1,05/03/2009,Hurto,F,20")
    file = Path(tmp_path) / "tabla.csv"
    file.write_text("term,iccs\nHurto,0502\nRobo,0401\n", encoding="utf-8")

    imported = convive("crosswalk", "import", file, "--country", "sv")
    planned = convive("crosswalk", "apply", "--country", "sv", "--dry-run")
    batches = Batch.objects.count()
    applied = convive("crosswalk", "apply", "--country", "sv")
    exported = convive("crosswalk", "export", "--country", "sv")

    assert [r.exit_code for r in (imported, planned, applied, exported)] == [0] * 4
    assert latest_crosswalk("sv").version == 2
    assert batches == 1
    assert Batch.objects.latest("number").changed == 1
    assert "Hurto,0502" in exported.stdout


def test_a_wrong_table_is_refused_with_its_row(import_lines, convive, tmp_path):
    file = Path(tmp_path) / "tabla.csv"
    file.write_text("term,iccs\nHurto,502\n", encoding="utf-8")

    done = convive("crosswalk", "import", file, "--country", "sv")

    assert done.exit_code == 1
    assert latest_crosswalk("sv").version == 1


def test_a_country_that_is_none_is_refused(import_lines, convive):
    assert convive("crosswalk", "apply", "--country", "xx").exit_code == 1
