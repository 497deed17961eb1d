"""Rows that were downloaded, corrected and imported again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from convive.core.actors import System
from convive.incidents import importing
from convive.incidents.actions import Order
from convive.incidents.models import Batch, ImportMode, QuarantinedRow
from convive.incidents.quarantine import downloads
from convive.incidents.quarantine.actions import dismiss_row
from convive.incidents.quarantine.cells import guarded, unguarded
from convive.incidents.quarantine.mending import mend
from convive.incidents.workflow import QuarantineStatus
from convive.places.tests.sonsonate import ACAJUTLA, SONSONATE

BY = System()
LINES = (
    "1,05/03/2009,Homicidio,F,20",
    "2,99/03/2009,Homicidio,M,30",
    "3,07/03/2009,Homicidio,M,xx",
)
NO_ID = "Fecha,Delito,Sexo,Edad"


def table_of(content: bytes) -> list[list[str]]:
    if content.startswith(b"PK"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [list(map(str, row)) for row in book.get_sheet_by_index(0).to_python()]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def come_back(tmp_path):
    """Import a downloaded table after some cells were corrected, in its format."""

    def run(batch, file_format="csv", place=SONSONATE, **words):
        content = downloads.make(batch, batch.quarantine.open(), file_format)
        table = table_of(content)
        swap = words.pop("swap", {})
        table = [[swap.get(cell, cell) for cell in row] for row in table]
        path = Path(tmp_path) / f"corregido.{file_format}"
        if file_format == "xlsx":
            with xlsxwriter.Workbook(path) as book:
                page = book.add_worksheet()
                for number, row in enumerate(table):
                    page.write_row(number, 0, row)
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(table)
        return Order(path, place, "pnc", **words)

    return run


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_download_has_the_file_s_columns_and_the_reasons(import_lines, file_format):
    batch = import_lines(*LINES).batch

    content = downloads.make(batch, batch.quarantine.open(), file_format)

    head, first, second = table_of(content)
    assert head[:6] == ["Expediente", "Fecha", "Delito", "Sexo", "Edad", "Convive fila"]
    assert first[:6] == ["2", "99/03/2009", "Homicidio", "M", "30", f"{batch.pk}:3"]
    assert "99/03/2009" in first[6]
    assert second[6].startswith("Edad: ")


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_corrected_rows_close_those_they_came_from(
    import_lines, come_back, live, waiting, file_format
):
    batch = import_lines(*LINES).batch
    order = come_back(batch, file_format, swap={"99/03/2009": "09/03/2009"})

    outcome = importing.run_import(by=BY, order=order)

    assert (outcome.read, outcome.new, len(outcome.rejected)) == (2, 1, 1)
    assert list(waiting(batch)) == [4]
    assert batch.quarantine.get(row_number=3).mended_in == outcome.batch
    assert outcome.batch.quarantined == 0
    assert QuarantinedRow.objects.count() == 2
    assert [number for number, *_rest in live()] == ["1", "2"]


def test_coming_back_twice_changes_nothing(import_lines, come_back, live):
    batch = import_lines(*LINES).batch
    order = come_back(batch, swap={"99/03/2009": "09/03/2009", "xx": "40"})
    importing.run_import(by=BY, order=order)
    once = live()

    again = importing.run_import(by=BY, order=order)

    assert (again.new, again.changed, again.unchanged, again.batch) == (0, 0, 2, None)
    assert live() == once


def test_rows_without_a_number_come_back_as_part_of_their_file(
    import_lines, come_back, live
):
    """Twins are two, and 'M' beside 'H' is mujer, though the return has neither."""
    lines = ["05/03/2009,Robo,M,20", "05/03/2009,Robo,M,xx", "06/03/2009,Robo,H,20"]
    batch = import_lines(*lines, head=NO_ID).batch

    importing.run_import(by=BY, order=come_back(batch, swap={"xx": "20"}))

    assert [sex for _id, sex, *_rest in live()].count("female") == 2
    corrected = [line.replace("xx", "20") for line in lines]
    again = import_lines(*corrected, head=NO_ID)
    assert (again.new, again.unchanged) == (0, 3)


def test_the_preview_says_what_the_import_will_do(import_lines, come_back):
    batch = import_lines(*LINES).batch
    order = come_back(batch, swap={"99/03/2009": "09/03/2009"})

    outcome = importing.preview(order)

    assert (outcome.read, outcome.new, len(outcome.rejected)) == (2, 1, 1)
    assert Batch.objects.count() == 1


def test_a_return_never_replaces_the_rest_of_its_period(import_lines, come_back, live):
    lines = [f"{i},0{i}/03/2009,Robo,F,20" for i in range(1, 9)]
    bad = [line.replace(",20", ",xx") for line in (lines[0], lines[7])]
    batch = import_lines(*lines[1:7], *bad).batch
    order = come_back(batch, swap={"xx": "20"}, mode=ImportMode.REPLACE)

    outcome = importing.run_import(by=BY, order=order)

    assert (outcome.new, outcome.removed) == (2, 0)
    assert len(live()) == 8


def test_new_rows_beside_returned_ones_are_imported_too(
    import_lines, come_back, live, tmp_path
):
    batch = import_lines(*LINES).batch
    order = come_back(batch, swap={"99/03/2009": "09/03/2009"})
    with order.file.open("a", encoding="utf-8") as file:
        file.write("8,11/03/2009,Robo,F,50,,\n9,77/03/2009,Robo,F,50,,\n")

    outcome = importing.run_import(by=BY, order=order)

    assert (outcome.read, outcome.new, len(outcome.rejected)) == (4, 2, 2)
    assert outcome.batch.quarantined == 1
    assert outcome.batch.quarantine.get().raw["Expediente"] == "9"
    assert [number for number, *_rest in live()] == ["1", "2", "8"]


def test_a_file_of_another_place_touches_no_row(import_lines, come_back, live, waiting):
    batch = import_lines(*LINES).batch
    order = come_back(batch, place=ACAJUTLA, swap={"99/03/2009": "09/03/2009"})

    outcome = importing.run_import(by=BY, order=order)

    assert (outcome.new, len(outcome.rejected)) == (0, 2)
    assert list(waiting(batch)) == [3, 4]
    assert len(live()) == 1


def test_a_dismissed_row_does_not_come_in_by_the_back_door(
    import_lines, come_back, live, waiting
):
    batch = import_lines(*LINES).batch
    order = come_back(batch, swap={"99/03/2009": "09/03/2009"})
    dismiss_row(by=BY, row=waiting(batch)[3], reason="No es un hecho")

    outcome = importing.run_import(by=BY, order=order)

    assert outcome.new == 0
    assert len(live()) == 1


def test_a_row_mended_in_the_meantime_keeps_its_values(
    import_lines, come_back, live, waiting
):
    batch = import_lines(*LINES).batch
    order = come_back(batch, swap={"99/03/2009": "09/03/2009"})
    cells = waiting(batch)[3].cells | {"Fecha": "10/03/2009"}
    mend(by=BY, batch=batch, corrections={3: cells})

    outcome = importing.run_import(by=BY, order=order)

    assert outcome.new == 0
    assert batch.quarantine.get(row_number=3).corrected == {"Fecha": "10/03/2009"}
    assert len(live()) == 2


def test_rows_of_an_undone_file_come_back_as_new_ones(import_lines, come_back, live):
    batch = import_lines(*LINES).batch
    order = come_back(batch, swap={"99/03/2009": "09/03/2009"})
    importing.undo_import(by=BY, batch=batch)

    outcome = importing.run_import(by=BY, order=order)

    assert outcome.new == 1
    assert [number for number, *_rest in live()] == ["2"]
    assert batch.quarantine.first().status == QuarantineStatus.OPEN


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+503 2222", "@cmd", "-2+3", "\t=x", "'=1", "''+1", "-89.7", "+5", "'hola",
     "", "Robo"],
)  # fmt: skip
def test_a_guarded_cell_is_no_formula_and_comes_back_as_it_was(cell):
    shown = guarded(cell)

    is_number = cell in {"-89.7", "+5"}
    assert is_number or shown[:1] not in {"=", "+", "-", "@", "\t"}
    assert unguarded(shown) == cell
