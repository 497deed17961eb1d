"""The quick reader of regular text files gives what the patient one gives."""

import csv
import gzip
import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from convive.incidents.intake import IntakeError, read_sheet
from convive.incidents.intake.delimited import (
    find_delimiter,
    read_patiently,
    read_regular,
)
from convive.incidents.intake.files import as_utf8

HEADINGS = ["Fecha", "Delito", "Municipio", "Lugar"]
TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from(list(" ,;\t|\"'\n\r áéñ1a.-/\u200e\ufeff\0")),
        st.characters(codec="utf-8"),
    ),
    max_size=12,
)
ROWS = st.lists(
    st.one_of(
        st.lists(TEXTS, min_size=4, max_size=4),
        st.just(["", "", "", ""]),
        st.just(HEADINGS),
        st.just(["Total", "3", "", ""]),
    ),
    max_size=8,
)


def sheets(content):
    text, encoding = as_utf8(content)
    delimiter = find_delimiter(text[:20_000].decode("utf-8", errors="ignore"))

    def attempt(read):
        try:
            return read(text, encoding, delimiter)
        except IntakeError as error:
            return error.sentence

    return attempt(read_regular), attempt(read_patiently)


def said(sheet):
    if isinstance(sheet, str):
        return sheet
    cells = sheet.frame.rows()
    numbers = sheet.row_numbers.to_list()
    return sheet.headings, cells, numbers, sheet.skipped, sheet.encoding


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
@example([["1", "a", "b", ""]], ",", "\r\n", csv.QUOTE_ALL)
@example([["", " ", "\u200e", ""], ["x"] * 4], ";", "\n", csv.QUOTE_MINIMAL)
def test_a_written_file_reads_the_same_both_ways(rows, delimiter, end, quoting):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(HEADINGS)
    writer.writerows(rows)

    quick, patient = sheets(file.getvalue().encode())

    if quick is not None:
        assert said(quick) == said(patient)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=st.text(alphabet=list('aá1 ,;"\n\r'), max_size=60),
    end=st.sampled_from(["\n", "\r\n"]),
)
@example('a,"b"c,d,e\n', "\n")
@example('a,"b\n', "\n")
@example('"",,,\n', "\n")
@example("a,b,c,d,e\na,b,c\n", "\n")
def test_any_text_that_is_read_quickly_reads_the_same_both_ways(body, end):
    content = (",".join(HEADINGS) + end + body).encode()

    quick, patient = sheets(content)

    if quick is not None:
        assert said(quick) == said(patient)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", ['"', ""])
def test_the_quick_way_takes_every_usual_file(encoding, delimiter, end, quote):
    rows = [HEADINGS, ["05/03/2009", "Lesión", "Acajutla", "Peñón"]]
    lines = [delimiter.join(quote + cell + quote for cell in row) for row in rows]
    content = (end.join(lines) + end).encode(encoding)

    quick, patient = sheets(content)

    assert quick is not None
    assert said(quick) == said(patient)
    assert quick.frame.rows() == [tuple(rows[1])]


def test_a_compressed_file_reads_as_the_plain_one(tmp_path):
    text = "Fecha,Delito\n05/03/2009,Robo\n"
    plain, packed = tmp_path / "a.csv", tmp_path / "a.csv.gz"
    plain.write_text(text, encoding="utf-8")
    packed.write_bytes(gzip.compress(text.encode()))

    assert said(read_sheet(plain)) == said(read_sheet(packed))


def test_a_comma_inside_quotes_and_a_doubled_quote_are_text():
    content = b'Fecha,Delito,Lugar\n1/2/2009,Robo,"Calle 5, ""La Ronda"""\n'

    quick, _patient = sheets(content)

    assert quick.frame.rows() == [("1/2/2009", "Robo", 'Calle 5, "La Ronda"')]


def test_a_quoted_cell_of_two_lines_is_one_row():
    content = b'Fecha,Delito,Lugar\n1/2/2009,Robo,"uno\ndos"\n2/2/2009,Robo,tres\n'

    quick, patient = sheets(content)

    assert said(quick) == said(patient)
    assert quick.row_numbers.to_list() == [2, 3]
