import hashlib

import pytest
from django.urls import reverse

from convive.core.models import AuditEntry, Job
from convive.core.workflow import JobStatus
from convive.incidents import uploads
from convive.incidents.models import Batch, ImportDraft, MappingProfile, QuarantinedRow
from convive.incidents.tests import drafts
from convive.incidents.tests.drafts import HEAD, MARCH, ROWS, SONSONATE
from convive.incidents.workflow import BatchStatus, DraftStatus
from convive.places.actions import save_place
from convive.places.models import Place, PlaceKind

UPLOAD = {"place_path": SONSONATE, "source": "police", "nature": "real", "note": ""}
COLUMNS = drafts.MAPPING.columns | {"date_order": "", "crs": ""}


def address(name, draft):
    return reverse(f"incidents:{name}", args=[draft.pk])


@pytest.fixture
def bruno(client_of):
    drafts.make_places()
    return client_of("bruno")


def test_a_small_file_is_read_at_once_and_its_columns_recognised(bruno, submit):
    given = UPLOAD | {"file": drafts.upload()}

    response = submit(bruno, reverse("incidents:import_upload"), given)

    draft = ImportDraft.objects.get()
    assert response["Location"] == address("import_columns", draft)
    assert draft.reading["records"] == 4
    page = bruno.get(response["Location"])
    assert page.context["form"]["date"].value() == "Fecha"
    assert page.context["groups"][0].choices[0].examples == (
        "05/03/2009 · 06/03/2009 · 99/03/2009"
    )


def test_a_large_file_is_read_by_the_worker(bruno, submit, monkeypatch):
    monkeypatch.setattr("convive.incidents.views.imports.READ_AT_ONCE_BYTES", 10)
    given = UPLOAD | {"file": drafts.upload()}

    response = submit(bruno, reverse("incidents:import_upload"), given)

    job, draft = Job.objects.get(), ImportDraft.objects.get()
    assert response["Location"] == f"{reverse('core:job', args=[job.pk])}?follow=1"
    assert (job.status, draft.reading["records"]) == (JobStatus.DONE, 4)
    assert job.result_url == address("import_columns", draft)


def test_the_office_and_place_are_remembered(bruno, submit):
    place = {"place_path": SONSONATE, "other_source": "Juzgado de Paz", "source": ""}
    given = UPLOAD | place | {"file": drafts.upload()}
    submit(bruno, reverse("incidents:import_upload"), given)

    form = bruno.get(reverse("incidents:import_upload")).context["form"]

    assert ImportDraft.objects.get().source == "juzgado_de_paz"
    assert form["source"].value() == "juzgado_de_paz"
    assert form["place_path"].value() == SONSONATE


def test_only_places_where_one_may_import_are_offered_from_the_municipality_up(
    bruno, client_of
):
    municipality = Place.objects.get(path=SONSONATE)
    save_place(by=drafts.BY, kind=PlaceKind.ZONE, name="Centro", parent=municipality)

    offered = bruno.get(reverse("incidents:import_upload")).context["form"]
    refused = bruno.post(
        reverse("incidents:import_upload"),
        UPLOAD | {"place_path": "sv/sonsonate/acajutla", "file": drafts.upload()},
    )

    assert [path for path, _label in offered.fields["place_path"].choices] == [
        SONSONATE
    ]
    assert "place_path" in refused.context["form"].errors
    assert not ImportDraft.objects.exists()


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4 nothing", b"\xef\xbb\xbf\r\n", b"hola,que\ntal,bien\n"]
)
def test_what_is_no_table_of_incidents_is_refused_with_a_sentence(
    bruno, content, settings
):
    file = drafts.upload()
    file.file.seek(0)
    file.file.truncate()
    file.file.write(content)
    file.file.seek(0)
    file.size = len(content)

    page = bruno.post(reverse("incidents:import_upload"), UPLOAD | {"file": file})

    assert page.context["form"].errors["file"]
    assert not ImportDraft.objects.exists()
    assert list(settings.UPLOAD_ROOT.iterdir()) == []


def test_missing_columns_and_columns_given_twice_are_refused_by_name(bruno, cast):
    draft = drafts.make_draft()

    page = bruno.post(
        address("import_columns", draft),
        COLUMNS | {"date": "", "offence": "Delito", "time": "Delito"},
    )

    assert set(page.context["form"].errors) == {"date", "offence"}
    assert page.context["form"]["sex"].value() == "Sexo"
    assert not Job.objects.exists()


def test_day_month_and_year_do_for_a_date(bruno, submit, cast):
    text = "Dia,Mes,Año,Delito\n5,3,2009,Homicidio\n"
    draft = drafts.make_draft(text)

    submit(
        bruno,
        address("import_columns", draft),
        {"day": "Dia", "month": "Mes", "year": "Año", "offence": "Delito"},
    )

    draft.refresh_from_db()
    assert draft.preview["new"] == 1


@pytest.mark.parametrize(("code", "is_known"), [("32616", True), ("999999", False)])
def test_any_epsg_code_may_be_given(bruno, submit, cast, code, is_known):
    draft = drafts.make_draft()

    page = submit(
        bruno, address("import_columns", draft), COLUMNS | {"crs_code": f"epsg:{code}"}
    )

    draft.refresh_from_db()
    assert (page.status_code == 302) is is_known
    assert draft.mapping.get("crs", "") == (f"EPSG:{code}" if is_known else "")


def test_the_preview_says_what_an_import_would_do_and_writes_nothing(
    bruno, submit, cast, tmp_path
):
    earlier = HEAD + ROWS[0].replace(",20", ",21") + ROWS[1] + "9,06/03/2009,Robo,M,1\n"
    batch = drafts.make_batch(tmp_path, earlier)
    draft = drafts.make_draft()

    submit(bruno, address("import_columns", draft), COLUMNS)
    page = bruno.get(address("import_preview", draft))

    seen = page.context["preview"]
    counts = (seen.read, seen.new, seen.changed, seen.unchanged, seen.rejected)
    assert counts == (4, 1, 1, 1, 1)
    assert seen.removed == 1
    [changed] = seen.changed_rows
    assert (changed.number, changed.changes[0].before, changed.changes[0].after) == (
        "1",
        "21",
        "20",
    )
    assert [row.number for row in seen.removed_rows] == ["9"]
    [cell] = seen.rejected_cells
    assert (cell.row, cell.column, cell.value) == (4, "Fecha", "99/03/2009")
    assert "99/03/2009" in cell.sentence
    assert seen.unclassified == [("Cosa rara", 1)]
    assert list(Batch.objects.recorded()) == [batch]


def test_the_claim_is_proposed_in_whole_months_of_the_files_span(bruno, cast):
    draft = drafts.make_checked_draft()

    form = bruno.get(address("import_preview", draft)).context["form"]

    assert str(form["since"].value()) == "2009-03-01"
    assert str(form["until"].value()) == "2009-03-31"
    assert form["provisional_from"].value() is None


DECISION = {"mode": "add", "kinds": "contained", "provisional_from": ""}
SPAN = {"since": "2009-03-01", "until": "31/03/2009"}


def test_an_import_is_recorded_with_its_claim_and_its_file_removed(bruno, submit, cast):
    draft = drafts.make_checked_draft()
    stored = uploads.path_of(draft.stored_as)
    assert stored.exists()

    submit(bruno, address("import_preview", draft), DECISION | SPAN)

    batch, job = Batch.objects.get(), Job.objects.get()
    draft.refresh_from_db()
    assert (batch.accepted, batch.quarantined) == (3, 1)
    assert (str(batch.covers_from), str(batch.covers_until)) == (
        "2009-03-01",
        "2009-03-31",
    )
    assert batch.covers_iccs == ["0101"]
    assert batch.by_name == "bruno"
    assert QuarantinedRow.objects.count() == 1
    assert (draft.status, draft.batch) == (DraftStatus.IMPORTED, batch)
    assert job.result_url == reverse("incidents:batch", args=[batch.number])
    assert not stored.exists()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"since": "2009-03-01", "until": ""}, "until"),
        ({"since": "2009-04-01", "until": "2009-03-01"}, "until"),
        ({"since": "2009-03-01", "until": "2999-03-01"}, "until"),
        ({"mode": "perhaps"}, "mode"),
    ],
)
def test_a_claim_that_cannot_hold_is_refused(bruno, cast, given, wrong):
    draft = drafts.make_checked_draft()

    page = bruno.post(address("import_preview", draft), DECISION | SPAN | given)

    assert set(page.context["form"].errors) == {wrong}
    assert not Job.objects.exists()


def test_replace_takes_out_what_the_preview_said(bruno, submit, cast, tmp_path):
    drafts.make_batch(tmp_path, HEAD + "9,06/03/2009,Robo,M,1\n")
    draft = drafts.make_checked_draft()
    promised = draft.preview["removed"]

    submit(bruno, address("import_preview", draft), DECISION | {"mode": "replace"})

    assert (promised, Batch.objects.order_by("-number")[0].removed) == (1, 1)


def test_what_became_known_since_the_preview_is_counted_as_it_is(
    bruno, submit, cast, tmp_path
):
    draft = drafts.make_checked_draft()
    assert draft.preview["new"] == 3
    drafts.make_batch(tmp_path, HEAD + ROWS[0])

    submit(bruno, address("import_preview", draft), DECISION)

    batch = Batch.objects.order_by("-number")[0]
    assert (batch.accepted, batch.unchanged) == (2, 1)


def test_a_file_that_was_imported_before_makes_no_second_batch(bruno, submit, cast):
    first = drafts.make_checked_draft()
    submit(bruno, address("import_preview", first), DECISION)
    again = drafts.make_checked_draft()

    submit(bruno, address("import_preview", again), DECISION)
    page = bruno.get(address("import_preview", again))

    batch = Batch.objects.get()
    assert reverse("incidents:batch", args=[batch.number]) in page.content.decode()


def test_an_import_stopped_before_it_is_recorded_leaves_nothing_behind(
    bruno, submit, cast, monkeypatch
):
    draft = drafts.make_checked_draft()

    def stop_when_writing(self, done, total, phase):
        Job.objects.filter(pk=self.job.pk).update(is_cancel_requested=True)
        original(self, done, total, phase)

    from convive.core.jobs import JobProgress

    original = JobProgress.__call__
    monkeypatch.setattr(JobProgress, "__call__", stop_when_writing)
    submit(bruno, address("import_preview", draft), DECISION)

    draft.refresh_from_db()
    assert Job.objects.get().status == JobStatus.CANCELLED
    assert not Batch.objects.exists()
    assert draft.is_checked
    assert uploads.path_of(draft.stored_as).exists()


def test_an_import_stopped_while_it_is_written_is_given_up_whole(cast, tmp_path):
    from convive.core.jobs import JobCancelled
    from convive.incidents import compute, importing
    from convive.incidents.actions import Order

    drafts.make_places()
    path = tmp_path / "marzo.csv"
    path.write_text(MARCH, encoding="utf-8")

    def stop_at_the_end(done, total, phase):
        if done >= 90:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        importing.run_import(
            by=drafts.BY,
            order=Order(path, SONSONATE, "police"),
            progress=stop_at_the_end,
        )

    batch = Batch.objects.get()
    assert batch.status == BatchStatus.ABANDONED
    assert not compute.warehouse().batch_folder(batch.number).exists()
    assert not QuarantinedRow.objects.exists()


def test_two_pieces_of_work_on_one_draft_are_not_started(bruno, cast):
    draft = drafts.make_checked_draft()
    job = Job.objects.create(by_id=cast["alicia"].pk, by_name="alicia", title="Reading")
    ImportDraft.objects.filter(pk=draft.pk).update(job_id=job.pk)

    page = bruno.post(address("import_preview", draft), DECISION)
    discarded = bruno.post(address("import_discard", draft))
    bruno.post(address("import_columns", draft), {"sheet": ""})

    draft.refresh_from_db()
    assert "alicia" in page.content.decode()
    assert discarded.status_code == 302
    assert draft.is_checked
    assert Job.objects.count() == 1


def test_an_interrupted_import_is_done_by_starting_it_again(bruno, submit, cast):
    from convive.core.actions import fail_interrupted_jobs

    draft = drafts.make_checked_draft()
    dead = Job.objects.create(
        by_id=cast["bruno"].pk, by_name="bruno", title="x", status=JobStatus.RUNNING
    )
    ImportDraft.objects.filter(pk=draft.pk).update(job_id=dead.pk)
    fail_interrupted_jobs(by=drafts.BY)

    submit(bruno, address("import_preview", draft), DECISION)

    assert Batch.objects.get().accepted == 3


def test_a_file_that_the_worker_cannot_read_says_why_and_may_be_discarded(
    bruno, submit, cast
):
    draft = drafts.make_draft()
    uploads.path_of(draft.stored_as).write_bytes(b"%PDF-1.4")

    submit(bruno, address("import_columns", draft), {"sheet": ""})

    job = Job.objects.get()
    page = bruno.get(address("import_columns", draft))
    assert job.status == JobStatus.FAILED
    assert job.error_text in page.content.decode()
    bruno.post(address("import_discard", draft))
    draft.refresh_from_db()
    assert draft.status == DraftStatus.DISCARDED


def test_a_discarded_draft_is_closed_and_its_file_gone(
    bruno, cast, django_capture_on_commit_callbacks
):
    draft = drafts.make_draft()

    with django_capture_on_commit_callbacks(execute=True):
        bruno.post(address("import_discard", draft))

    assert not uploads.path_of(draft.stored_as).exists()
    assert bruno.get(address("import_columns", draft)).status_code == 302
    assert bruno.get(address("import_preview", draft)).status_code == 200
    assert AuditEntry.objects.about(draft).count() == 3


def test_another_person_of_the_place_may_go_on_and_one_of_elsewhere_may_not(
    client_of, submit, cast
):
    draft = drafts.make_draft()

    submit(client_of("alicia"), address("import_columns", draft), COLUMNS)
    carla = client_of("carla").get(address("import_columns", draft))

    draft.refresh_from_db()
    assert draft.is_checked
    assert Job.objects.get().by_name == "alicia"
    assert carla.status_code == 403
    assert not client_of("carla").get(reverse("incidents:batches")).context["waiting"]


def test_a_reading_is_kept_as_a_profile_and_offered_to_the_next_file(
    bruno, submit, cast
):
    draft = drafts.make_draft()
    named = COLUMNS | {"age": "", "date_order": "dmy", "profile_name": "Mensual"}
    submit(bruno, address("import_columns", draft), named)
    following, other = (
        drafts.make_draft(),
        drafts.make_draft("Fecha,Delito\n1/1/09,x\n"),
    )

    fitting = bruno.get(address("import_columns", following))
    plain = bruno.get(address("import_columns", following), {"profile": "recognised"})
    strange = bruno.get(address("import_columns", other))

    profile = MappingProfile.objects.get()
    assert fitting.context["chosen"] == str(profile.pk)
    assert fitting.context["form"]["age"].value() is None
    assert fitting.context["form"]["date_order"].value() == "dmy"
    assert plain.context["form"]["age"].value() == "Edad"
    assert strange.context["profiles"] == []


def test_understood_anew_a_draft_must_be_checked_again(bruno, submit, cast):
    draft = drafts.make_checked_draft()
    submit(bruno, address("import_columns", draft), COLUMNS | {"sex": ""})
    draft.refresh_from_db()
    assert draft.is_checked

    from convive.incidents.actions import map_draft

    map_draft(by=drafts.BY, draft=draft, mapping=drafts.MAPPING)

    draft.refresh_from_db()
    assert (draft.status, draft.preview) == (DraftStatus.UPLOADED, {})
    assert bruno.get(address("import_preview", draft)).status_code == 302


def test_a_file_of_which_no_row_is_good_goes_to_quarantine_whole(bruno, submit, cast):
    draft = drafts.make_checked_draft(HEAD + ROWS[2])

    page = bruno.get(address("import_preview", draft))
    submit(bruno, address("import_preview", draft), DECISION)

    batch = Batch.objects.get()
    assert page.context["form"]["since"].value() is None
    assert (batch.accepted, batch.quarantined) == (0, 1)


def test_a_sheet_of_very_many_columns_is_refused(bruno):
    headings = ",".join(["Fecha", "Delito", *(f"c{i}" for i in range(400))])
    file = drafts.upload(f"{headings}\n1/1/2009,Robo{',1' * 400}\n")

    page = bruno.post(reverse("incidents:import_upload"), UPLOAD | {"file": file})

    assert page.context["form"].errors["file"]
    assert not ImportDraft.objects.exists()


def test_a_windows_file_with_semicolons_keeps_its_accents(bruno, submit, cast):
    text = "Núm.;Fecha;Delito;Sexo víctima\n7;5/3/2009;Agresión en La Peña;Mujer\n"
    file = drafts.upload()
    file.file.seek(0)
    file.file.truncate()
    file.size = file.file.write(text.encode("cp1252"))
    file.file.seek(0)

    submit(bruno, reverse("incidents:import_upload"), UPLOAD | {"file": file})
    draft = ImportDraft.objects.get()
    page = bruno.get(address("import_columns", draft))
    recognised = {
        field: page.context["form"][field].value()
        for field in ("incident_id", "date", "offence", "sex")
    }
    submit(bruno, address("import_columns", draft), recognised)

    draft.refresh_from_db()
    assert page.context["head"].encoding == "Windows-1252"
    assert recognised["sex"] == "Sexo víctima"
    assert draft.preview["unclassified"] == [["Agresión en La Peña", 1]]


def test_a_file_that_changed_since_the_preview_is_told_as_it_is(bruno, submit, cast):
    draft = drafts.make_checked_draft()
    now = (HEAD + ROWS[0]).encode()
    uploads.path_of(draft.stored_as).write_bytes(now)

    submit(bruno, address("import_preview", draft), DECISION)

    batch = Batch.objects.get()
    assert (batch.read, batch.accepted) == (1, 1)
    assert batch.file_sha256 == hashlib.sha256(now).hexdigest()
