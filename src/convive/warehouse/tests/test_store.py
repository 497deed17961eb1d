import os
import subprocess
import sys
import threading
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from convive.warehouse import Slice, Warehouse, WarehouseError, count_by, records
from convive.warehouse.tests.rows import incident_rows

NONE = np.array([], dtype=np.int64)
JANUARY = Slice("sv", date(2010, 1, 1), date(2010, 1, 31))


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path)


def total(warehouse, batches, slice_=JANUARY):
    return count_by(warehouse.incidents(batches), slice_, [])["incident_count"][
        0
    ].as_py()


def test_a_batch_counts_only_where_it_is_named(warehouse):
    warehouse.write_batch(1, incident_rows({}, {}), NONE)
    warehouse.write_batch(2, incident_rows({}), NONE)

    assert total(warehouse, [1]) == 2
    assert total(warehouse, [1, 2]) == 3
    assert total(warehouse, []) == 0


def test_a_retired_row_stops_counting_only_with_the_batch_that_retires_it(warehouse):
    warehouse.write_batch(1, incident_rows({}, {}), NONE)
    warehouse.write_batch(2, incident_rows({"iccs": "0102"}), np.array([1 << 32]))

    assert total(warehouse, [1]) == 2
    assert total(warehouse, [1, 2]) == 2
    assert total(warehouse, [2]) == 1


def test_a_number_is_used_once(warehouse):
    warehouse.write_batch(1, incident_rows({}), NONE)

    with pytest.raises(WarehouseError, match="batch 1 has been written already"):
        warehouse.write_batch(1, incident_rows({}), NONE)


def test_a_recorded_batch_without_files_is_an_error_not_fewer_rows(warehouse):
    with pytest.raises(WarehouseError, match=r"batch 7 .* missing"):
        warehouse.incidents([7])


def test_a_table_of_other_columns_is_refused(warehouse):
    with pytest.raises(WarehouseError, match="mechanism"):
        warehouse.write_batch(1, incident_rows({}).drop(["mechanism"]), NONE)


def test_sweep_removes_what_no_record_names(warehouse):
    warehouse.write_batch(1, incident_rows({}), NONE)
    warehouse.write_batch(2, incident_rows({}), NONE)
    (warehouse.root / "incidents" / ".batch-00000003.tmp").mkdir()

    removed = warehouse.sweep([1])

    assert sorted(removed) == [2, 3]
    assert total(warehouse, [1]) == 1


def test_counts_by_month_and_sex(warehouse):
    rows = incident_rows(
        {"occurred_on": date(2010, 1, 31), "occurred_minute": 0},
        {"occurred_on": date(2010, 2, 1), "victim_sex": "female"},
        {"occurred_on": date(2010, 2, 2), "occurred_minute": 23 * 60 + 59},
    )
    warehouse.write_batch(1, rows, NONE)
    winter = Slice("sv/sonsonate", date(2010, 1, 1), date(2010, 2, 28), iccs=("01",))

    counted = count_by(warehouse.incidents([1]), winter, ["month", "victim_sex"])
    hours = count_by(warehouse.incidents([1]), winter, ["hour"])
    days = count_by(warehouse.incidents([1]), winter, ["weekday"])

    assert [tuple(row.values()) for row in counted.to_pylist()] == [
        (date(2010, 1, 1), "male", 1),
        (date(2010, 2, 1), "female", 1),
        (date(2010, 2, 1), "male", 1),
    ]
    by_hour = {row["hour"]: row["incident_count"] for row in hours.to_pylist()}
    assert by_hour == {0: 1, 23: 1, None: 1}
    # 31 January 2010 was a Sunday, 1 and 2 February a Monday and a Tuesday.
    assert [row["weekday"] for row in days.to_pylist()] == [1, 2, 7]


def test_a_code_takes_in_what_is_below_it_and_a_place_what_is_inside(warehouse):
    elsewhere = {"department": "sv/la-paz", "municipality": "sv/la-paz/zacatecoluca"}
    rows = incident_rows({"iccs": "0101"}, {"iccs": "0102"}, elsewhere)
    warehouse.write_batch(1, rows, NONE)
    where = "sv/sonsonate/sonsonate"

    intentional = Slice(where, JANUARY.since, JANUARY.until, iccs=("0101",))

    assert total(warehouse, [1], intentional) == 1
    assert total(warehouse, [1], Slice("sv", JANUARY.since, JANUARY.until)) == 3


def test_records_come_latest_first_and_in_pages(warehouse):
    rows = incident_rows(*({"occurred_on": date(2010, 1, day)} for day in (3, 9, 5)))
    warehouse.write_batch(1, rows, NONE)

    page = records(warehouse.incidents([1]), JANUARY, limit=2, offset=1)

    assert page["occurred_on"].to_pylist() == [date(2010, 1, 5), date(2010, 1, 3)]


def test_threads_ask_at_the_same_time(warehouse):
    warehouse.write_batch(1, incident_rows(*({} for _ in range(500))), NONE)
    answers: list[int] = []

    def ask():
        answers.extend(total(warehouse, [1]) for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [500] * 30


KILLED = """
import os, sys, pathlib, numpy as np
from convive.warehouse import Warehouse
from convive.warehouse.tests.rows import incident_rows
left = int(sys.argv[2])
def die_in_time(event, arguments):
    global left
    if event in {"open", "os.rename", "os.mkdir"} and sys.argv[1] in str(arguments[0]):
        left -= 1
        if left < 0:
            os._exit(9)
rows = incident_rows({}, {})
sys.addaudithook(die_in_time)
Warehouse(pathlib.Path(sys.argv[1])).write_batch(1, rows, np.array([], dtype=np.int64))
"""


@pytest.mark.parametrize("step", range(12))
def test_killed_at_any_step_the_store_holds_the_whole_batch_or_none(step, tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(step)]
    code = subprocess.run(command, env=os.environ, check=False).returncode
    warehouse = Warehouse(tmp_path)

    is_whole = warehouse.batch_folder(1).exists()

    assert code in {0, 9}
    if code == 0:
        assert is_whole
    if is_whole:
        assert total(warehouse, [1]) == 2
    else:
        warehouse.sweep([])
        assert warehouse.write_batch(1, incident_rows({}), NONE).rows == 1


def test_only_what_is_retired_goes_from_batches_that_lose_rows(warehouse):
    warehouse.write_batch(1, incident_rows({}, {}, {}), NONE)
    warehouse.write_batch(2, incident_rows({}, {}), NONE)
    gone = np.array([(1 << 32) + 1, (2 << 32)])
    manifest = warehouse.write_batch(3, incident_rows({}), gone)

    left = records(warehouse.incidents([1, 2, 3]), JANUARY)["row_id"].to_pylist()

    assert manifest.retires_from == (1, 2)
    assert sorted(left) == [1 << 32, (1 << 32) + 2, (2 << 32) + 1, 3 << 32]
    assert total(warehouse, [2, 3]) == 2


def test_more_vintages_than_are_kept_in_mind_still_count(warehouse):
    for number in range(1, 8):
        retired = np.array([(number - 1) << 32]) if number % 2 == 0 else NONE
        warehouse.write_batch(number, incident_rows({}, {}), retired)
    vintages = [[*range(1, n + 1)] + [7] * (n < 7) for n in range(1, 8)] * 12

    counted = [total(warehouse, sorted(set(v))) for v in vintages]

    # Each even batch takes one row of the odd one before it.
    expected = [2 * len(set(v)) - sum(b % 2 == 0 for b in v) for v in vintages]
    assert counted == expected


def test_records_are_matched_with_the_list_of_their_own_office(warehouse):
    rows = incident_rows({"content_hash": 5}, {"content_hash": 6}, {"source": "fgr"})
    warehouse.write_batch(1, rows, NONE)
    given = pa.table(
        {"incident_id": ["9", "0", "1", "2"], "content_hash": [1, 5, 7, 1]}
    )

    found = warehouse.matches([1], "pnc", given).sort_by("position").to_pylist()

    assert found == [
        {"position": 1, "row_id": 1 << 32, "is_same": True},
        {"position": 2, "row_id": (1 << 32) + 1, "is_same": False},
    ]


def test_what_a_replace_leaves_out_is_looked_for_in_its_place_and_period(warehouse):
    rows = incident_rows(
        {}, {}, {"occurred_on": date(2010, 2, 1)}, {"department": "sv/la-paz"}
    )
    warehouse.write_batch(1, rows, NONE)
    given = pa.table({"incident_id": ["0"]})
    place = Slice("sv/sonsonate", JANUARY.since, JANUARY.until)

    absent = warehouse.absent([1], "pnc", place, given)["row_id"].to_pylist()

    assert absent == [(1 << 32) + 1]


def test_counts_by_levels_of_the_classification(warehouse):
    codes = ["0101", "020111", "0201", "unclassified", "02"]
    warehouse.write_batch(1, incident_rows(*({"iccs": c} for c in codes)), NONE)

    counted = count_by(warehouse.incidents([1]), JANUARY, ["iccs_division"])

    assert {r["iccs_division"]: r["incident_count"] for r in counted.to_pylist()} == {
        "0101": 1, "0201": 2, "02": 1, "unclassified": 1,
    }  # fmt: skip
