"""The demonstration's files meet the public figures, by plain reading of the files."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "demo"
THREE = ("sonsonate", "sonzacate", "acajutla")


def rows(name):
    with gzip.open(DEMO / "incidents" / name, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def residents(*paths):
    with (DEMO / "population/sv.csv").open(encoding="utf-8") as file:
        table = {row["place"]: int(row["persons"]) for row in csv.DictReader(file)}
    return sum(table[path] for path in paths)


def in_year(found, year):
    return [row for row in found if row["Fecha"].endswith(str(year))]


@pytest.fixture(scope="module")
def programme():
    return [row for name in THREE for row in rows(f"sv_{name}_simulated.csv.gz")]


def homicides(found):
    return [row for row in found if row["Delito"] == "Homicidio"]


def test_homicides_of_2005_are_62_per_100_000_against_54_5_in_the_country(programme):
    elsewhere = rows("sv_homicides_simulated.csv.gz")
    own = in_year(homicides(programme), 2005)
    near = [row for row in in_year(elsewhere, 2005) if row["Expediente"][:4] == "SV13"]
    people = residents(*(f"sv/sonsonate/{name}" for name in THREE))

    three = 100_000 * len(own) / people
    department = 100_000 * (len(own) + len(near)) / residents("sv/sonsonate")
    country = 100_000 * (len(own) + len(in_year(elsewhere, 2005))) / residents("sv")

    assert three == pytest.approx(62, abs=0.5)
    assert department == pytest.approx(62, abs=0.1)
    assert country == pytest.approx(54.5, abs=0.05)


def test_all_crime_fell_by_16_percent_from_2009_to_2010(programme):
    before, after = (len(in_year(programme, year)) for year in (2009, 2010))

    assert 1 - after / before == pytest.approx(0.16, abs=1e-9)
