from datetime import date, timedelta

import numpy as np
import pytest

from convive.warehouse import (
    Box,
    Exclusion,
    Slice,
    Warehouse,
    grid_counts,
    points_in_box,
    precision_counts,
)
from convive.warehouse.tests.rows import incident_rows

NONE = np.array([], dtype=np.int64)
YEAR = Slice("sv", date(2010, 1, 1), date(2010, 12, 31))
NOTHING = Exclusion()
PRIVATE = Exclusion(("03",), ("current_partner",), ("intrafamiliar",))
# Cells of neither a power of two nor a divisor of the window.
CELL = 0.013


@pytest.fixture
def table(tmp_path):
    def make(*rows):
        warehouse = Warehouse(tmp_path)
        warehouse.write_batch(1, incident_rows(*rows), NONE)
        return warehouse.incidents([1])

    return make


def scattered(size):
    rng = np.random.default_rng(20100105)
    codes = rng.choice(["0101", "0301", "0401"], size)
    ties = rng.choice(["stranger", "current_partner"], size)
    return [
        {
            "longitude": float(x),
            "latitude": float(y),
            "iccs": str(code),
            "relationship": str(tie),
            "occurred_on": date(2010, 1, 1) + timedelta(days=int(day)),
        }
        for x, y, code, tie, day in zip(
            rng.uniform(-90, -89, size),
            rng.uniform(13, 14, size),
            codes,
            ties,
            rng.integers(0, 365, size),
            strict=True,
        )
    ]


def inside(rows, box):
    return [
        row
        for row in rows
        if box.west <= row["longitude"] <= box.east
        and box.south <= row["latitude"] <= box.north
        and not row["iccs"].startswith("03")
        and row["relationship"] != "current_partner"
    ]


BOXES = [
    Box(-89.9, 13.1, -89.4, 13.6),
    Box(-90, 13, -89, 14),
    Box(-89.51, 13.5, -89.5, 13.51),
    Box(10, 10, 11, 11),
]


@pytest.mark.parametrize("box", BOXES)
def test_a_window_holds_what_a_count_by_hand_finds(table, box):
    rows = scattered(800)
    expected = inside(rows, box)

    found = points_in_box(table(*rows), YEAR, box, PRIVATE, limit=1000)

    assert sorted(found["longitude"].to_pylist()) == sorted(
        row["longitude"] for row in expected
    )


@pytest.mark.parametrize("box", BOXES)
def test_the_cells_of_a_window_hold_each_of_its_incidents_once(table, box):
    rows = scattered(800)
    by_hand: dict[tuple[int, int], int] = {}
    for row in inside(rows, box):
        key = (int(row["longitude"] // CELL), int(row["latitude"] // CELL))
        by_hand[key] = by_hand.get(key, 0) + 1

    found = grid_counts(table(*rows), YEAR, box, CELL, PRIVATE).to_pylist()

    assert {(r["column"], r["row"]): r["incident_count"] for r in found} == by_hand


def test_a_cell_lies_where_its_incidents_are_on_average(table):
    rows = [{"longitude": -89.72}, {"longitude": -89.74}]

    cell = grid_counts(table(*rows), YEAR, BOXES[1], 0.1, NOTHING).to_pylist()[0]

    assert cell["longitude"] == pytest.approx(-89.73)
    assert cell["incident_count"] == 2


def test_the_edges_of_a_window_belong_to_it(table):
    box = Box(-89.72, 13.72, -89.5, 13.9)

    assert points_in_box(table({}), YEAR, box, NOTHING, 5).num_rows == 1


def test_the_latest_come_first_and_no_more_than_asked(table):
    rows = [{"occurred_on": date(2010, month, 1)} for month in (3, 9, 5)]

    found = points_in_box(table(*rows), YEAR, BOXES[1], NOTHING, limit=2)

    assert found["occurred_on"].to_pylist() == [date(2010, 9, 1), date(2010, 5, 1)]


def test_a_point_says_nothing_of_who_or_of_the_address(table):
    found = points_in_box(table({}), YEAR, BOXES[1], NOTHING, 5)

    assert found.column_names == [
        "longitude",
        "latitude",
        "precision",
        "iccs",
        "occurred_on",
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"iccs": "03011"},
        {"relationship": "current_partner"},
        {"offence_text": "Violencia INTRAFAMILIAR agravada"},
    ],
)
def test_one_reason_is_enough_to_be_left_out(table, row):
    incidents = table(row, {})

    assert points_in_box(incidents, YEAR, BOXES[1], PRIVATE, 5).num_rows == 1
    assert grid_counts(incidents, YEAR, BOXES[1], 1, PRIVATE)[
        "incident_count"
    ].to_pylist() == [1]


def test_drawn_and_not_drawn_sum_to_all(table):
    nowhere = {"longitude": None, "latitude": None, "precision": "municipality"}
    incidents = table({}, {}, {"iccs": "0301"}, nowhere)

    found = precision_counts(incidents, YEAR, [Exclusion(("07",)), PRIVATE])

    assert {
        (r["excluded_by"], r["is_located"], r["precision"]): r["incident_count"]
        for r in found.to_pylist()
    } == {
        (None, False, "municipality"): 1,
        (None, True, "coordinates"): 2,
        (1, True, "coordinates"): 1,
    }


def test_a_cell_without_a_side_is_refused(table):
    with pytest.raises(ValueError, match="above 0"):
        grid_counts(table({}), YEAR, BOXES[0], 0, NOTHING)
