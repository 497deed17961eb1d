"""The home page tells each of the cast what waits and what is new."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.utils import timezone, translation

from convive.core.models import Job
from convive.incidents.compute import warehouse
from convive.incidents.models import Batch, ImportDraft, QuarantinedRow
from convive.incidents.workflow import BatchStatus, QuarantineStatus
from convive.partners.tests.table import make_meeting, make_table
from convive.places.tests.sonsonate import ACAJUTLA, SONSONATE, make_sonsonate
from convive.warehouse.tests.rows import incident_rows
from convive.website.presenters import present_home


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def places(db):
    make_sonsonate()


def make_batch(place_path: str = SONSONATE, **more: object) -> Batch:
    """A recorded batch that claims its months and holds no incident."""
    batch = Batch.objects.create(
        status=BatchStatus.RECORDED,
        place_path=place_path,
        source="pnc",
        file_name="hechos.csv",
        mode="add",
        recorded_at=timezone.now(),
        **(
            {"covers_from": date(2010, 1, 1), "covers_until": date(2011, 12, 31)} | more
        ),
    )
    warehouse().write_batch(batch.number, incident_rows(), np.array([], dtype=np.int64))
    return batch


def quarantine(batch: Batch, *statuses: QuarantineStatus) -> None:
    for number, status in enumerate(statuses, 1):
        QuarantinedRow.objects.create(
            batch=batch, row_number=number, raw={}, problems=[], status=status
        )


def test_open_rows_of_ones_own_places_wait(cast, places):
    quarantine(make_batch(), QuarantineStatus.OPEN, QuarantineStatus.MENDED)
    quarantine(make_batch(ACAJUTLA), QuarantineStatus.OPEN)

    (task,) = present_home(cast["alicia"]).tasks

    assert (task.number, task.word) == ("1", "in quarantine")


def test_a_draft_waits_until_it_is_decided(cast, places):
    make_batch()
    for status in ("uploaded", "checked", "imported", "discarded"):
        ImportDraft.objects.create(status=status, place_path=SONSONATE, source="pnc")

    (task,) = present_home(cast["bruno"]).tasks

    assert (task.number, task.word) == ("2", "not finished")


def test_months_between_two_files_that_nobody_sent_wait(cast, places):
    make_batch(covers_from=date(2010, 1, 1), covers_until=date(2010, 3, 31))
    make_batch(covers_from=date(2010, 6, 1), covers_until=date(2010, 8, 31))

    (task,) = present_home(cast["bruno"]).tasks

    assert (task.number, task.word) == ("2", "without data")


def test_provisional_months_are_counted(cast, places):
    make_batch(provisional_from=date(2011, 11, 1))

    (task,) = present_home(cast["bruno"]).tasks

    assert (task.number, task.word) == ("2", "provisional")


def test_a_place_without_any_file_waits_for_its_first(cast, places):
    (task,) = present_home(cast["bruno"]).tasks

    assert "no file has been imported yet" in task.text


@pytest.mark.parametrize("name", ["delia", "emilio", "fatima", "gabriel"])
def test_who_only_reads_sees_figures_and_no_work(cast, places, name):
    quarantine(make_batch(), QuarantineStatus.OPEN)

    home = present_home(cast[name])

    assert not home.is_editor
    assert home.tasks == ()
    assert [place.name for place in home.places] == ["Sonsonate"]


def test_the_neighbours_imports_are_not_shown(cast, places):
    make_batch(ACAJUTLA)
    mine = make_batch()

    lines = present_home(cast["fatima"]).imports

    assert [line.number for line in lines] == [mine.number]


def test_figures_are_of_the_last_twelve_months_covered(cast, places):
    make_batch()

    (place,) = present_home(cast["bruno"]).places

    assert place.period == "January to December 2011"
    # Covered and empty: a true zero.
    assert [figure.count for figure in place.figures] == ["0", "0"]


def test_a_file_of_homicides_alone_gives_no_figure_of_all_offences(cast, places):
    make_batch(covers_iccs=["0101"])

    (place,) = present_home(cast["bruno"]).places

    assert len(place.figures) == 1


def test_running_work_is_shown_to_who_started_it(cast, places):
    make_batch()
    for person in ("bruno", "alicia"):
        by = cast[person]
        Job.objects.create(by_id=by.pk, title=f"Import by {person}", done=1, total=4)

    (job,) = present_home(cast["bruno"]).jobs

    assert (job.title, job.percent) == ("Import by bruno", 25)


def test_the_page_asks_the_database_little(
    client_of, places, django_assert_max_num_queries
):
    for _ in range(20):
        quarantine(make_batch(), QuarantineStatus.OPEN)
    client = client_of("bruno")

    with django_assert_max_num_queries(35):
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("name", ["alicia", "carla", "delia", "gabriel", "citizen"])
def test_everyone_has_a_home_even_before_any_file(client_of, places, name):
    assert client_of(name).get("/").status_code == 200


def test_the_unit_has_its_lines_among_what_waits(cast, db):
    table = make_table()
    make_meeting(table.unit)

    told = [task.text for task in present_home(cast["alicia"]).tasks]

    assert any("minutes of the meeting" in text for text in told)
    assert present_home(cast["delia"]).tasks == ()
