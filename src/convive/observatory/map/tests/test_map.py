"""The map as each of the cast sees it."""

import json
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import translation

from convive.observatory.map import drawing
from convive.observatory.map.presenters import State, present_areas
from convive.observatory.map.scope import choose_scope
from convive.observatory.map.tests.town import (
    ACAJUTLA,
    DEPARTMENT,
    HOMICIDES,
    IZALCO,
    JUAYUA,
    NOTE,
    RESIDENTS,
    SONSONATE,
    YEAR,
    make_town,
)
from convive.observatory.models import Release
from convive.observatory.selection import choose
from convive.places.models import Population

MURDERS = f"what=0101&where={DEPARTMENT}&{YEAR}"
ALL_OF_SONSONATE = f"where={SONSONATE}&what=&{YEAR}"
WINDOW = "bbox=-90,13,-89,14"


@pytest.fixture
def town(db):
    make_town()


@pytest.fixture
def shown_to(town, cast, rf):
    def show(name, query=MURDERS):
        request = rf.get(f"/?{query}")
        request.user, request.session = cast[name], {}
        selection = choose(request)
        scope = choose_scope(selection, request.GET)
        return present_areas(selection, scope, cast[name])

    return show


def by_path(shown):
    return {area.path: area for area in shown.areas}


def test_the_ministry_sees_each_count_and_its_exact_rate(shown_to):
    areas = by_path(shown_to("gabriel"))

    assert {path: area.count for path, area in areas.items()} == HOMICIDES
    # 12 in 10,000 resident-years; Garwood's limits of 12 are 6.2006 and 20.9616.
    own = areas[SONSONATE]
    assert own.rate == pytest.approx(12 / RESIDENTS * 100_000)
    assert own.lower == pytest.approx(62.006, abs=0.01)
    assert own.upper == pytest.approx(209.616, abs=0.01)
    assert areas[JUAYUA].state == State.ZERO


@pytest.mark.parametrize("name", ["delia", "emilio", "fatima"])
def test_a_small_count_is_withheld_with_the_one_that_would_give_it_away(shown_to, name):
    areas = by_path(shown_to(name))

    assert areas[ACAJUTLA].state == State.WITHHELD
    assert areas[IZALCO].state == State.WITHHELD
    assert (areas[ACAJUTLA].rate, areas[IZALCO].interval) == (None, "–")
    assert areas[SONSONATE].count == 12


@pytest.mark.parametrize("name", ["alicia", "bruno"])
def test_the_unit_knows_its_own_count_and_not_its_neighbours(shown_to, name):
    areas = by_path(shown_to(name))

    assert areas[SONSONATE].count == 12
    assert areas[ACAJUTLA].count is None


def test_carla_sees_the_small_count_of_her_own_municipality(shown_to):
    areas = by_path(shown_to("carla"))

    assert areas[ACAJUTLA].count == 3
    # What is left of the total is not small.
    assert areas[IZALCO].count == 7


@pytest.mark.parametrize("address", ["map", "map_areas", "csv", "geojson", "svg"])
def test_no_page_or_file_lets_a_reader_rebuild_a_withheld_count(
    town, client_of, address
):
    args = () if address.startswith("map") else ("areas", address)
    name = f"observatory:{address if not args else 'map_download'}"

    answer = client_of("fatima").get(f"{reverse(name, args=args)}?{MURDERS}")

    text = answer.content.decode()
    total = sum(HOMICIDES.values())
    assert answer.status_code == 200
    # 10 is the sum of the two withheld; neither 3, 7 nor their rates are anywhere.
    for rate in (30, 70):
        assert f"{rate},0" not in text
        assert f"{rate}.0" not in text
    assert total - 12 == HOMICIDES[ACAJUTLA] + HOMICIDES[IZALCO] >= 5


def test_a_withheld_place_has_no_class_and_the_legend_counts_every_place(shown_to):
    shown = shown_to("fatima")

    assert shown.styles[ACAJUTLA] == State.WITHHELD
    assert sum(row.size for row in shown.legend) == 4


def test_without_residents_the_map_shows_counts_and_says_so(shown_to):
    Population.objects.all().delete()

    with translation.override("en"):
        shown = shown_to("gabriel")

    assert not shown.is_rate
    assert shown.areas[0].upper == pytest.approx(20.9616, abs=0.001)
    assert any("the map shows counts" in said for said in shown.sentences)


def test_a_place_without_residents_among_others_is_hatched_not_zero(shown_to):
    Population.objects.filter(place__path=IZALCO).delete()

    areas = by_path(shown_to("gabriel"))

    assert areas[IZALCO].state == State.NO_POPULATION
    assert areas[IZALCO].count == 7


def test_months_that_no_file_covers_make_no_data(shown_to):
    shown = shown_to("gabriel", MURDERS.replace("2010-12", "2011-03"))

    assert {area.state for area in shown.areas} == {State.NO_DATA}
    assert [row.style for row in shown.legend] == [State.NO_DATA]


def test_a_municipality_without_zones_stands_among_its_neighbours(shown_to):
    shown = shown_to("alicia", ALL_OF_SONSONATE)

    assert shown.scope.around.path == DEPARTMENT
    assert [area.path for area in shown.areas if area.is_own] == [SONSONATE]
    assert shown.sentences


def test_a_country_may_be_drawn_by_municipality(shown_to):
    query = f"what=0101&where=sv&{YEAR}&parts=municipality"

    shown = shown_to("gabriel", query)

    assert {area.above for area in shown.areas} == {"Sonsonate"}


def test_what_lies_in_no_part_stands_in_the_table(shown_to):
    from convive.observatory.parts import unplaced

    shown = shown_to("gabriel", f"what=0101&where={SONSONATE}&{YEAR}")

    # The zones are not loaded: the map goes up to the department, where all is placed.
    assert unplaced(DEPARTMENT) not in by_path(shown)


def test_the_drawing_is_light_and_names_every_place(town, client_of):
    page = client_of("fatima").get(f"{reverse('observatory:map')}?{MURDERS}")

    text = page.content.decode()
    assert text.count("<title>") == 5  # the page's own, and four places
    assert "style=" not in text
    assert NOTE in text


def test_the_picture_is_a_drawing_with_title_legend_period_and_origin(town, client_of):
    address = reverse("observatory:map_download", args=("areas", "svg"))

    answer = client_of("gabriel").get(f"{address}?{MURDERS}")

    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    words = " ".join(root.itertext())
    assert "01/2010 – 12/2010" in words
    assert "OCHA · CC BY-SA" in words
    assert "n = " in words


def test_the_geojson_carries_source_period_and_limits(town, client_of):
    address = reverse("observatory:map_download", args=("areas", "geojson"))

    content = json.loads(client_of("gabriel").get(f"{address}?{MURDERS}").content)

    assert content["period"] == "01/2010 – 12/2010"
    assert content["boundary_sources"] == ["OCHA · CC BY-SA"]
    assert content["n"] == sum(HOMICIDES.values())
    found = {f["properties"]["path"]: f["properties"] for f in content["features"]}
    assert found[SONSONATE]["rate_per_100k"] == 120
    assert found[ACAJUTLA]["is_approximate_outline"]


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "geojson", "svg", "png"])
def test_every_file_is_entered_in_the_release_ledger(town, client_of, file_format):
    address = reverse("observatory:map_download", args=("areas", file_format))

    answer = client_of("fatima").get(f"{address}?{MURDERS}")

    release = Release.objects.get()
    assert answer.status_code == 200
    assert (release.table, release.file_format) == ("map-areas", file_format)
    assert (release.by_name, release.place_path) == ("fatima", DEPARTMENT)


def test_an_outline_keeps_its_shape_when_projected():
    import shapely

    sheet = drawing.project({"a": shapely.box(-90, 13, -89, 14)})

    # One degree each way: narrower than high by the cosine of 13.5 degrees.
    width, height = sheet.frame.width - 16, sheet.frame.height - 16
    assert width / height == pytest.approx(0.9724, abs=0.002)
    assert sheet.paths["a"].startswith("M")
    assert sheet.paths["a"].endswith("z")
