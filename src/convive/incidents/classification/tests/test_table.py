"""The offence table: versions, and a whole one as CSV."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from convive.core.actors import System
from convive.core.models import AuditEntry
from convive.incidents import iccs
from convive.incidents.classification import table
from convive.incidents.classification.actions import TermRow, save_crosswalk
from convive.incidents.models import Crosswalk
from convive.incidents.reference import latest_crosswalk

BY = System("Ana")
DEMO = Path(__file__).parents[5] / "demo/crosswalk"


def write(*terms, **options):
    return save_crosswalk(by=BY, country_path="sv", terms=list(terms), **options)


def codes():
    latest = latest_crosswalk("sv")
    return {term.term: term.iccs for term in latest.terms.all()} if latest else {}


def test_a_change_makes_a_version_and_leaves_the_one_before(db):
    first = write(TermRow("Robo", "0401"), TermRow("Hurto", "0502"))

    second = write(TermRow("Robo", "04011"), note="Robo agravado aparte")

    assert codes() == {"Robo": "04011", "Hurto": "0502"}
    assert {t.term: t.iccs for t in first.terms.all()} == {
        "Robo": "0401",
        "Hurto": "0502",
    }
    assert (second.version, second.by_name, second.note) == (
        2,
        "Ana",
        "Robo agravado aparte",
    )
    assert AuditEntry.objects.about(second).count() == 1


def test_a_change_that_changes_nothing_makes_no_version(db):
    write(TermRow("Robo", "0401"))

    again = write(TermRow("Robo", "0401"))

    assert again.version == 1
    assert Crosswalk.objects.count() == 1


def test_terms_are_removed_one_by_one_or_by_a_whole_list(db):
    write(TermRow("Robo", "0401"), TermRow("Hurto", "0502"), TermRow("Riña", "0201"))

    write(removed=["riña"])
    without_one = codes()
    write(TermRow("Robo", "0401"), is_whole=True)

    assert without_one == {"Robo": "0401", "Hurto": "0502"}
    assert codes() == {"Robo": "0401"}


@pytest.mark.parametrize("country", ["sv", "mx"])
def test_the_demonstrations_tables_can_be_uploaded(country):
    rows = table.read_csv((DEMO / f"{country}.csv").read_bytes())

    assert len(rows) > 10


def test_a_table_downloaded_is_read_as_it_was(db):
    rows = [
        TermRow("Robo, a mano armada", "0401", "firearm", "", "CP 212-213"),
        TermRow("=Hurto", "0502"),
        TermRow("Lesiones “graves”", "0201", "", "other_family"),
    ]
    write(*rows)

    content = table.to_csv(latest_crosswalk("sv").terms.all())

    assert set(table.read_csv(content)) == set(rows)
    assert b"\n=Hurto" not in content


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (",0401,,,", "term"),
        ("Robo,401,,,", "iccs"),
        ("Robo,,,,", "iccs"),
        ("Robo,0401,pistola,,", "mechanism"),
        ("Robo,0401,,primo,", "relationship"),
        ("Robo,0401,,," + "x" * 61, "penal_code_article"),
        ("hurto,0502,,,", "term"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_field(line, field):
    head = "term,iccs,mechanism,relationship,penal_code_article"
    content = f"{head}\nHurto,0502,,,\n\n{line}\n".encode()

    with pytest.raises(table.TableError) as refused:
        table.read_csv(content)

    assert len(refused.value.sentences) == 1
    assert "4" in refused.value.sentences[0]
    assert field in refused.value.sentences[0]


def test_spanish_headings_and_semicolons_are_read():
    content = "Término;Código ICCS;Mecanismo\nRiña;0201;sharp\n".encode("cp1252")

    assert table.read_csv(content) == [TermRow("Riña", "0201", "sharp")]


def test_a_file_without_codes_is_refused():
    with pytest.raises(table.TableError, match="iccs"):
        table.read_csv(b"term,articulo\nRobo,1\n")


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_code_has_a_name_in_both_languages(language, settings):
    from django.utils import translation

    with translation.override(language):
        names = {code: iccs.label(code) for code in iccs.codes()}

    assert all(name and name != code for code, name in names.items())


def test_both_languages_are_those_of_the_project():
    assert {code for code, _name in settings.LANGUAGES} == {"es", "en"}
