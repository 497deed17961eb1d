"""Files of places: planned, previewed, written whole or not at all."""

from __future__ import annotations

import json

import pytest
import xlsxwriter
from django.utils import translation

from convive.core.actors import System
from convive.core.models import AuditEntry
from convive.places import actions, plans
from convive.places.actions import Origin
from convive.places.boundaries import BoundaryError
from convive.places.models import (
    Boundary,
    GazetteerEntry,
    Place,
    PlaceKind,
    Population,
)
from convive.places.plans import PlaceFields
from convive.places.tables import PlaceFileError
from convive.places.tests.sonsonate import ACAJUTLA, SONSONATE, make_sonsonate

BY = System()
ORIGIN = Origin("a test", "CC0")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def sonsonate(db):
    return make_sonsonate()


@pytest.fixture
def department(sonsonate):
    return sonsonate.parent


def square(west, south, size=0.1):
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def geojson(tmp_path):
    def write(*pairs):
        path = tmp_path / "outlines.geojson"
        features = [
            {"type": "Feature", "properties": properties, "geometry": geometry}
            for properties, geometry in pairs
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    return write


@pytest.fixture
def table(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def load(file, parent, kind=PlaceKind.MUNICIPALITY, fields=None):
    return actions.import_boundaries(
        by=BY,
        file=file,
        kind=kind,
        parent=parent,
        fields=fields or PlaceFields("name", "code"),
        origin=ORIGIN,
    )


def test_outlines_find_the_places_that_stand_and_make_the_others(geojson, department):
    file = geojson(
        ({"name": "Sonsonate"}, square(-89.8, 13.6)),
        ({"name": "Juayúa", "code": "SV1306"}, square(-89.7, 13.6)),
    )

    load(file, department)

    assert Place.objects.get(path=SONSONATE).boundary.licence == "CC0"
    assert Place.objects.get(path="sv/sonsonate/juayua").official_code == "SV1306"


def test_a_new_spelling_in_the_file_keeps_path_and_name(geojson, department):
    load(geojson(({"name": "Acajutla", "code": "7"}, square(-89.8, 13.6))), department)

    load(geojson(({"name": "Pto. Acajutla", "code": "7"}, square(-89.8, 13.6))),
         department)  # fmt: skip

    assert Place.objects.get(official_code="7").path == ACAJUTLA
    assert Place.objects.get(path=ACAJUTLA).name == "Acajutla"


def test_the_plan_says_what_is_new_and_what_is_replaced(geojson, department):
    load(geojson(({"name": "Sonsonate"}, square(-89.8, 13.6))), department)
    file = geojson(
        ({"name": "Sonsonate"}, square(-89.8, 13.6)),
        ({"name": "Acajutla"}, square(-89.9, 13.6)),
    )

    plan = plans.plan_boundaries(
        file, PlaceKind.MUNICIPALITY, department, PlaceFields("name")
    )

    assert (plan.new, plan.replaced, plan.problems) == (1, 1, [])


def test_one_outline_without_a_name_refuses_the_whole_file(geojson, department):
    file = geojson(
        ({"name": "Sonsonate"}, square(-89.8, 13.6)),
        ({"NOMBRE": "x"}, square(-89.7, 13.6)),
    )

    with pytest.raises(BoundaryError, match=r"Outline 2 has no name.*NOMBRE"):
        load(file, department)

    assert not Boundary.objects.exists()


def test_an_outline_of_an_unknown_department_is_named(geojson, department):
    file = geojson(({"name": "X", "department": "Atlantis"}, square(-89.8, 13.6)))

    with pytest.raises(BoundaryError, match="“Atlantis”, which is not in El Salvador"):
        load(file, department.parent, fields=PlaceFields("name", "", "department"))


def test_two_outlines_of_one_name_are_refused(geojson, department):
    file = geojson(
        ({"name": "Izalco"}, square(-89.8, 13.6)),
        ({"name": "IZALCO"}, square(-89.6, 13.6)),
    )

    with pytest.raises(BoundaryError, match="Outlines 1 and 2 are both named"):
        load(file, department)


def test_exchanged_degrees_are_recognised_by_where_the_place_lies(geojson, department):
    load(geojson(({"name": "Sonsonate"}, square(-89.8, 13.6))), department)

    with pytest.raises(BoundaryError, match=r"Outline 1 \(Acajutla\).*exchanged"):
        load(geojson(({"name": "Acajutla"}, square(13.6, -89.9))), department)


def test_an_outline_on_another_continent_is_refused(geojson, department):
    load(geojson(({"name": "Sonsonate"}, square(-89.8, 13.6))), department)

    with pytest.raises(BoundaryError, match="lies far from Sonsonate"):
        load(geojson(({"name": "Acajutla"}, square(-3.7, 40.4))), department)


def test_outlines_that_cover_each_other_are_a_warning(geojson, department):
    file = geojson(
        ({"name": "Sonsonate"}, square(-89.8, 13.6)),
        ({"name": "Acajutla"}, square(-89.85, 13.6)),
    )

    plan = plans.plan_boundaries(
        file, PlaceKind.MUNICIPALITY, department, PlaceFields("name")
    )

    assert plan.problems == []
    assert "by 50 % of the smaller" in plan.warnings[0]


def test_neighbours_that_share_a_line_are_no_warning(geojson, department):
    file = geojson(
        ({"name": "Sonsonate"}, square(-89.8, 13.6)),
        ({"name": "Acajutla"}, square(-89.9, 13.6)),
    )

    plan = plans.plan_boundaries(
        file, PlaceKind.MUNICIPALITY, department, PlaceFields("name")
    )

    assert plan.warnings == []


def test_a_bare_geometry_becomes_the_outline_of_the_place_itself(tmp_path, sonsonate):
    file = tmp_path / "own.geojson"
    file.write_text(json.dumps(square(-89.8, 13.6)))

    load(file, sonsonate, PlaceKind.ZONE, PlaceFields(""))

    assert Boundary.objects.get().place == sonsonate


def test_population_is_read_by_path_and_by_name_in_either_language(table, sonsonate):
    file = table("Lugar;Año;Sexo;Población\n" f"{SONSONATE};2007;Mujeres;37.424\n"
                 "ACAJUTLA;2007;total;52359\n", "cp1252")  # fmt: skip

    count = actions.import_population(by=BY, file=file, origin=ORIGIN)

    assert count == 2
    figures = Population.objects.values_list("place__path", "sex", "persons")
    assert set(figures) == {(SONSONATE, "female", 37424), (ACAJUTLA, "all", 52359)}


@pytest.mark.parametrize(
    ("written", "persons"),
    [
        ("71541", 71541),
        ("71541.0", 71541),
        ("53.000", 53000),
        ("53,000", 53000),
        ("1.234.567", 1234567),
        ("71 541", 71541),
        ("71\u202f541", 71541),
        ("0", 0),
    ],
)
def test_persons_are_read_as_spreadsheets_show_them(table, sonsonate, written, persons):
    file = table(f"place;year;persons\n{SONSONATE};2007;{written}\n")

    actions.import_population(by=BY, file=file, origin=ORIGIN)

    assert Population.objects.get().persons == persons


def test_population_is_read_from_a_workbook(tmp_path, sonsonate):
    file = tmp_path / "population.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["place", "year", "persons"])
        sheet.write_row(1, 0, [SONSONATE, 2007, 71541])

    actions.import_population(by=BY, file=file, origin=ORIGIN)

    assert Population.objects.get().persons == 71541


def test_a_second_reading_replaces_and_the_plan_says_what_stays(table, sonsonate):
    first = table(f"place,year,persons\n{SONSONATE},2007,71541\n{ACAJUTLA},2007,5\n")
    actions.import_population(by=BY, file=first, origin=ORIGIN)
    again = table(
        f"place,year,persons\n{SONSONATE},2007,71541\n{ACAJUTLA},2007,52359\n"
    )

    plan = plans.plan_population(again, "", ORIGIN.source)
    actions.import_population(by=BY, file=again, origin=ORIGIN)

    assert (plan.new, plan.replaced, plan.unchanged) == (0, 1, 1)
    assert Population.objects.get(place__path=ACAJUTLA).persons == 52359


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Atlantis,2007,5,all", "Row 2, column place: .*“Atlantis”"),
        (f"{SONSONATE},20O7,5,all", "Row 2, column year: “20O7” .* four digits"),
        (f"{SONSONATE},2007,many,all", "Row 2, column persons: “many” .* 71541"),
        (f"{SONSONATE},2007,-5,all", "Row 2, column persons: “-5”"),
        (f"{SONSONATE},2007,5,x", "Row 2, column sex: “x” is no sex"),
        (f"{SONSONATE},2007,5,\n{SONSONATE},2007,6,", "Row 3 repeats .* row 2"),
    ],
)
def test_a_bad_row_refuses_the_file_naming_row_column_and_form(
    table, sonsonate, row, sentence
):
    file = table(f"place,year,persons,sex\n{row}\n")

    with pytest.raises(PlaceFileError, match=sentence):
        actions.import_population(by=BY, file=file, origin=ORIGIN)

    assert not Population.objects.exists()


def test_figures_of_a_place_outside_are_refused(table, sonsonate):
    file = table(f"place,year,persons\n{ACAJUTLA},2007,52359\n")

    with pytest.raises(PlaceFileError, match="Row 2, column place"):
        actions.import_population(by=BY, file=file, origin=ORIGIN, within=SONSONATE)


@pytest.mark.parametrize("content", ["", "\x00\x01", "a,b\n1,2\n"])
def test_what_is_no_table_of_population_is_refused(table, sonsonate, content):
    with pytest.raises(PlaceFileError):
        actions.import_population(by=BY, file=table(content), origin=ORIGIN)


def test_a_gazetteer_is_read_in_spanish(table, sonsonate):
    file = table("Nombre;Tipo;Longitud;Latitud\nBarrio El Ángel;barrio;-89,7256;13,72\n"
                 "Parque Central;punto de referencia;-89,7241;13,7189\n")  # fmt: skip

    actions.import_gazetteer(by=BY, file=file, municipality=sonsonate, origin=ORIGIN)

    kinds = GazetteerEntry.objects.values_list("name", "kind", "latitude")
    assert set(kinds) == {
        ("Barrio El Ángel", "neighbourhood", 13.72),
        ("Parque Central", "landmark", 13.7189),
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("A,school,-89.7,13.7", "Row 2, column kind: .*“school”"),
        ("A,landmark,west,13.7", "Row 2, column longitude: “west”"),
        ("A,landmark,-89.7,137", "Row 2, column latitude: “137”"),
        (",landmark,-89.7,13.7", "Row 2, column name"),
    ],
)
def test_a_bad_gazetteer_row_is_named(table, sonsonate, row, sentence):
    file = table(f"name,kind,longitude,latitude\n{row}\n")

    with pytest.raises(PlaceFileError, match=sentence):
        actions.import_gazetteer(
            by=BY, file=file, municipality=sonsonate, origin=ORIGIN
        )

    assert not GazetteerEntry.objects.exists()


def test_every_import_leaves_one_readable_entry(table, sonsonate):
    file = table(f"place,year,persons\n{SONSONATE},2007,71541\n")
    before = AuditEntry.objects.count()

    actions.import_population(by=BY, file=file, origin=ORIGIN)

    assert AuditEntry.objects.count() == before + 1
    assert str(AuditEntry.objects.first()) == "Convive loaded 1 population figures"
