"""Whatever comes: a sentence, or every row accepted or rejected. Nothing else."""

import csv
import gzip
import io
import time

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from convive.incidents.intake import IntakeError, check, read_sheet, recognise
from convive.incidents.intake.tests.conftest import make_reference
from convive.incidents.intake.tests.workbooks import (
    ods,
    ods_cell,
    ods_row,
    xlsx,
    xlsx_row,
    zipped,
)

QUIET = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# A laden machine is slow; a runaway file would take minutes.
PATIENCE_S = 60
HEAD = "Expediente,Fecha,Hora,Delito,Sexo,Edad,Longitud,Latitud,Municipio\n"


def outcome(path):
    """The checked file, or the sentence that refuses it."""
    reference = make_reference()
    try:
        sheet = read_sheet(path)
        checked = check(sheet, recognise(sheet), reference)
    except IntakeError as error:
        assert (error.sentence % error.facts).strip().endswith((".", "…"))
        return None
    assert checked.read == checked.accepted.num_rows + len(checked.rejected)
    assert checked.read == sheet.frame.height == len(sheet.row_numbers)
    seen = [*checked.accepted["source_row"].to_pylist()]
    seen += [rejected.row_number for rejected in checked.rejected]
    assert sorted(seen) == sheet.row_numbers.to_list()
    for rejected in checked.rejected:
        assert all(problem.text() for problem in rejected.problems)
    ids = checked.accepted["incident_id"].to_pylist()
    assert len(set(ids)) == len(ids)
    return checked


def written(tmp_path, content, name="hechos.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@QUIET
@given(content=st.binary(max_size=400))
@example(b"\xff\xfe\x00")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@example(b"PK\x03\x04" + b"\0" * 40)
@example(b"\0" * 200)
def test_random_bytes(tmp_path, content):
    outcome(written(tmp_path, content))


@QUIET
@given(
    body=st.binary(max_size=300),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]),
)
def test_random_bytes_below_good_headings(tmp_path, body, mark):
    outcome(written(tmp_path, mark + HEAD.encode() + body))


CELLS = st.one_of(
    st.sampled_from(
        [
            "", "0000-00-00", "31/02/2009", "0", "2958466", "2958465.99999", "-1",
            "1e309", "NaN", "inf", "-inf", "99999", "00000", "١٢/٠٣/٢٠٠٩", "²",
            "12/12/0000",
            "9999-99-99", "9999-12-31", "31/12/9999", "24:00", "24:01", "-5:00",
            "1:99 am", "\u200e05/03/2009\u200e", "\u202e9002/30/50", "a\ufeffb", "=1+1",
            "@SUM(A1)", "-89,5", "13,5", "1.493.777,25", "89° 30' 00\" O", "1e5",
            "0x10", "1_000", "05/03/2009 25:61", "5 de marzo del 2009",
            "00/mar/09", "x" * 500,
            "\ud7ff", "🔪", "a\nb", '"', "''", "%", "%(value)s", "{}", "None", "null",
            "-2147483649", "9" * 400, "-0", "+", ".", ",", "1.2.3", "Homicidio",
            "Acajutla",
        ]
    ),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=15),
    st.dates().map(str),
    st.floats().map(repr),
    st.integers().map(str),
)  # fmt: skip


@QUIET
@given(rows=st.lists(st.lists(CELLS, min_size=0, max_size=11), max_size=6))
@example([["7", "05/03/2009", "", "Homicidio", "", "", "", "", "Acajutla"]] * 3)
@example(
    [
        ["7", "05/03/2009", "", "Homicidio", "", "", "", "", "Acajutla"],
        ["7", "06/03/2009", "", "Homicidio", "", "", "", "", "Acajutla"],
        ["7/2", "07/03/2009", "", "Homicidio", "", "", "", "", "Acajutla"],
    ]
)
def test_odd_cells_in_a_good_table(tmp_path, rows):
    file = io.StringIO()
    file.write(HEAD)
    csv.writer(file, lineterminator="\n").writerows(rows)

    outcome(written(tmp_path, file.getvalue().encode("utf-8", errors="replace")))


@QUIET
@given(
    lines=st.lists(st.text(alphabet=list('ab1/;,\t|"\r\n '), max_size=30), max_size=6),
    end=st.sampled_from(["\r", "\n", "\r\n"]),
)
def test_mixed_delimiters_and_line_ends(tmp_path, lines, end):
    text = HEAD.replace(",", ";").replace("\n", end) + end.join(lines)

    outcome(written(tmp_path, text.encode()))


@settings(QUIET, max_examples=30)
@given(cut=st.floats(0, 1), which=st.sampled_from(["gz", "xlsx", "ods"]))
def test_a_truncated_file(tmp_path, cut, which):
    whole = {
        "gz": gzip.compress((HEAD + "1,05/03/2009,,Robo,,,,,Acajutla\n" * 50).encode()),
        "xlsx": xlsx(
            xlsx_row(1, "Fecha", "Delito") + xlsx_row(2, "05/03/2009", "Robo")
        ),
        "ods": ods(Hechos=ods_row("Fecha", "Delito") + ods_row("05/03/2009", "Robo")),
    }[which]

    outcome(written(tmp_path, whole[: int(cut * len(whole))], f"x.{which}"))


@settings(QUIET, max_examples=30)
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_workbook_with_a_damaged_byte(tmp_path, at, byte):
    whole = bytearray(
        xlsx(xlsx_row(1, "Fecha", "Delito") + xlsx_row(2, "05/03/2009", "Robo"))
    )
    whole[at % len(whole)] = byte

    outcome(written(tmp_path, bytes(whole), "x.xlsx"))


ENTITIES = [
    f'<!ENTITY {name} "{f"&{inner};" * 10}">'
    for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
]
LAUGHS = f'<!DOCTYPE lolz [<!ENTITY a "ja">{"".join(ENTITIES)}]>'
GOOD = xlsx_row(1, "Fecha", "Delito", "Municipio")
GOOD += xlsx_row(2, "05/03/2009", "Homicidio", "Acajutla")
LINK = (
    '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "</externalLink>"
)


def corner(tmp_path):
    """A workbook of 6 kB whose last cell is the last one there can be."""
    path = tmp_path / "corner.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Fecha", "Delito"])
        page.write(1_048_575, 16_383, "x")
    return path.read_bytes()


HOSTILE = {
    "entities that laugh a billion times": lambda _: xlsx(
        xlsx_row(1, "Fecha", "Delito") + xlsx_row(2, "&i;", "x"), before=LAUGHS
    ),
    "an external entity": lambda _: xlsx(
        xlsx_row(1, "Fecha", "Delito") + xlsx_row(2, "&e;", "x"),
        before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    ),
    "a cell at the end of the world": corner,
    "rows repeated a million times": lambda _: ods(
        Hechos=ods_row("Fecha", "Delito")
        + '<table:table-row table:number-rows-repeated="1048576">'
        + ods_cell("x").replace("-cell ", '-cell table:number-columns-repeated="9999" ')
        + "</table:table-row>"
    ),
    "a zip inside a zip": lambda _: zipped({"a.zip": zipped({"b.zip": b"0" * 100})}),
    "a zip that says nothing": lambda _: zipped({}),
    "a zip of another kind": lambda _: zipped({"word/document.xml": "<x/>"}),
    "no sheet": lambda _: xlsx("", more={"xl/workbook.xml": "<workbook/>"}),
    "unclosed XML": lambda _: xlsx("<row><c><v>"),
    "a number that is none": lambda _: xlsx(
        GOOD + '<row r="3"><c><v>1e999</v></c><c t="s"><v>77</v></c></row>'
    ),
    "a shared text that is missing": lambda _: xlsx(
        xlsx_row(1, "Fecha", "Delito") + '<row r="2"><c t="s"><v>9999</v></c></row>'
    ),
    "a reference outside the sheet": lambda _: xlsx(
        GOOD + '<row r="99999999"><c r="ZZZZZZ99999999"><v>1</v></c></row>'
    ),
    "ten thousand columns": lambda _: (b"Fecha," * 10_000 + b"\n") * 3,
    "an enormous cell": lambda _: (HEAD + "1,05/03/2009,,").encode() + b"x" * 9_000_000,
    "a quotation mark never closed": lambda _: (HEAD + '"' + "x,\n" * 90_000).encode(),
    "only headings": lambda _: HEAD.encode(),
    "only headings, many times": lambda _: HEAD.encode() * 1_000,
    "only delimiters": lambda _: b"," * 100_000,
    "no line end": lambda _: HEAD.strip().encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_settled_soon(name, tmp_path):
    path = written(tmp_path, HOSTILE[name](tmp_path), "x.bin")
    start = time.monotonic()

    outcome(path)

    assert time.monotonic() - start < PATIENCE_S


def test_a_workbook_with_an_external_link_is_read_without_following_it(tmp_path):
    content = xlsx(GOOD, more={"xl/externalLinks/externalLink1.xml": LINK})

    checked = outcome(written(tmp_path, content, "x.xlsx"))

    assert checked.accepted.num_rows == 1


def test_an_entity_of_a_workbook_reads_no_file_of_the_machine(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("do not read", encoding="utf-8")
    before = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    content = xlsx(xlsx_row(1, "Fecha", "Delito") + xlsx_row(2, "&e;", "x"), before)

    checked = outcome(written(tmp_path, content, "x.xlsx"))

    texts = [] if checked is None else [r.raw for r in checked.rejected]
    assert "do not read" not in str(texts)


def test_a_formula_in_a_text_file_stays_text(tmp_path):
    line = '1,05/03/2009,,"=HYPERLINK(""http://x"")",,,,,Acajutla\n'

    checked = outcome(written(tmp_path, (HEAD + line).encode()))

    (row,) = checked.accepted.to_pylist()
    assert row["offence_text"] == '=HYPERLINK("http://x")'


def test_a_formula_of_a_workbook_gives_its_value(tmp_path):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Fecha", "Delito", "Municipio", "Edad"])
        page.write_row(1, 0, ["05/03/2009", "Homicidio", "Acajutla"])
        page.write_formula(1, 3, "=10+11", None, 21)

    checked = outcome(path)

    assert checked.accepted["victim_age"].to_pylist() == [21]


def test_a_million_repeated_rows_do_not_take_an_hour(tmp_path):
    line = "1,05/03/2009,,Robo,,,,,Acajutla\n"
    path = written(tmp_path, (HEAD + line * 20_000).encode())
    start = time.monotonic()

    checked = outcome(path)

    assert time.monotonic() - start < PATIENCE_S
    assert len(checked.rejected) == 19_999
    assert checked.rejected[-1].problems[0].facts == {"first": 2}
