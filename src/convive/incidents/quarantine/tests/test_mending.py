"""A mended row counts as if its file had been right from the start."""

from __future__ import annotations

import pytest

from convive.core.actors import System
from convive.core.models import AuditEntry
from convive.incidents import importing
from convive.incidents.intake import IntakeError
from convive.incidents.models import Batch, QuarantinedRow
from convive.incidents.quarantine.mending import mend, mend_alike
from convive.incidents.workflow import BatchStatus, QuarantineStatus

BY = System()
NO_ID = "Fecha,Delito,Sexo,Edad"
GOOD = "1,05/03/2009,Homicidio,F,20"
BAD = "2,99/03/2009,Homicidio,M,30"
RIGHT = "2,09/03/2009,Homicidio,M,30"


def correct(row, **cells):
    return {row.row_number: row.cells | cells}


def test_a_mended_row_counts_in_a_batch_of_its_own(import_lines, live, waiting):
    batch = import_lines(GOOD, BAD).batch
    row = waiting(batch)[3]

    outcome = mend(by=BY, batch=batch, corrections=correct(row, Fecha="09/03/2009"))

    row.refresh_from_db()
    assert [number for number, *_rest in live()] == ["1", "2"]
    assert (outcome.new, row.status, row.mended_in) == (1, "mended", outcome.batch)
    assert row.raw["Fecha"] == "99/03/2009"
    assert row.corrected == {"Fecha": "09/03/2009"}
    assert (outcome.batch.place_path, outcome.batch.source) == (
        batch.place_path,
        batch.source,
    )
    assert list(outcome.batch.derived_from.all()) == [batch]
    assert "mended 1" in AuditEntry.objects.about(outcome.batch)[1].sentence % {
        "by": "",
        "count": 1,
        "number": 0,
    }


def test_a_row_that_is_still_wrong_goes_on_waiting(import_lines, live, waiting):
    batch = import_lines(GOOD, BAD).batch

    outcome = mend(
        by=BY, batch=batch, corrections=correct(waiting(batch)[3], Fecha="98/03/2009")
    )

    assert outcome.batch is None
    assert outcome.rejected[0].problems[0].value == "98/03/2009"
    assert waiting(batch)[3].status == QuarantineStatus.OPEN
    assert Batch.objects.count() == 1
    assert len(live()) == 1


@pytest.mark.parametrize(
    ("head", "lines", "bad", "cell", "value"),
    [
        ("Expediente,Fecha,Delito,Sexo,Edad", [GOOD, BAD], 3, "Fecha", "09/03/2009"),
        # No number: twins, the good one first and the bad one first.
        (NO_ID, ["05/03/2009,Robo,F,20", "05/03/2009,Robo,F,xx"], 3, "Edad", "20"),
        (NO_ID, ["05/03/2009,Robo,F,xx", "05/03/2009,Robo,F,20"], 2, "Edad", "20"),
        # Three victims of one case, the first of them wrong.
        (
            "Expediente,Fecha,Delito,Sexo,Edad",
            [
                "7,05/03/2009,Robo,F,xx",
                "7,05/03/2009,Robo,F,30",
                "7,05/03/2009,Robo,M,40",
            ],
            2,
            "Edad",
            "20",
        ),
        # 'M' beside 'H' is mujer.
        (NO_ID, ["05/03/2009,Robo,H,20", "06/03/2009,Robo,M,xx"], 3, "Edad", "31"),
        # One date of the column says that the month comes first.
        (NO_ID, ["03/25/2009,Robo,F,20", "03/04/2009,Robo,F,xx"], 3, "Edad", "31"),
    ],
    ids=["number", "twin after", "twin before", "case", "sex of the column", "order"],
)
def test_the_corrected_file_changes_nothing_after_its_row_was_mended(
    import_lines, live, waiting, head, lines, bad, cell, value
):
    batch = import_lines(*lines, head=head).batch
    mend(by=BY, batch=batch, corrections=correct(waiting(batch)[bad], **{cell: value}))
    mended = live()

    again = import_lines(
        *[line.replace("xx", value).replace("99/03", "09/03") for line in lines],
        head=head,
    )

    assert (again.new, again.changed, again.unchanged) == (0, 0, len(lines))
    assert len(mended) == len(lines)
    assert live() == mended


def test_two_rows_alike_mended_one_after_the_other_count_twice(
    import_lines, live, waiting
):
    lines = ["05/03/2009,Robo,F,xx", "05/03/2009,Robo,F,xx"]
    batch = import_lines(*lines, head=NO_ID).batch

    for number in (2, 3):
        row = batch.quarantine.get(row_number=number)
        mend(by=BY, batch=batch, corrections=correct(row, Edad="20"))

    again = import_lines(*["05/03/2009,Robo,F,20"] * 2, head=NO_ID)
    assert (again.new, again.unchanged) == (0, 2)
    assert len(live()) == 2
    assert not waiting(batch)


def test_one_correction_mends_all_rows_with_the_same_word(import_lines, live, waiting):
    lines = [f"{i},05/03/2009,Robo,Muj.,{i}" for i in range(11, 16)]
    batch = import_lines(GOOD, *lines, "9,05/03/2009,Robo,Z,9").batch

    outcome = mend_alike(
        by=BY, batch=batch, column="Sexo", value="Muj.", correct="mujer"
    )

    assert outcome.new == 5
    assert Batch.objects.count() == 2
    assert {row.raw["Sexo"] for row in waiting(batch).values()} == {"Z"}
    assert [sex for _id, sex, *_rest in live()] == ["female"] * 6


def test_a_row_with_two_problems_is_mended_in_two_steps(import_lines, live, waiting):
    lines = [f"{i},99/03/2009,Robo,Muj.,{i}" for i in range(11, 14)]
    batch = import_lines(GOOD, *lines).batch

    first = mend_alike(by=BY, batch=batch, column="Sexo", value="Muj.", correct="F")
    between = waiting(batch)[3]
    second = mend_alike(
        by=BY, batch=batch, column="Fecha", value="99/03/2009", correct="09/03/2009"
    )

    assert (first.new, len(first.rejected)) == (0, 3)
    assert [problem["column"] for problem in between.problems] == ["Fecha"]
    assert [found.column for found in between.found.all()] == ["Fecha"]
    assert (between.raw["Sexo"], between.cells["Sexo"]) == ("Muj.", "F")
    assert second.new == 3
    assert len(live()) == 4


def test_a_half_mended_row_is_closed_by_the_corrected_file(import_lines, waiting):
    batch = import_lines(GOOD, "2,99/03/2009,Robo,Muj.,30").batch
    mend_alike(by=BY, batch=batch, column="Sexo", value="Muj.", correct="F")

    import_lines(GOOD, "2,09/03/2009,Robo,mujer,30", name="corregido.csv")

    assert not waiting(batch)


def test_a_record_that_a_later_file_brought_is_not_overwritten(
    import_lines, live, waiting
):
    batch = import_lines(GOOD, BAD).batch
    import_lines("2,10/03/2009,Homicidio,M,35", name="abril.csv", source="pnc")
    batch.quarantine.update(status=QuarantineStatus.OPEN, mended_in=None)

    outcome = mend(
        by=BY, batch=batch, corrections=correct(waiting(batch)[3], Fecha="09/03/2009")
    )

    assert outcome.batch is None
    assert "2" in outcome.rejected[0].problems[0].text()
    assert ("2", "male", 35, "0101") in live()


def test_undoing_the_mending_lets_the_row_wait_again(import_lines, live, waiting):
    batch = import_lines(GOOD, BAD).batch
    outcome = mend(
        by=BY, batch=batch, corrections=correct(waiting(batch)[3], Fecha="09/03/2009")
    )

    importing.undo_import(by=BY, batch=outcome.batch)

    row = waiting(batch)[3]
    assert (row.status, row.mended_in) == (QuarantineStatus.OPEN, None)
    assert len(live()) == 1
    mend(by=BY, batch=batch, corrections=correct(row, Fecha="09/03/2009"))
    assert len(live()) == 2


def test_undoing_a_file_undoes_what_was_mended_of_it(import_lines, live, waiting):
    batch = import_lines(GOOD, BAD).batch
    mended = mend(
        by=BY, batch=batch, corrections=correct(waiting(batch)[3], Fecha="09/03/2009")
    ).batch

    importing.undo_import(by=BY, batch=batch)

    mended.refresh_from_db()
    assert mended.status == BatchStatus.WITHDRAWN
    assert live() == []
    assert not QuarantinedRow.objects.open().exists()
    assert QuarantinedRow.objects.get().status == QuarantineStatus.OPEN


def test_a_row_of_an_undone_file_cannot_be_mended(import_lines, waiting):
    batch = import_lines(GOOD, BAD).batch
    row = waiting(batch)[3]
    importing.undo_import(by=BY, batch=batch)

    with pytest.raises(IntakeError):
        mend(by=BY, batch=batch, corrections=correct(row, Fecha="09/03/2009"))


def test_the_corrected_file_itself_closes_the_row(import_lines, live, waiting):
    batch = import_lines(GOOD, BAD).batch

    later = import_lines(GOOD, RIGHT, name="corregido.csv")

    row = batch.quarantine.get()
    assert (row.status, row.mended_in) == (QuarantineStatus.MENDED, later.batch)
    assert len(live()) == 2
    importing.undo_import(by=BY, batch=later.batch)
    assert waiting(batch)[3].status == QuarantineStatus.OPEN


def test_the_corrected_file_without_numbers_closes_the_row(import_lines, waiting):
    lines = ["05/03/2009,Robo,F,20", "06/03/2009,Robo,F,xx"]
    batch = import_lines(*lines, head=NO_ID).batch

    import_lines(lines[0], "06/03/2009,Robo,F,44", head=NO_ID, name="corregido.csv")

    assert not waiting(batch)


def test_the_same_bad_row_in_a_later_file_waits_once(import_lines, waiting):
    first = import_lines(GOOD, BAD).batch

    second = import_lines(GOOD, BAD, "3,06/03/2009,Robo,F,30", name="abril.csv").batch

    assert not waiting(first)
    assert list(waiting(second)) == [3]
    importing.undo_import(by=BY, batch=second)
    assert list(waiting(first)) == [3]


def test_a_file_that_is_not_kept_says_so(import_lines, waiting):
    batch = import_lines(GOOD, BAD).batch
    Batch.objects.update(mapping={})
    batch.refresh_from_db()

    with pytest.raises(IntakeError, match=r"no se conserva|not kept"):
        mend(by=BY, batch=batch, corrections=correct(waiting(batch)[3], Fecha="x"))
