"""The demonstration's places and residents agree with each other, by plain reading."""

from __future__ import annotations

import csv
import gettext
import gzip
import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from convive.core.text import slug

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo"
# What the four municipalities of La Libertad given from memory lack of its total.
LACKING = {"sv/la-libertad": 485}


def features(name):
    with gzip.open(DEMO / "places" / name, "rt", encoding="utf-8") as file:
        return json.load(file)["features"]


def table(name):
    with (DEMO / "population" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def municipalities():
    named = [f["properties"] for f in features("sv_municipalities.geojson.gz")]
    return {f"sv/{slug(p['department'])}/{slug(p['name'])}" for p in named}


@pytest.fixture(scope="module")
def residents():
    return {row["place"]: int(row["persons"]) for row in table("sv.csv")}


def test_the_country_has_14_departments_and_262_municipalities(municipalities):
    departments = {path.rpartition("/")[0] for path in municipalities}

    assert len(features("sv_departments.geojson.gz")) == 14
    assert len(municipalities) == 262
    assert len(departments) == 14
    # As the country is divided: Chalatenango has the most, Cabañas the fewest.
    by_department = Counter(path.split("/")[1] for path in municipalities)
    assert by_department["chalatenango"] == 33
    assert by_department["cabanas"] == 9
    assert by_department["sonsonate"] == 16


def test_no_lake_is_taken_for_a_municipality(municipalities):
    assert [
        path for path in municipalities if "lago" in path or "embalse" in path
    ] == []


def test_every_municipality_has_residents(municipalities, residents):
    assert municipalities - residents.keys() == set()
    assert min(residents[path] for path in municipalities) > 500


def test_the_municipalities_add_up_to_their_department(residents):
    sums = Counter()
    for path, persons in residents.items():
        if path.count("/") == 2:
            sums[path.rpartition("/")[0]] += persons

    apart = {path: residents[path] - total for path, total in sums.items()}

    assert {path: gap for path, gap in apart.items() if gap} == LACKING


def test_the_departments_add_up_to_the_country(residents):
    departments = [n for path, n in residents.items() if path.count("/") == 1]

    assert sum(departments) == residents["sv"] == 5_744_113


def test_women_and_men_add_up_to_the_residents(residents):
    both = Counter()
    for row in table("sv_by_sex.csv"):
        both[row["place"]] += int(row["persons"])

    assert len(both) == 258
    assert {path: residents[path] for path in both} == both


def test_every_spelling_belongs_to_a_municipality(municipalities):
    with (DEMO / "places/sv_spellings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert {row["place"] for row in rows} <= municipalities


def texts_of_the_demonstration():
    content = tomllib.loads((DEMO / "demo.toml").read_text(encoding="utf-8"))
    for items in content.values():
        for item in items:
            yield from (item[key] for key in ("note", "source") if key in item)
    for panel in content["panel"]:
        yield panel["name"]
    yield from {row["source"] for row in table("sv.csv")}


def test_what_is_real_simulated_or_assumed_is_said_in_spanish_too():
    compiled = ROOT / "src/convive/website/locale/es/LC_MESSAGES/django.mo"
    with compiled.open("rb") as file:
        spanish = gettext.GNUTranslations(file)
    # Names of offices stand as they are.
    said = {text for text in texts_of_the_demonstration() if " " in text}
    official = {text for text in said if text.startswith("OCHA")}

    assert {t for t in said - official if spanish.gettext(t) == t} == set()


@pytest.mark.parametrize(
    "folder", ["places", "population", "gazetteer", "crosswalk", "incidents", "panels"]
)
def test_every_file_that_ships_is_named_in_the_source_note_beside_it(folder):
    note = (DEMO / folder / "SOURCE.md").read_text(encoding="utf-8")
    files = [p.name for p in (DEMO / folder).iterdir() if p.name != "SOURCE.md"]

    unnamed = [
        name
        for name in files
        if name not in note
        and not (name.endswith("_simulated.csv.gz") and "sv_*" in note)
    ]

    assert unnamed == []
