"""A new version of the offence table is applied to what counts already."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from convive.core.actors import System
from convive.core.jobs import JobCancelled
from convive.core.models import AuditEntry
from convive.incidents import compute, importing
from convive.incidents.classification import rereading
from convive.incidents.classification.actions import TermRow, save_crosswalk
from convive.incidents.intake.identity import HASHED, content_hash
from convive.incidents.models import Batch
from convive.incidents.quarantine.mending import mend
from convive.incidents.workflow import BatchStatus
from convive.places.tests.sonsonate import ACAJUTLA, SONSONATE
from convive.warehouse import Slice, count_by
from convive.warehouse.schema import Mechanism

BY = System()
NO_ID = "Fecha,Delito,Sexo,Edad"
HURTO = [
    "1,05/03/2009,Hurto,F,20",
    "2,06/03/2009,Hurto,M,30",
    "3,07/03/2009,Robo,M,40",
]


def write(*terms, **options):
    return save_crosswalk(by=BY, country_path="sv", terms=list(terms), **options)


def reread(places=(SONSONATE,)):
    return rereading.reread(by=BY, country_path="sv", places=list(places))


def counts(as_of=None):
    from datetime import date

    whole = Slice("sv", date(2000, 1, 1), date(2020, 12, 31))
    table = count_by(compute.incidents_known_on(as_of), whole, ["iccs"]).to_pylist()
    return {row["iccs"]: row["incident_count"] for row in table}


def test_incidents_take_the_class_of_the_new_table(import_lines):
    import_lines(*HURTO)
    assert counts() == {"unclassified": 2, "0401": 1}
    write(TermRow("Hurto", "0502"))

    (batch,) = reread()

    assert counts() == {"0502": 2, "0401": 1}
    assert (batch.changed, batch.accepted, batch.removed) == (2, 2, 0)
    assert batch.crosswalk.version == 2
    assert "2 changed" in AuditEntry.objects.about(batch)[0].sentence % {
        "by": "", "file": "", "new": 0, "changed": 2, "removed": 0, "bad": 0,
    }  # fmt: skip


def test_a_figure_of_an_earlier_day_keeps_the_class_of_that_day(import_lines):
    first = import_lines(*HURTO).batch
    write(TermRow("Hurto", "0502"))
    reread()

    assert counts(first.recorded_at) == {"unclassified": 2, "0401": 1}


def test_a_plan_says_how_many_will_change_and_writes_nothing(import_lines):
    import_lines(*HURTO)
    write(TermRow("Hurto", "0502"))

    shares = rereading.plan("sv", [SONSONATE])

    assert [(s.place_path, s.source, s.count) for s in shares] == [
        (SONSONATE, "pnc", 2)
    ]
    assert rereading.shifts(shares) == [
        rereading.Shift("Hurto", "unclassified", "0502", 2)
    ]
    assert Batch.objects.count() == 1


def test_reading_again_twice_changes_nothing(import_lines):
    import_lines(*HURTO)
    write(TermRow("Hurto", "0502"))
    reread()

    assert reread() == []
    assert rereading.plan("sv", [SONSONATE]) == []


@pytest.mark.parametrize("head", ["Expediente,Fecha,Delito,Sexo,Edad", NO_ID])
def test_the_same_file_imported_afterwards_changes_nothing(import_lines, live, head):
    twins = [*HURTO, "4,06/03/2009,Hurto,M,30"]
    lines = twins if head != NO_ID else [line.split(",", 1)[1] for line in twins]
    import_lines(*lines, head=head)
    write(TermRow("Hurto", "0502"))
    reread()
    once = live()

    again = import_lines(*lines, head=head)

    assert (again.new, again.changed, again.unchanged) == (0, 0, 4)
    assert live() == once
    assert len(once) == 4


def test_a_file_imported_again_before_the_reading_does_not_count_twice_after_it(
    import_lines, live
):
    lines = [line.split(",", 1)[1] for line in HURTO]
    import_lines(*lines, head=NO_ID)
    write(TermRow("Hurto", "0502"))
    import_lines(*lines, head=NO_ID)

    reread()

    assert counts() == {"0502": 2, "0401": 1}
    assert len(live()) == 3


def test_a_code_of_the_file_itself_stays(import_lines):
    import_lines(
        "1,05/03/2009,Hurto,0703", "2,06/03/2009,Hurto,", head="Id,Fecha,Delito,ICCS"
    )
    write(TermRow("Hurto", "0502"))

    reread()

    assert counts() == {"0703": 1, "0502": 1}


def test_what_a_term_implies_of_the_weapon_follows_the_table(import_lines):
    import_lines("1,05/03/2009,Hurto,F,20")
    write(TermRow("Hurto", "0502", mechanism="firearm"))
    reread()
    first = mechanisms()

    write(TermRow("Hurto", "0502"))
    reread()

    assert first == {Mechanism.FIREARM}
    assert mechanisms() == {Mechanism.NOT_RECORDED}


def test_a_weapon_that_the_file_states_stays(import_lines):
    head = "Id,Fecha,Delito,Arma"
    import_lines("1,05/03/2009,Hurto,pistola", "2,05/03/2009,Hurto,", head=head)
    write(TermRow("Hurto", "0502", mechanism="sharp"))

    reread()

    assert mechanisms() == {Mechanism.FIREARM, Mechanism.SHARP}


def mechanisms():
    table = compute.incidents_known_on().to_pyarrow()
    return set(table["mechanism"].to_pylist())


def test_only_files_of_the_persons_places_are_read_again(import_lines):
    import_lines(*HURTO)
    import_lines(HURTO[0], place_path=ACAJUTLA, source="otra", name="acajutla.csv")
    write(TermRow("Hurto", "0502"))

    reread([ACAJUTLA])

    assert counts() == {"0502": 1, "unclassified": 2, "0401": 1}


def test_a_country_reads_all_of_its_places_each_office_by_itself(import_lines):
    import_lines(*HURTO)
    import_lines(HURTO[0], place_path=ACAJUTLA, name="a.csv")
    import_lines(HURTO[0], source="fgr", name="b.csv")
    write(TermRow("Hurto", "0502"))

    batches = reread(["sv"])

    assert {(b.place_path, b.source) for b in batches} == {
        (SONSONATE, "pnc"), (SONSONATE, "fgr"), (ACAJUTLA, "pnc"),
    }  # fmt: skip


def test_undoing_the_reading_brings_the_old_classes_back(import_lines):
    import_lines(*HURTO)
    write(TermRow("Hurto", "0502"))
    (batch,) = reread()

    importing.undo_import(by=BY, batch=batch)

    assert counts() == {"unclassified": 2, "0401": 1}
    assert len(reread()) == 1


def test_undoing_the_file_takes_its_reading_along(import_lines):
    first = import_lines(*HURTO).batch
    write(TermRow("Hurto", "0502"))
    (batch,) = reread()

    importing.undo_import(by=BY, batch=first)

    batch.refresh_from_db()
    assert batch.status == BatchStatus.WITHDRAWN
    assert counts() == {}


def test_a_row_mended_after_the_reading_has_the_new_class(import_lines, waiting):
    first = import_lines(*HURTO, "4,99/03/2009,Hurto,F,20").batch
    write(TermRow("Hurto", "0502"))
    reread()
    row = waiting(first)[5]

    mend(by=BY, batch=first, corrections={5: row.cells | {"Fecha": "09/03/2009"}})

    assert counts() == {"0502": 3, "0401": 1}
    assert reread() == []


def test_stopped_between_two_offices_the_written_one_stays_whole(import_lines):
    import_lines(*HURTO)
    import_lines(HURTO[0], source="fgr", name="b.csv")
    write(TermRow("Hurto", "0502"))

    def stop(done, total, phase):
        if done == 1:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        rereading.reread(by=BY, country_path="sv", places=[SONSONATE], progress=stop)

    assert counts() == {"0502": 2, "unclassified": 1, "0401": 1}
    assert len(rereading.plan("sv", [SONSONATE])) == 1
    assert not Batch.objects.filter(status=BatchStatus.WRITING).exists()


def test_a_record_of_the_store_has_the_hash_that_its_import_gave_it(import_lines):
    import_lines(*HURTO, "8,05/03/2009,Robo,,", name="x.csv")

    rows = pl.DataFrame(compute.incidents_known_on().to_pyarrow())

    again = content_hash(rows.select(HASHED)).view(np.int64).tolist()
    assert again == rows["content_hash"].to_list()
