"""Names as offices write them find their municipality."""

from __future__ import annotations

import pytest

from convive.core.actors import System
from convive.places.actions import add_spelling, save_place
from convive.places.compute import find_places, municipality_names
from convive.places.models import Place, PlaceKind
from convive.places.names import place_key


def add(path, kind, name):
    parent = Place.objects.filter(path=path.rpartition("/")[0]).first()
    return save_place(by=System(), kind=kind, name=name, parent=parent, path=path)


@pytest.fixture
def country(db):
    add("sv", PlaceKind.COUNTRY, "El Salvador")
    for department, towns in {
        "Sonsonate": ("Sonsonate", "Sonzacate", "Acajutla", "San Julián",
                      "Santa Catarina Masahuat", "Santo Domingo de Guzmán"),
        "La Paz": ("El Rosario", "San Pedro Masahuat"),
        "Cuscatlán": ("El Rosario",),
        "La Libertad": ("Ciudad Arce", "Nueva San Salvador"),
    }.items():  # fmt: skip
        above = f"sv/{place_key(department).replace(' ', '-')}"
        add(above, PlaceKind.DEPARTMENT, department)
        for town in towns:
            path = f"{above}/{place_key(town).replace(' ', '-')}"
            add(path, PlaceKind.MUNICIPALITY, town)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("Sta. Catarina Masahuat", "sv/sonsonate/santa-catarina-masahuat"),
        ("STA.CATARINA MASAHUAT", "sv/sonsonate/santa-catarina-masahuat"),
        ("SONZACATE", "sv/sonsonate/sonzacate"),
        ("Acajutla.", "sv/sonsonate/acajutla"),
        ("  acajutla ", "sv/sonsonate/acajutla"),
        ("San Julián", "sv/sonsonate/san-julian"),
        ("San Julian", "sv/sonsonate/san-julian"),
        ("S. Julián", "sv/sonsonate/san-julian"),
        ("SN JULIAN", "sv/sonsonate/san-julian"),
        ("Sto. Domingo de Guzmán", "sv/sonsonate/santo-domingo-de-guzman"),
        ("Cd. Arce", "sv/la-libertad/ciudad-arce"),
        ("Nva. San Salvador", "sv/la-libertad/nueva-san-salvador"),
        ("Municipio de Acajutla", "sv/sonsonate/acajutla"),
        ("Alcaldía Municipal de Sonsonate", "sv/sonsonate/sonsonate"),
        ("Acajutla, Depto. de Sonsonate", "sv/sonsonate/acajutla"),
        ("Acajutla (Sonsonate)", "sv/sonsonate/acajutla"),
        ("El Rosario, La Paz", "sv/la-paz/el-rosario"),
        ("El Rosario, Cuscatlán", "sv/cuscatlan/el-rosario"),
    ],
)
def test_a_usual_writing_means_one_municipality(country, written, path):
    assert municipality_names("sv").get(place_key(written)) == path


def test_a_name_that_two_share_means_neither(country):
    assert place_key("El Rosario") not in municipality_names("sv")


def test_a_spelling_that_was_added_is_understood_with_abbreviations(country):
    place = Place.objects.get(path="sv/la-libertad/nueva-san-salvador")

    add_spelling(by=System(), place=place, name="Santa Tecla")

    assert municipality_names("sv")[place_key("Sta. Tecla")] == place.path


@pytest.mark.parametrize(
    "asked", ["masahuat", "Sta. Catarina", "santa cat", "Mazahuat"]
)
def test_the_search_finds_parts_and_misspellings(country, asked):
    names = [place.name for place in find_places(asked)]

    assert "Santa Catarina Masahuat" in names or "San Pedro Masahuat" in names


def test_the_search_puts_the_whole_name_first(country):
    names = [place.name for place in find_places("sonsonate")]

    assert names[:2] == ["Sonsonate", "Sonsonate"]


def test_an_empty_search_finds_nothing(country):
    assert find_places(" .,") == []
