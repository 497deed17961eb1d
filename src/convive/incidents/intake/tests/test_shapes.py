"""Files in the shapes offices send them, and the exact records read from each."""

import gzip
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter

from convive.incidents.intake import read_sheet
from convive.incidents.intake.tests.workbooks import ods, ods_cell, ods_row

FIRST = (date(2009, 3, 5), 870, "0101", "female", 31, "sv/sonsonate/acajutla")
SECOND = (date(2009, 4, 6), None, "unclassified", "unknown", None, FIRST[5])
FIELDS = ("occurred_on", "occurred_minute", "iccs", "victim_sex", "victim_age",
          "municipality")  # fmt: skip


def said(checked):
    assert not checked.rejected, checked.rejected
    return [tuple(row[f] for f in FIELDS) for row in checked.accepted.to_pylist()]


TEXTS = {
    "commas": "Fecha,Hora,Delito,Sexo,Edad,Municipio\n"
    "05/03/2009,14:30,Homicidio,F,31,Acajutla\n06/04/2009,,Abigeato,ND,,Acajutla\n",
    "semicolons and Windows line ends": "Fecha;Hora;Delito;Sexo;Edad;Municipio\r\n"
    "5/3/09;2:30 p.m.;HOMICIDIO;Mujer;31 años;ACAJUTLA\r\n"
    "6/4/09;ND;Abigeato;;;Acajutla\r\n",
    "tabs, times beside the date": "Fecha y hora\tDelito\tSexo\tEdad\tMunicipio\n"
    "05/03/2009 14:30\tHomicidio\tF\t31\tAcajutla\n"
    "06/04/2009\tAbigeato\tno consta\tND\tAcajutla\n",
    "month names": "FECHA,HORA,DELITO,SEXO,EDAD,MUNICIPIO\n"
    "5 de marzo de 2009,14h30,Homicidio,femenino,31,Acajutla\n"
    "06-abr-09,,Abigeato,x,,Acajutla\n",
    "date in three columns": "Día,Mes,Año,Hora,Delito,Sexo,Edad,Municipio\n"
    "5,marzo,2009,1430,Homicidio,F,31,Acajutla\n6,4,2009,,Abigeato,ND,,Acajutla\n",
    "serial days": "Fecha,Hora,Delito,Sexo,Edad,Municipio\n"
    "39877,0.604166667,Homicidio,F,31.0,Acajutla\n39909,,Abigeato,ND,,Acajutla\n",
    "titles, two rows of headings, subtotals, empty columns": ",,,,,,,\n"
    "POLICÍA NACIONAL CIVIL,,,,,,,\nHechos de 2009,,,,,,,\n"
    "Hecho,,,Víctima,,Lugar,,\nFecha,Hora,Delito,Sexo,Edad,Municipio,,\n"
    "05/03/2009,14:30,Homicidio,F,31,Acajutla,,\nSub-total,1,,,,,,\n,,,,,,,\n"
    "06/04/2009,,Abigeato,ND,,Acajutla,,\nTOTAL GENERAL,2,,,,,,\n"
    "Fuente: PNC,,,,,,,\n",
    "old Macintosh line ends": "Fecha,Hora,Delito,Sexo,Edad,Municipio\r"
    "05/03/2009,14:30,Homicidio,F,31,Acajutla\r06/04/2009,,Abigeato,ND,,Acajutla\r",
    "marks of writing direction": "\ufeffFecha,Hora,Delito,Sexo,Edad,Municipio\n"
    "\u200e05\u200e/\u200e03\u200e/\u200e2009,14:30,Homicidio,F,31,Acajutla\n"
    "06/04/2009,,Abigeato,ND,,\u202aAcajutla\u202c\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_files(name, intake):
    checked = intake(TEXTS[name])

    assert checked.read == 2
    assert said(checked) == [FIRST, SECOND]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-16-le",
                                      "utf-16-be"])  # fmt: skip
def test_encodings(encoding, intake):
    text = TEXTS["month names"].replace("DELITO", "Calificación")

    assert said(intake(text, encoding=encoding)) == [FIRST, SECOND]


def test_a_few_damaged_bytes_leave_a_file_of_accents_in_utf8(intake):
    line = "05/03/2009,Lesión,Acajutla,Peñón áéíóú\n" * 20
    content = ("Fecha,Delito,Municipio,Lugar\n" + line).encode() + b"06/04/2009,\xff,"
    content += b"Acajutla,x\n"

    checked = intake(content)

    assert checked.accepted["offence_text"].to_pylist()[0] == "Lesión"


def test_a_compressed_text_file(intake):
    packed = gzip.compress(TEXTS["commas"].encode())

    assert said(intake(packed, name="hechos.csv.gz")) == [FIRST, SECOND]


def test_decimal_commas_of_coordinates(intake):
    text = "Fecha;Delito;Longitud;Latitud\n05/03/2009;Homicidio;-89,5;13,5\n"

    (row,) = intake(text).accepted.to_pylist()

    assert (row["longitude"], row["latitude"]) == (-89.5, 13.5)


def workbook(path):
    """Three sheets; the second holds the records below titles and merged cells."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        clock = book.add_format({"num_format": "hh:mm"})
        book.add_worksheet("Portada").write(0, 0, "Informe de 2009")
        page = book.add_worksheet("Hechos")
        page.write(0, 0, "POLICÍA NACIONAL CIVIL")
        page.merge_range(2, 0, 2, 1, "Ocurrencia")
        page.merge_range(2, 3, 2, 4, "Víctima")
        head = ["Fecha", "Hora", "Delito", "Sexo", "Edad", "Municipio", ""]
        page.write_row(3, 0, head)
        page.write_datetime(4, 0, datetime(2009, 3, 5), day)
        page.write_datetime(4, 1, time(14, 30), clock)
        page.write_row(4, 2, ["Homicidio", "F", 31, "Acajutla"])
        page.write_datetime(6, 0, datetime(2009, 4, 6), day)
        page.write_row(6, 2, ["Abigeato", "ND", "", "Acajutla"])
        page.write_row(7, 0, ["Total", 2])
        book.add_worksheet("Notas").write(0, 0, "Cifras preliminares")


def test_a_workbook_of_several_sheets(intake, tmp_path):
    workbook(tmp_path / "x.xlsx")

    checked = intake((tmp_path / "x.xlsx").read_bytes(), name="hechos.xlsx")
    sheet = read_sheet(tmp_path / "x.xlsx")

    assert said(checked) == [FIRST, SECOND]
    assert sheet.name == "Hechos"
    assert sheet.row_numbers.to_list() == [5, 7]
    assert sheet.skipped == {"title": 3, "blank": 1, "summary": 1}


def test_an_open_document_spreadsheet(intake):
    head = ods_row("Fecha", "Hora", "Delito", "Sexo", "Edad", "Municipio")
    first = ods_row(
        ods_cell("05/03/09", "date", **{"date-value": "2009-03-05"}),
        ods_cell("14:30", "time", **{"time-value": "PT14H30M00S"}),
        "Homicidio",
        "F",
        ods_cell("31", "float", value="31"),
        "Acajutla",
    )
    second = ods_row("06/04/2009", "", "Abigeato", "ND", "", "Acajutla")

    content = ods(Portada=ods_row("Informe"), Hechos=head + first + second)

    assert said(intake(content, name="hechos.ods")) == [FIRST, SECOND]


def test_dates_with_a_time_are_read_the_same_when_there_are_very_many(intake):
    moments = (datetime(2009, 3, 1) + timedelta(seconds=10 * n) for n in range(25_920))
    days = [moment.strftime("%d/%m/%Y %H:%M:%S") for moment in moments]
    odd = ["5 de marzo de 2009", "6/3/2009 1:05", "2009-03-07T23:59", "ayer"]
    head = "Fecha,Delito,Municipio\n"
    text = head + "".join(f"{day},Homicidio,Acajutla\n" for day in [*days, *odd])

    checked = intake(text)

    rows = checked.accepted.to_pylist()
    assert len(days) > 20_000
    assert rows[0]["occurred_on"] == date(2009, 3, 1)
    assert rows[0]["occurred_minute"] == 0
    assert rows[len(days) - 1]["occurred_minute"] == 24 * 60 - 1
    assert [(r["occurred_on"].day, r["occurred_minute"]) for r in rows[-3:]] == [
        (5, None), (6, 65), (7, 1439),
    ]  # fmt: skip
    assert [r.problems[0].value for r in checked.rejected] == ["ayer"]
