"""Unknown is a value: a blank in a coded column says one of two things."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from convive.incidents.classification.words import LABELS
from convive.incidents.intake import Reference, check, read_sheet, recognise
from convive.warehouse.schema import (
    AGE_GROUPS,
    UNCLASSIFIED,
    Mechanism,
    Precision,
    Relationship,
    Sex,
)

CODED = {
    "victim_sex": {str(sex) for sex in Sex},
    "age_group": set(AGE_GROUPS),
    "mechanism": {str(mechanism) for mechanism in Mechanism},
    "relationship": {str(relationship) for relationship in Relationship},
    "precision": {str(precision) for precision in Precision},
}
WHO = ("victim_sex", "age_group", "mechanism", "relationship")
NOT_KNOWN_WORDS = ("", "N/I", "Desconocido", "no consta", "sin dato", "ignorado")


def first_row(tmp_path: Path, head: str, line: str) -> dict[str, object]:
    path = Path(tmp_path) / "hechos.csv"
    path.write_text(f"{head}\n{line}\n", encoding="utf-8")
    sheet = read_sheet(path)
    reference = Reference("sv/sonsonate/sonsonate", "pnc", date(2020, 1, 1))
    checked = check(sheet, recognise(sheet), reference)
    assert checked.rejected == []
    row: dict[str, object] = checked.accepted.to_pylist()[0]
    return row


def test_a_column_that_the_office_does_not_keep_is_not_recorded(tmp_path):
    row = first_row(tmp_path, "Fecha,Delito", "05/03/2009,Robo")

    assert {row[name] for name in WHO} == {"not_recorded"}
    assert row["precision"] == Precision.MUNICIPALITY
    assert row["iccs"] == UNCLASSIFIED


@pytest.mark.parametrize("word", NOT_KNOWN_WORDS)
def test_a_column_that_the_office_left_open_is_unknown(tmp_path, word):
    line = f"05/03/2009,Robo,{word},{word},{word},{word}"

    row = first_row(tmp_path, "Fecha,Delito,Sexo,Edad,Arma,Relación", line)

    assert {row[name] for name in WHO} == {"unknown"}
    assert row["victim_age"] is None


def test_no_coded_column_holds_a_blank_or_a_value_outside_its_list(tmp_path):
    row = first_row(
        tmp_path, "Fecha,Delito,Sexo,Edad,Arma,Relación", "05/03/2009,Robo,F,20,,"
    )

    assert all(row[name] in values for name, values in CODED.items())


def test_every_value_of_the_people_s_columns_has_words_for_the_reader():
    coded = CODED["victim_sex"] | CODED["mechanism"] | CODED["relationship"]

    assert coded - LABELS.keys() == set()
