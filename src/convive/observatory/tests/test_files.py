from __future__ import annotations

import csv
import io
from datetime import date

import polars as pl
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from convive.observatory import downloads, files
from convive.observatory.models import Release
from convive.observatory.presenters import Table, present_about
from convive.observatory.tests.records import ask, in_months, record
from convive.places.tests.sonsonate import SONSONATE

YEAR = f"where={SONSONATE}&since=2009-01&until=2009-12"


@pytest.fixture
def months(db):
    counts = {(2009, month): 9 for month in range(1, 13)} | {(2009, 2): 3}
    record(
        in_months(counts, offence_text='=HYPERLINK("x")'),
        note="Nota del archivo",
        nature="simulated",
    )


@pytest.mark.parametrize(
    ("table", "file_format"),
    [
        (name, kind)
        for name, entry in downloads.TABLES.items()
        for kind in entry.formats
    ],
)
def test_every_file_says_source_period_and_vintage(months, cast, table, file_format):
    made = downloads.make(table, file_format, ask(), cast["bruno"])

    told = _words_in(made.content, file_format)
    if told is not None:
        for wanted in ("01/2009 – 12/2009", "PNC", "Nota del archivo"):
            assert wanted in told
        assert date.today().isoformat() in told  # noqa: DTZ011
    assert made.batches


def _words_in(content, file_format):
    """All words of a file; a PNG is only looked at for its mark."""
    if file_format == "png":
        assert content.startswith(b"\x89PNG")
        return None
    if file_format == "parquet":
        metadata = pq.read_schema(io.BytesIO(content)).metadata
        return " ".join(value.decode() for value in metadata.values())
    if file_format == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return str([book.get_sheet_by_index(i).to_python() for i in range(2)])
    return content.decode("utf-8-sig")


def test_the_same_months_stand_in_csv_xlsx_and_parquet(months, cast):
    made = {
        kind: downloads.make("series", kind, ask(), cast["bruno"]).content
        for kind in ("csv", "xlsx", "parquet")
    }

    rows = list(csv.reader(io.StringIO(made["csv"].decode("utf-8-sig"))))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made["xlsx"]))
    page = sheet.get_sheet_by_index(0).to_python()
    frame = pl.read_parquet(io.BytesIO(made["parquet"]))

    assert [int(row[1]) for row in rows[1:13]] == [9, 3] + [9] * 10
    assert [int(row[1]) for row in page[1:]] == [9, 3] + [9] * 10
    assert frame[frame.columns[1]].to_list() == [9, 3] + [9] * 10


def test_a_withheld_month_is_empty_in_every_format(months, cast):
    made = downloads.make("series", "parquet", ask(), cast["emilio"]).content

    counts = pl.read_parquet(io.BytesIO(made)).to_series(1).to_list()

    assert counts[1] is None
    assert counts.count(None) == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(months, start):
    table = Table(("lugar",), [[f"{start}cmd"]])

    told = files.provenance(present_about(ask()))
    written = files.to_csv(table, told).decode("utf-8-sig")

    assert f"'{start}cmd" in written


def test_records_quote_formulas_and_keep_every_row(months, cast):
    made = downloads.make("records", "csv", ask(), cast["bruno"])

    rows = list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig"))))

    assert made.rows == 102
    assert rows[0]["offence_text"] == '\'=HYPERLINK("x")'


def test_the_name_of_a_file_says_place_and_period():
    name = files.name_of("series", "csv", ask(known_on=date(2011, 5, 31)))

    assert name == (
        "convive-series-sv-sonsonate-sonsonate-all-2009-01-2009-12-known-2011-05-31.csv"
    )


def test_a_download_is_entered_in_the_ledger_as_sent(months, client_of):
    import hashlib

    answer = client_of("emilio").get(f"/observatorio/descarga/years.xlsx?{YEAR}")

    release = Release.objects.get()
    assert release.sha256 == hashlib.sha256(answer.content).hexdigest()
    assert (release.table, release.file_format) == ("years", "xlsx")


@pytest.mark.parametrize("name", ["carla", "delia", "emilio", "fatima", "gabriel"])
def test_records_are_for_those_who_work_with_them_in_the_place(months, client_of, name):
    answer = client_of(name).get(f"/observatorio/descarga/records.csv?{YEAR}")

    assert answer.status_code == 403
    assert not Release.objects.exists()


def test_the_browser_s_script_is_compressed_and_kept(client):
    first = client.get("/observatorio/vega.1.js", headers={"Accept-Encoding": "gzip"})

    again = client.get(
        "/observatorio/vega.1.js", headers={"If-None-Match": first["ETag"]}
    )

    assert first["Content-Encoding"] == "gzip"
    assert len(first.content) < 400_000
    assert "immutable" in first["Cache-Control"]
    assert again.status_code == 304
