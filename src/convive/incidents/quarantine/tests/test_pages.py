"""Pages of the rows that wait."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from convive.core.actors import System
from convive.core.models import AuditEntry
from convive.incidents import importing
from convive.incidents.models import QuarantinedRow
from convive.incidents.quarantine.actions import dismiss_row, reopen_row
from convive.incidents.quarantine.mending import mend
from convive.incidents.quarantine.policies import check_row_moves, may_move_row
from convive.incidents.workflow import QUARANTINE_MOVES, QuarantineStatus
from convive.places.tests.sonsonate import ACAJUTLA

BY = System()
HEAD = "Expediente,Fecha,Delito,Sexo,Edad,Notas"
LINES = [
    "1,05/03/2009,Homicidio,F,20,uno",
    "2,99/03/2009,Homicidio,M,30,dos",
    "3,07/03/2009,Robo,Muj.,40,tres",
    "4,07/03/2009,Robo,Muj.,xx,cuatro",
]
LIST = reverse("incidents:quarantine")


@pytest.fixture
def batch(import_lines):
    return import_lines(*LINES, head=HEAD).batch


@pytest.fixture
def bruno(client_of):
    return client_of("bruno")


def row_url(batch, number):
    return reverse("incidents:quarantine_row", args=[row(batch, number).pk])


def row(batch, number):
    return batch.quarantine.get(row_number=number)


def typed(batch, number, **changes):
    """The form of a row as a browser sends it, some cells typed otherwise."""
    cells = row(batch, number).raw | changes
    return {f"cell-{k}": cells[h] for k, h in enumerate(batch.headings[:-1])}


def test_problems_are_counted_and_each_count_leads_to_its_rows(batch, bruno):
    page = bruno.get(LIST).context["quarantine"]
    sexes = next(reason for reason in page.reasons if reason.column == "Sexo")

    chosen = bruno.get(LIST + sexes.url).context["quarantine"]

    assert {(r.column, r.count) for r in page.reasons} == {
        ("Sexo", 2),
        ("Fecha", 1),
        ("Edad", 1),
    }
    assert "…" in sexes.text
    assert "Muj." not in sexes.text
    assert [line.row.row_number for line in chosen.lines] == [4, 5]
    assert [(a.value, a.count) for a in chosen.alike] == [("Muj.", 2)]


def test_the_list_is_paged_and_filtered_by_state_file_and_place(
    import_lines, client_of
):
    lines = [f"{i},99/01/2009,Robo,F,20" for i in range(1, 121)]
    batch = import_lines(*lines).batch
    dismiss_row(by=BY, row=row(batch, 2), reason="Subtotal")
    alicia = client_of("alicia")

    def shown(query):
        return alicia.get(f"{LIST}?{query}").context["quarantine"]

    assert (len(shown("").lines), shown("").total) == (50, 119)
    assert len(shown("page=3").lines) == 19
    assert [line.row.row_number for line in shown("status=dismissed").lines] == [2]
    assert shown("status=mended").total == 0
    assert shown(f"batch={batch.number}").total == 119
    assert shown("batch=99999").total == 0
    assert shown(f"place={ACAJUTLA}").total == 0


def test_carla_sees_no_row_of_sonsonate_and_alicia_none_of_acajutla(
    batch, import_lines, client_of
):
    import_lines(*LINES, head=HEAD, place_path=ACAJUTLA, name="acajutla.csv")

    def seen(name):
        content = client_of(name).get(LIST).content.decode()
        return "marzo.csv" in content, "acajutla.csv" in content

    assert seen("carla") == (False, True)
    assert seen("alicia") == (True, False)


def test_carla_mends_nothing_of_sonsonate_in_bulk(batch, client_of, waiting):
    data = {"batch": batch.pk, "column": "Sexo", "value": "Muj.", "correct": "mujer"}

    answer = client_of("carla").post(reverse("incidents:quarantine_alike"), data)

    assert answer.status_code == 403
    assert len(waiting(batch)) == 3


def test_a_row_shows_its_cells_with_the_problem_beside_the_wrong_one(batch, bruno):
    answer = bruno.get(row_url(batch, 5))

    wrong = [
        (field.label, sentence)
        for field, sentence, _n in answer.context["form"].wrong()
    ]
    assert [label for label, _sentence in wrong] == ["Sexo", "Edad"]
    assert "Muj." in wrong[0][1]
    assert 'value="07/03/2009"' in answer.content.decode()
    assert answer.context["shown"].unread == (("Notas", "cuatro"),)


def test_a_row_mended_on_the_page_counts_and_the_next_one_comes(batch, bruno, live):
    answer = bruno.post(row_url(batch, 3), typed(batch, 3, Fecha="09/03/2009"))

    assert answer.url == row_url(batch, 4)
    assert ("2", "male", 30, "0101") in live()
    entry = AuditEntry.objects.filter(actor_name="bruno").first()
    assert entry.channel == "web"
    assert row(batch, 3).raw["Notas"] == "dos"


def test_a_row_still_wrong_shows_what_was_typed_and_why(batch, bruno, live):
    answer = bruno.post(row_url(batch, 5), typed(batch, 5, Sexo="mujer", Edad="cien"))

    form = answer.context["form"]
    assert answer.status_code == 200
    assert [field.label for field, *_rest in form.wrong()] == ["Edad"]
    assert "cien" in form.wrong()[0][1]
    assert 'value="mujer"' in answer.content.decode()
    assert len(live()) == 1


def test_the_same_word_is_mended_everywhere_and_the_rest_is_told(batch, bruno, live):
    data = {"batch": batch.pk, "column": "Sexo", "value": "Muj.", "correct": "mujer"}

    answer = bruno.post(reverse("incidents:quarantine_alike"), data, follow=True)

    told = [str(message) for message in answer.context["messages"]]
    assert len(told) == 2
    assert "xx" in told[1]
    assert ("3", "female", 40, "0401") in live()


def test_a_dismissed_row_leaves_the_list_and_can_be_opened_again(batch, bruno):
    url = row_url(batch, 3)

    bruno.post(url + "descartar/", {"reason": "Es un subtotal"})
    dismissed = row(batch, 3)
    bruno.post(url + "reabrir/")

    assert (dismissed.status, dismissed.reason) == ("dismissed", "Es un subtotal")
    assert row(batch, 3).status == QuarantineStatus.OPEN
    assert "Es un subtotal" in str(AuditEntry.objects.about(dismissed)[1])


def test_a_row_is_not_dismissed_without_a_reason(batch, bruno):
    bruno.post(row_url(batch, 3) + "descartar/", {"reason": " "})

    assert row(batch, 3).status == QuarantineStatus.OPEN


def test_a_mended_row_and_one_of_an_undone_file_offer_no_moves(batch, bruno):
    cells = row(batch, 3).raw | {"Fecha": "09/03/2009"}
    mend(by=BY, batch=batch, corrections={3: cells})
    mended = bruno.get(row_url(batch, 3)).context["shown"]
    importing.undo_import(by=BY, batch=batch)
    undone = bruno.get(row_url(batch, 4)).context["shown"]

    assert not (mended.may_mend or mended.may_dismiss or mended.may_reopen)
    assert undone.is_undone
    assert not (undone.may_mend or undone.may_dismiss or undone.may_reopen)
    assert bruno.post(row_url(batch, 4), typed(batch, 4, Sexo="F")).status_code == 302
    assert bruno.get(LIST).context["quarantine"].total == 0


@pytest.mark.parametrize("status", QuarantineStatus)
@pytest.mark.parametrize("wanted", QuarantineStatus)
def test_a_person_moves_a_row_only_as_the_table_says(batch, status, wanted):
    held = row(batch, 3)
    held.status = status
    # Opening a mended row is for whoever undoes its batch, not for the row's page.
    by_table = wanted in QUARANTINE_MOVES[status]
    allowed = by_table and status != QuarantineStatus.MENDED

    assert may_move_row(held, wanted) == allowed
    if not allowed:
        with pytest.raises(ValidationError):
            check_row_moves(held, wanted)


def test_a_dismissed_row_is_not_dismissed_twice(batch):
    dismiss_row(by=BY, row=row(batch, 3), reason="Subtotal")

    with pytest.raises(ValidationError):
        dismiss_row(by=BY, row=row(batch, 3), reason="Otra vez")
    reopen_row(by=BY, row=row(batch, 3))
    with pytest.raises(ValidationError):
        reopen_row(by=BY, row=row(batch, 3))


def test_a_cell_that_looks_like_markup_is_shown_as_text(import_lines, client_of):
    batch = import_lines("1,<script>alert(1)</script>,Robo,F,20").batch

    listed = client_of("bruno").get(LIST).content.decode()
    shown = client_of("bruno").get(row_url_of(batch)).content.decode()

    assert "<script>alert" not in listed + shown
    assert "&lt;script&gt;" in shown


def row_url_of(batch):
    return reverse("incidents:quarantine_row", args=[batch.quarantine.get().pk])


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_list_stands_in_both_languages(batch, bruno, language):
    heading = {"es": "Filas en revisión", "en": "Rows in quarantine"}[language]

    with translation.override(language):
        answer = bruno.get(LIST, headers={"accept-language": language})

    assert heading in answer.content.decode()
    assert QuarantinedRow.objects.open().count() == 3
