from datetime import date

import pytest
from pyproj import Transformer

from convive.incidents.intake import check, read_sheet, recognise
from convive.incidents.intake.coordinates import parse_coordinate
from convive.incidents.intake.gazetteer import NameIndex
from convive.incidents.intake.reference import Spot
from convive.incidents.intake.tests.conftest import make_reference
from convive.warehouse.schema import Precision

ACAJUTLA = "sv/sonsonate/acajutla"
HEAD = "fecha,delito,x,y\n"
ROW = "01/02/2009,Homicidio,{x},{y}\n"


def rows_and_notes(checked):
    assert not checked.rejected
    return checked.accepted.to_pylist(), [note.sentence for note in checked.notes]


# UTM, the Lambert cones of El Salvador and Mexico, and web Mercator.
@pytest.mark.parametrize("crs", ["EPSG:32616", "EPSG:5460", "EPSG:6372", "EPSG:3857"])
@pytest.mark.parametrize("is_exchanged", [False, True])
def test_a_projection_is_recognised_and_said(crs, is_exchanged, intake):
    project = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    pair = project.transform(-89.5, 13.5)
    x, y = reversed(pair) if is_exchanged else pair

    rows, notes = rows_and_notes(intake(HEAD + ROW.format(x=x, y=y) * 3))

    # Another datum of the same projection is some hundreds of metres off.
    assert rows[0]["longitude"] == pytest.approx(-89.5, abs=0.005)
    assert rows[0]["latitude"] == pytest.approx(13.5, abs=0.005)
    assert "read as" in notes[0]


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (13.5, -89.5, "exchanged in every row"),
        (89.5, 13.5, "lost their minus sign"),
        (13.5, 89.5, "exchanged and without minus"),
    ],
)
def test_what_is_wrong_in_every_row_is_put_right_and_said(x, y, words, intake):
    rows, notes = rows_and_notes(intake(HEAD + ROW.format(x=x, y=y) * 3))

    assert (rows[0]["longitude"], rows[0]["latitude"]) == (-89.5, 13.5)
    assert words in notes[0]


def test_what_is_wrong_in_some_rows_is_refused(intake):
    text = HEAD + ROW.format(x=-89.5, y=13.5) + ROW.format(x=89.5, y=13.5)

    checked = intake(text)

    assert checked.accepted.num_rows == 1
    assert checked.notes == ()
    assert "outside" in checked.rejected[0].problems[0].sentence


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("13° 30' 00\" N", 13.5),
        ("89°30'36\" O", -89.51),
        ("W 89 30.6", -89.51),
        ("-89º 30' 36''", -89.51),
        ("1.493.777,25", 1493777.25),
        ("1,493,777.25", 1493777.25),
        ("13.5N", 13.5),
    ],
)
def test_coordinates_as_people_write_them(text, degrees):
    assert parse_coordinate(text) == pytest.approx(degrees)


@pytest.mark.parametrize("text", ["norte", "13° 75' 00\"", "12/3", ""])
def test_what_is_no_coordinate_is_not_a_number(text):
    assert parse_coordinate(text) != parse_coordinate(text)


def named(tmp_path, text, **known):
    path = tmp_path / "hechos.csv"
    path.write_text(text, encoding="utf-8")
    sheet = read_sheet(path)
    return check(sheet, recognise(sheet), make_reference(**known))


SHARED = {
    "municipalities": {
        "el carmen sonsonate": "sv/sonsonate/el-carmen",
        "el carmen la union": "sv/la-union/el-carmen",
        "armenia": "sv/sonsonate/armenia",
    },
    "shared_names": frozenset({"el carmen"}),
    "municipality_locator": None,
}


def test_a_name_that_two_municipalities_share_needs_its_department(tmp_path):
    text = (
        "fecha,delito,departamento,municipio\n"
        "01/02/2009,Homicidio,La Unión,El Carmen\n"
        "01/02/2009,Homicidio,,El Carmen\n"
        "01/02/2009,Homicidio,,Armmenia\n"
    )

    checked = named(tmp_path, text, **SHARED)

    places = checked.accepted["municipality"].to_pylist()
    assert places == ["sv/la-union/el-carmen", "sv/sonsonate/armenia"]
    assert "Several municipalities" in checked.rejected[0].problems[0].sentence


def test_a_shared_name_beside_a_point_is_no_problem(tmp_path):
    text = "fecha,delito,lon,lat,municipio\n01/02/2009,Homicidio,-89.5,13.5,El Carmen\n"
    known = {"shared_names": frozenset({"el carmen"})}

    checked = named(tmp_path, text, **known)

    assert checked.accepted["municipality"].to_pylist() == [ACAJUTLA]


def spot(name, precision=Precision.NEIGHBOURHOOD, municipality=ACAJUTLA):
    return name, Spot(-89.5, 13.5, precision, municipality, None)


@pytest.fixture
def index():
    return NameIndex(
        [
            spot("Barrio El Ángel"),
            spot("Barrio El Centro"),
            spot("Colonia Santa Marta Norte"),
            spot("Colonia Santa Marta"),
            spot("Parque Central", Precision.LANDMARK),
            spot("Catedral", Precision.LANDMARK),
            spot("Mercado Municipal", Precision.LANDMARK),
            spot("Mercado Municipal", Precision.LANDMARK, "sv/sonsonate/izalco"),
        ]
    )


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("Frente al parque central", Precision.LANDMARK),
        ("costado norte de la Catedral, barrio El Ángel", Precision.LANDMARK),
        ("Bo. El Ángel, 2a calle pte", Precision.NEIGHBOURHOOD),
        ("Barrio El Anjel", Precision.NEIGHBOURHOOD),
        ("col. Santa Marta Norte pasaje 3", Precision.NEIGHBOURHOOD),
        ("frente al parqe central", Precision.LANDMARK),
        ("El Centro", Precision.NEIGHBOURHOOD),
    ],
)
def test_a_text_is_placed_with_its_precision(text, precision, index):
    assert index.match(text, "sv/sonsonate").precision == precision


@pytest.mark.parametrize(
    "text",
    [
        "centro de salud",  # 'centro' without 'barrio' is no barrio
        "entre barrio El Ángel y barrio El Centro",  # two answers
        "mercado municipal",  # in two municipalities
        "barrio El Angulo",  # two letters from El Ángel
        "calle a la playa",
        "",
    ],
)
def test_a_text_that_names_no_one_place_is_not_placed(text, index):
    assert index.match(text, "sv/sonsonate") is None


def test_a_name_counts_only_within_its_municipality(index):
    assert index.match("mercado municipal", ACAJUTLA).municipality == ACAJUTLA
    assert index.match("parque central", "sv/sonsonate/izalco") is None


def test_the_words_about_a_place_give_a_point_to_a_row_without_one(tmp_path, index):
    text = (
        "fecha,delito,municipio,lugar\n"
        "01/02/2009,Homicidio,Acajutla,frente al parque central\n"
        "01/02/2009,Homicidio,Acajutla,en algún lugar\n"
    )

    first, second = named(tmp_path, text, gazetteer=index).accepted.to_pylist()

    assert (first["longitude"], first["precision"]) == (-89.5, "landmark")
    assert (second["longitude"], second["precision"]) == (None, "municipality")
    assert first["occurred_on"] == date(2009, 2, 1)
