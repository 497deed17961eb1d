"""One's own municipality among those of a panel whose rates are known by hand."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date

import numpy as np
import pytest
from django.urls import reverse
from django.utils import translation

from convive.core.actors import System
from convive.incidents import importing
from convive.incidents.actions import Claim, Order
from convive.observatory.models import Panel, PanelFigure, Release
from convive.observatory.panel import compute
from convive.observatory.panel.actions import PanelFacts, import_panel
from convive.observatory.panel.compute import OwnYear
from convive.observatory.panel.reading import PanelFileError
from convive.observatory.panel.tests.small_panel import UNITS, make_small_panel
from convive.places.actions import save_population
from convive.places.tests.sonsonate import SONSONATE, make_sonsonate

FACTS = PanelFacts("Test", "a test", "CC0")
YEAR_OF_OWN = "since=2009-01&until=2009-12"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def table(db):
    return compute.table_of(make_small_panel())


def own(count, population=100_000):
    return OwnYear(2009, count, population, True, False, False)


def test_the_bands_are_the_percentiles_of_the_rates(table):
    (_before, band) = compute.bands(table)

    # Rates 1 to 40: the middle lies between 20 and 21.
    assert band.units == UNITS
    assert band.percentiles[2] == pytest.approx(20.5)
    assert band.percentiles[0] == pytest.approx(2.95)
    assert band.percentiles[4] == pytest.approx(38.05)


def test_only_places_of_half_to_double_the_population_are_kept(table):
    (band,) = compute.bands(table, {2009: 200_000.0})
    (none,) = compute.bands(table, {2009: 250_000.0})

    assert band.units == UNITS
    assert (none.units, none.percentiles) == (0, None)


def test_a_place_far_above_the_middle_is_said_to_be_above(table):
    found = compute.standing(table, own(60), None)

    assert found.is_above
    assert found.at == 100


def test_a_place_without_incidents_is_said_to_be_below(table):
    found = compute.standing(table, own(0), None)

    # Garwood's upper limit of 0 is 3.69, under the middle of 20.5.
    assert found.is_below
    assert found.at == 0
    assert found.high == pytest.approx(100 * 3 / UNITS)


def test_a_place_whose_interval_takes_in_the_median_is_neither(table):
    found = compute.standing(table, own(25), None)

    assert (found.is_above, found.is_below) == (False, False)


def test_the_funnel_stands_on_all_events_over_all_residents(table):
    funnel = compute.funnel(table, 2009)

    assert funnel.mean == pytest.approx(20.5)
    # Around 20.5 of 100,000, the 95 % limits lie near 12 and 30.
    assert funnel.zone[list(funnel.count).index(20)] == 0
    assert funnel.zone[list(funnel.count).index(1)] == -2
    assert funnel.zone[list(funnel.count).index(40)] == 2


def test_unknown_figures_are_left_out_and_not_taken_for_zero(table):
    PanelFigure.objects.filter(code="00001", year=2009).update(count=None)
    PanelFigure.objects.filter(code="00002", year=2009).update(population=None)
    compute._table.cache_clear()

    band = compute.bands(compute.table_of(Panel.objects.get()))[1]

    assert band.units == UNITS - 2


@pytest.fixture
def write(tmp_path):
    def write_rows(*rows, heading="code,name,year,count,population"):
        path = tmp_path / "panel.csv"
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        return path

    return write_rows


@pytest.mark.django_db
def test_a_panel_is_read_in_spanish_with_blanks_kept_blank(write):
    file = write(
        "05001;Medellín;1990;3924;1688394", "05002;Abejorral;1990;NaN;",
        heading="código;municipio;año;homicidios;población",
    )  # fmt: skip

    panel = import_panel(by=System(), file=file, facts=FACTS)

    rows = panel.figures.order_by("code").values_list("name", "count", "population")
    assert list(rows) == [("Medellín", 3924, 1688394), ("Abejorral", None, None)]


@pytest.mark.django_db
def test_loading_a_panel_again_puts_it_in_the_stead_of_the_first(write):
    import_panel(by=System(), file=write("1,A,1990,3,100"), facts=FACTS)

    import_panel(by=System(), file=write("1,A,1990,4,100"), facts=FACTS)

    assert PanelFigure.objects.get().count == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1,A,199O,3,100", "Row 2, column year: “199O”"),
        ("1,A,1990,some,100", "Row 2, column count: “some”"),
        ("1,A,1990,3,-100", "Row 2, column population: “-100”"),
        (",A,1990,3,100", "Row 2: the code or the name is missing"),
        ("1,A,1990,3,100\n1,A,1990,4,100", "Row 3 repeats the code and year of row 2"),
    ],
)
def test_a_bad_row_refuses_the_panel_with_a_sentence(write, row, sentence):
    with pytest.raises(PanelFileError, match=sentence):
        import_panel(by=System(), file=write(row), facts=FACTS)

    assert not Panel.objects.exists()


@pytest.mark.django_db
def test_missing_columns_are_named(write):
    with pytest.raises(PanelFileError, match="population"):
        import_panel(by=System(), file=write("1", heading="code"), facts=FACTS)


@pytest.fixture
def programme(db, tmp_path):
    """Sonsonate with 60 homicides in 2009 among 100,000, beside the hand-made panel."""
    place = make_sonsonate()
    save_population(
        by=System(), place=place, year=2009, persons=100_000, source="a test"
    )
    file = tmp_path / "incidents.csv"
    days = [f"{1 + n % 28:02}/{1 + n % 12:02}/2009" for n in range(60)]
    lines = [f"{n};{day};Homicidio;{SONSONATE}" for n, day in enumerate(days)]
    file.write_text("Expediente;Fecha;Delito;Nota\n" + "\n".join(lines) + "\n")
    from convive.incidents.actions import TermRow, save_crosswalk

    save_crosswalk(by=System(), country_path="sv", terms=[TermRow("Homicidio", "0101")])
    claim = Claim(since=date(2009, 1, 1), until=date(2009, 12, 31))
    importing.run_import(by=System(), order=Order(file, SONSONATE, "pnc", claim=claim))
    make_small_panel()


def ask(client, query="", name="observatory:panel", **kwargs):
    client.cookies["django_language"] = "en"
    address = reverse(name, kwargs=kwargs)
    return client.get(f"{address}?where={SONSONATE}&what=0101&{YEAR_OF_OWN}&{query}")


def test_the_page_says_where_the_place_stands(client_of, programme):
    page = ask(client_of("bruno"))

    (row,) = page.context["page"].rows
    assert (row.count, row.rate) == ("60", "60.0")
    assert "Above the middle" in row.words
    assert "higher than that of some 100 in 100" in row.words


def test_another_offence_is_said_not_to_be_compared(client_of, programme):
    client = client_of("bruno")
    client.cookies["django_language"] = "en"

    address = reverse("observatory:panel")
    page = client.get(f"{address}?where={SONSONATE}&what=0401&{YEAR_OF_OWN}")

    assert "The panel holds only" in page.content.decode()


def test_years_outside_the_panel_are_said_not_to_overlap(client_of, programme):
    client = client_of("bruno")
    client.cookies["django_language"] = "en"

    address = reverse("observatory:panel")
    page = client.get(f"{address}?where={SONSONATE}&since=2015-01&until=2015-12")

    assert "none of the years you chose" in page.content.decode()


def test_a_small_count_is_withheld_from_who_may_not_see_it(
    client_of, programme, tmp_path
):
    from convive.incidents.models import Batch

    importing.undo_import(by=System(), batch=Batch.objects.get())
    file = tmp_path / "few.csv"
    file.write_text("Expediente;Fecha;Delito\na;01/02/2009;Homicidio\n")
    claim = Claim(since=date(2009, 1, 1), until=date(2009, 12, 31))
    importing.run_import(by=System(), order=Order(file, SONSONATE, "pnc", claim=claim))

    leader = ask(client_of("fatima")).context["page"]
    analyst = ask(client_of("bruno")).context["page"]

    assert (leader.rows[0].count, leader.rows[0].rate) == ("withheld", "–")
    assert leader.funnel.own is None
    assert analyst.rows[0].count == "1"


def test_one_of_the_panels_places_is_found_and_shown(client_of, programme):
    page = ask(client_of("bruno"), "q=pueblo+7&unit=00007").context["page"]

    assert page.found[0].name == "Pueblo 7"
    assert [year.rate for year in page.unit.years] == ["7.0", "7.0"]


@pytest.mark.parametrize("table", ["years", "funnel", "unit"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx", "svg", "png"])
def test_each_download_enters_the_ledger(client_of, programme, table, file_format):
    answer = ask(client_of("bruno"), "unit=00007", "observatory:panel_download",
                 table=table, file_format=file_format)  # fmt: skip

    release = Release.objects.get()
    assert answer.status_code == 200
    assert (release.table, release.file_format) == (f"panel-{table}", file_format)
    assert release.batches


def test_the_file_holds_every_municipality_and_the_licence(client_of, programme):
    answer = ask(client_of("bruno"), "", "observatory:panel_download", table="funnel",
                 file_format="csv")  # fmt: skip

    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len([row for row in rows if row and row[0].startswith("000")]) == UNITS
    assert "CC0" in text


def test_the_shipped_panel_agrees_with_its_own_rates():
    """Bogotá in 1993, and the number of municipalities, by plain reading."""
    from pathlib import Path

    path = Path(__file__).parents[5] / "demo/panels/colombia_homicides.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 1_122 * 24
    assert {int(row["year"]) for row in rows} == set(range(1990, 2014))
    first = next(r for r in rows if (r["code"], r["year"]) == ("05001", "1990"))
    rate = 100_000 * int(first["count"]) / int(first["population"])
    # As the source prints it for Medellín.
    assert rate == pytest.approx(232.410207570034, rel=1e-12)
    assert np.sum([row["count"] == "" for row in rows]) == 1_734
