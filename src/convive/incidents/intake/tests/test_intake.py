from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from convive.incidents.intake import (
    IntakeError,
    Mapping,
    check,
    read_sheet,
    recognise,
)
from convive.incidents.intake.dates import decide_order, parse_date, parse_time


def intake(path, reference):
    sheet = read_sheet(path)
    return check(sheet, recognise(sheet), reference)


def rows_of(checked):
    return checked.accepted.to_pylist()


def written(tmp_path, text, encoding="utf-8") -> Path:
    path = tmp_path / "hechos.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_encoding_and_delimiter_reads_the_same(
    encoding, delimiter, tmp_path, reference
):
    lines = ["Fecha;Delito;Municipio;Lugar", "05/03/2009;Homicidio;Acajutla;Peñón"]
    text = "\n".join(lines).replace(";", delimiter)

    row = rows_of(intake(written(tmp_path, text, encoding), reference))[0]

    assert row["occurred_on"] == date(2009, 3, 5)
    assert row["iccs"] == "0101"
    assert row["municipality"] == "sv/sonsonate/acajutla"
    assert row["location_text"] == "Peñón"


def test_titles_subtotals_and_repeated_headers_are_not_counted_as_read(
    tmp_path, reference
):
    text = (
        "POLICÍA NACIONAL CIVIL,,,\nConsolidado 2009,,,\n\n"
        "Fecha,Delito,Municipio,\n"
        "05/03/2009,Homicidio,Acajutla,\n"
        "Subtotal marzo,1,,\n"
        "Fecha,Delito,Municipio,\n"
        "06/04/2009,Homicidio,Acajutla,\n"
        "TOTAL,2,,\nFuente: PNC,,,\n"
    )

    checked = intake(written(tmp_path, text), reference)

    assert (checked.read, checked.accepted.num_rows) == (2, 2)
    assert [row["source_row"] for row in rows_of(checked)] == [5, 8]


def test_a_workbook_with_a_merged_header_and_real_dates(tmp_path, reference):
    path = tmp_path / "hechos.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        clock = book.add_format({"num_format": "hh:mm"})
        page = book.add_worksheet("Datos")
        page.write(0, 0, "Informe mensual")
        page.merge_range(2, 0, 2, 1, "Hecho")
        page.merge_range(2, 3, 2, 4, "Víctima")
        page.write_row(3, 0, ["Fecha", "Hora", "Delito", "Sexo", "Edad", "Municipio"])
        page.write_datetime(4, 0, datetime(2010, 2, 1), day)
        page.write_datetime(4, 1, time(23, 15), clock)
        page.write_row(4, 2, ["Homicidio", "F", 31, "Sonsonate"])

    row = rows_of(intake(path, reference))[0]

    assert (row["occurred_on"], row["occurred_minute"]) == (date(2010, 2, 1), 1395)
    assert (row["victim_sex"], row["victim_age"]) == ("female", 31)
    assert row["age_group"] == "30-34"


def test_each_bad_cell_is_named_with_its_row_column_and_value(tmp_path, reference):
    text = (
        "Fecha,Delito,Municipio,Edad\n"
        "31/02/2009,Homicidio,Acajutla,20\n"
        "01/02/2009,Homicidio,Atlantis,200\n"
    )

    checked = intake(written(tmp_path, text), reference)

    first, second = checked.rejected
    assert (first.row_number, first.problems[0].column) == (2, "Fecha")
    assert first.problems[0].value == "31/02/2009"
    assert {problem.column for problem in second.problems} == {"Municipio", "Edad"}
    assert checked.read == 2
    assert first.raw["Delito"] == "Homicidio"


def test_a_point_outside_the_place_or_turned_round_is_refused(tmp_path, reference):
    text = (
        "fecha;delito;longitud;latitud\n"
        "01/02/2009;Homicidio;-89,5;13,5\n"
        "01/02/2009;Homicidio;13,5;-89,5\n"
        "01/02/2009;Homicidio;-99,1;19,4\n"
    )

    checked = intake(written(tmp_path, text), reference)

    assert rows_of(checked)[0]["precision"] == "coordinates"
    sentences = [rejected.problems[0].sentence for rejected in checked.rejected]
    assert "exchanged" in sentences[0]
    assert "outside" in sentences[1]


def test_projected_coordinates_are_recognised(tmp_path, reference):
    # 89.5 W, 13.5 N in UTM zone 16 north: by the official projection's inverse.
    text = "fecha,delito,x,y\n01/02/2009,Homicidio,229343,1493777\n"

    row = rows_of(intake(written(tmp_path, text), reference))[0]

    assert row["longitude"] == pytest.approx(-89.5, abs=0.01)
    assert row["latitude"] == pytest.approx(13.5, abs=0.01)


def test_unknown_is_a_value_and_a_missing_column_another(tmp_path, reference):
    text = (
        "fecha,delito,municipio,sexo\n"
        "01/02/2009,Homicidio,Acajutla,No consta\n"
        "02/02/2009,Homicidio,Acajutla,\n"
    )

    rows = rows_of(intake(written(tmp_path, text), reference))

    assert [row["victim_sex"] for row in rows] == ["unknown", "unknown"]
    assert rows[0]["mechanism"] == "not_recorded"


def test_an_unknown_offence_is_kept_and_counted(tmp_path, reference):
    text = "fecha,delito,municipio\n01/02/2009,Abigeato,Acajutla\n"

    checked = intake(written(tmp_path, text), reference)

    assert rows_of(checked)[0]["iccs"] == "unclassified"
    assert checked.unclassified == {"Abigeato": 1}


def test_a_term_says_the_mechanism_that_its_row_leaves_out(tmp_path, reference):
    text = "fecha,delito,municipio\n01/02/2009,Robo con arma de fuego,Acajutla\n"

    assert (
        rows_of(intake(written(tmp_path, text), reference))[0]["mechanism"] == "firearm"
    )


def test_victims_of_one_case_are_told_apart_and_a_repeat_is_refused(
    tmp_path, reference
):
    text = (
        "Expediente,fecha,delito,municipio,edad\n"
        "77,01/02/2009,Homicidio,Acajutla,20\n"
        "77,01/02/2009,Homicidio,Acajutla,31\n"
        "77,01/02/2009,Homicidio,Acajutla,20\n"
    )

    checked = intake(written(tmp_path, text), reference)

    assert [row["incident_id"] for row in rows_of(checked)] == ["77", "77/2"]
    assert [row["event_id"] for row in rows_of(checked)] == ["77", "77"]
    assert checked.rejected[0].row_number == 4
    assert checked.rejected[0].problems[0].facts == {"first": 2}


def test_the_same_rows_have_the_same_identity_in_any_order(tmp_path, reference):
    head = "fecha,delito,municipio,edad\n"
    lines = [f"01/02/2009,Homicidio,Acajutla,{age}\n" for age in (20, 20, 31)]

    def identities(text):
        return {
            (row["incident_id"], row["content_hash"])
            for row in rows_of(intake(written(tmp_path, text), reference))
        }

    assert identities(head + "".join(lines)) == identities(
        head + "".join(reversed(lines))
    )
    assert len(identities(head + "".join(lines))) == 3


def test_the_content_hash_is_the_same_for_ever(tmp_path, reference):
    text = "id,fecha,delito,municipio\n1,01/02/2009,Homicidio,Acajutla\n"
    again = "id,fecha,delito,municipio\n1,02/02/2009,Homicidio,Acajutla\n"

    first = rows_of(intake(written(tmp_path, text), reference))[0]["content_hash"]
    same = rows_of(intake(written(tmp_path, text), reference))[0]["content_hash"]
    other = rows_of(intake(written(tmp_path, again), reference))[0]["content_hash"]

    assert first == same != other


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "not a table"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x1f\x8b broken", "damaged"),
        (b"uno,dos\n1,2\n", "headings"),
        (b"fecha,municipio\n01/02/2009,Acajutla\n", "offence"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(
    content, words, tmp_path, reference
):
    path = tmp_path / "x.csv"
    path.write_bytes(content)

    with pytest.raises(IntakeError) as refused:
        intake(path, reference)

    assert words in refused.value.sentence % refused.value.facts


def test_a_bomb_is_refused_before_it_unpacks(tmp_path):
    import gzip

    path = tmp_path / "hechos.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 60_000_000))

    with pytest.raises(IntakeError) as refused:
        read_sheet(path)

    assert "more than is safe" in refused.value.sentence


def test_a_profile_survives_being_stored():
    mapping = Mapping({"date": "Fecha", "offence": "Delito"}, "dmy", "EPSG:32616")

    assert Mapping.from_json(mapping.to_json()) == mapping


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5/3/2009", date(2009, 3, 5)),
        ("05-03-09", date(2009, 3, 5)),
        ("2009-03-05", date(2009, 3, 5)),
        ("3 de marzo de 2009", date(2009, 3, 3)),
        ("03-mar-09", date(2009, 3, 3)),
        ("martes 3 de marzo de 2009", date(2009, 3, 3)),
        ("March 3, 2009", date(2009, 3, 3)),
        # Excel counts 1 January 2009 as day 39814.
        ("39814", date(2009, 1, 1)),
        ("1/2/75", date(1975, 2, 1)),
    ],
)
def test_dates_in_every_shape(text, expected):
    assert parse_date(text)[0] == expected


@pytest.mark.parametrize("text", ["31/02/2009", "ayer", "2009", "13/13/2009", ""])
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


def test_a_column_with_a_day_above_twelve_second_is_month_first():
    assert decide_order(["01/02/2009", "03/25/2009"]) == "mdy"
    assert decide_order(["01/02/2009", "03/04/2009"]) == "dmy"


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("14:30", 870),
        ("2:30 p.m.", 870),
        ("2:30 PM", 870),
        ("12:05 a. m.", 5),
        ("1430", 870),
        ("0.5", 720),
        ("14 horas", 840),
        ("25:00", None),
        ("tarde", None),
    ],
)
def test_times_in_every_shape(text, minute):
    assert parse_time(text) == minute


def test_a_sheet_keeps_the_row_numbers_of_the_file(tmp_path):
    sheet = read_sheet(written(tmp_path, "fecha,delito\n1/2/2009,a\n2/2/2009,b\n"))

    assert sheet.row_numbers.to_list() == [2, 3]
    assert isinstance(sheet.frame, pl.DataFrame)
