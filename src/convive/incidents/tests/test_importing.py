from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from convive.core.actors import System
from convive.core.models import AuditEntry
from convive.incidents import compute, importing
from convive.incidents.actions import (
    Claim,
    ImportRefusedError,
    Order,
    TermRow,
    save_crosswalk,
)
from convive.incidents.models import Batch, ImportMode, QuarantinedRow
from convive.incidents.workflow import (
    BATCH_MOVES,
    DRAFT_MOVES,
    QUARANTINE_MOVES,
    BatchStatus,
    DraftStatus,
    QuarantineStatus,
)
from convive.places.actions import save_place
from convive.places.models import PlaceKind
from convive.warehouse import Slice, count_by

ACAJUTLA = "sv/sonsonate/acajutla"
BY = System()
HEAD = "Expediente,Fecha,Delito,Edad\n"
MARCH = [
    "1,05/03/2009,Homicidio,20\n",
    "2,06/03/2009,Homicidio,30\n",
    "3,99/03/2009,Homicidio,40\n",
]


@pytest.fixture
def acajutla(db):
    country = save_place(
        by=BY, kind=PlaceKind.COUNTRY, name="El Salvador", parent=None, path="sv"
    )
    department = save_place(
        by=BY, kind=PlaceKind.DEPARTMENT, name="Sonsonate", parent=country
    )
    save_crosswalk(by=BY, country_path="sv", terms=[TermRow("Homicidio", "0101")])
    return save_place(
        by=BY, kind=PlaceKind.MUNICIPALITY, name="Acajutla", parent=department
    )


@pytest.fixture
def order(acajutla, tmp_path):
    def make(*lines, mode=ImportMode.ADD, **claim):
        path = Path(tmp_path) / "marzo.csv"
        path.write_text(HEAD + "".join(lines), encoding="utf-8")
        return Order(path, ACAJUTLA, "pnc", mode=mode, claim=Claim(**claim))

    return make


def live(as_of=None):
    year = Slice("sv", date(2009, 1, 1), date(2009, 12, 31))
    counted = count_by(compute.incidents_known_on(as_of), year, ["iccs"])
    return {row["iccs"]: row["incident_count"] for row in counted.to_pylist()}


def test_rows_are_read_accepted_or_quarantined_and_none_is_lost(order):
    outcome = importing.run_import(by=BY, order=order(*MARCH))

    assert (outcome.read, outcome.new, len(outcome.rejected)) == (3, 2, 1)
    assert live() == {"0101": 2}
    row = QuarantinedRow.objects.get()
    assert row.row_number == 4
    assert row.raw["Fecha"] == "99/03/2009"
    assert row.problems[0]["column"] == "Fecha"


def test_importing_the_same_file_twice_changes_nothing(order):
    importing.run_import(by=BY, order=order(*MARCH))

    again = importing.run_import(by=BY, order=order(*MARCH))

    assert (again.new, again.unchanged, again.batch) == (0, 2, None)
    assert Batch.objects.count() == 1
    assert QuarantinedRow.objects.count() == 1
    assert live() == {"0101": 2}


def test_two_municipalities_may_use_the_same_numbers(order, acajutla):
    save_place(
        by=BY, kind=PlaceKind.MUNICIPALITY, name="Nahulingo", parent=acajutla.parent
    )
    importing.run_import(by=BY, order=order(MARCH[0]))
    elsewhere = replace(order(MARCH[0]), place_path="sv/sonsonate/nahulingo")

    outcome = importing.run_import(by=BY, order=elsewhere)

    assert (outcome.new, outcome.changed) == (1, 0)
    assert live() == {"0101": 2}


def test_a_dry_run_writes_nothing(order):
    outcome = importing.preview(order(*MARCH))

    assert (outcome.new, len(outcome.rejected)) == (2, 1)
    assert Batch.objects.count() == 0
    assert live() == {}


def test_a_changed_record_takes_the_place_of_the_old_one(order):
    first = importing.run_import(by=BY, order=order(MARCH[0])).batch

    changed = importing.run_import(by=BY, order=order(MARCH[0].replace("20\n", "21\n")))

    assert (changed.new, changed.changed) == (0, 1)
    assert live() == {"0101": 1}
    assert first is not None


def test_add_leaves_absent_records_and_replace_takes_them_out(order):
    importing.run_import(
        by=BY, order=order(MARCH[0], MARCH[1], "4,07/03/2009,Robo,1\n")
    )
    kept = (MARCH[0], "4,07/03/2009,Robo,1\n")

    added = importing.run_import(by=BY, order=order(*kept))
    replaced = importing.run_import(by=BY, order=order(*kept, mode=ImportMode.REPLACE))

    assert added.removed == 0
    assert replaced.removed == 1
    assert live() == {"0101": 1, "unclassified": 1}


def test_undo_brings_back_what_the_import_replaced(order):
    importing.run_import(by=BY, order=order(MARCH[0], MARCH[1]))
    batch = importing.run_import(
        by=BY, order=order(MARCH[0], mode=ImportMode.REPLACE, since=date(2009, 3, 1))
    )
    second = importing.run_import(
        by=BY, order=order("9,08/03/2009,Homicidio,1\n")
    ).batch

    importing.undo_import(by=BY, batch=second)

    assert batch.removed == 0  # the file's span ends on the day of its only record
    assert live() == {"0101": 2}
    with pytest.raises(ImportRefusedError):
        importing.undo_import(by=BY, batch=second)


def test_a_figure_of_an_earlier_day_counts_what_was_known_then(order):
    first = importing.run_import(by=BY, order=order(MARCH[0])).batch
    second = importing.run_import(by=BY, order=order(MARCH[1])).batch

    assert live(first.recorded_at) == {"0101": 1}
    assert live(second.recorded_at) == {"0101": 2}


def test_every_step_leaves_a_sentence(order):
    batch = importing.run_import(by=BY, order=order(*MARCH)).batch
    importing.undo_import(by=BY, batch=batch)

    sentences = [str(entry) for entry in AuditEntry.objects.about(batch)]

    assert len(sentences) == 3
    assert all("marzo.csv" in sentence for sentence in sentences)


def test_a_month_counts_as_known_only_where_a_file_claims_all_of_it(order):
    importing.run_import(
        by=BY, order=order(MARCH[0], since=date(2009, 2, 10), until=date(2009, 3, 31))
    )

    asked = compute.coverage(Slice(ACAJUTLA, date(2009, 2, 1), date(2009, 3, 31)))
    country = compute.coverage(Slice("sv", date(2009, 3, 1), date(2009, 3, 31)))

    assert asked.months_missing == (date(2009, 2, 1),)
    assert not country.is_complete


def test_a_batch_left_half_done_is_given_up_and_its_files_swept(order):
    with compute.exclusive():
        batch = importing.actions.begin_batch(by=BY, order=order(*MARCH))
    folder = compute.warehouse().batch_folder(batch.number)
    folder.mkdir(parents=True)

    importing.run_import(by=BY, order=order(*MARCH))

    batch.refresh_from_db()
    assert batch.status == BatchStatus.ABANDONED
    assert not folder.exists()
    assert live() == {"0101": 2}


@pytest.mark.parametrize(
    ("statuses", "moves"),
    [
        (BatchStatus, BATCH_MOVES),
        (DraftStatus, DRAFT_MOVES),
        (QuarantineStatus, QUARANTINE_MOVES),
    ],
)
def test_each_state_has_its_moves(statuses, moves):
    assert set(moves) == set(statuses)
