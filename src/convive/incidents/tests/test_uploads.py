import os
import stat
import time
from datetime import timedelta

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from convive.incidents import actions, uploads
from convive.incidents.models import ImportDraft
from convive.incidents.tests import drafts
from convive.incidents.tests.drafts import SONSONATE
from convive.incidents.workflow import DraftStatus

UPLOAD = {"place_path": SONSONATE, "source": "police", "nature": "real", "note": ""}


def test_a_stored_file_is_for_its_owner_only_under_a_name_nobody_can_guess(settings):
    first, second = uploads.store(drafts.upload()), uploads.store(drafts.upload())

    path = uploads.path_of(first.name)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.UPLOAD_ROOT.stat().st_mode) == 0o700
    assert first.name != second.name
    assert "marzo" not in first.name
    assert first.sha256 == second.sha256
    assert path.read_bytes() == drafts.MARCH.encode()


@pytest.mark.parametrize("size", [2_000_000, 80_000_000])
def test_a_file_over_the_limit_is_refused_with_a_sentence_and_never_kept(
    client_of, settings, size
):
    drafts.make_places()
    settings.UPLOAD_LIMIT_BYTES = 1_000_000
    file = drafts.upload("x" * size)

    page = client_of("bruno").post(
        reverse("incidents:import_upload"), UPLOAD | {"file": file}
    )

    assert page.status_code == 413
    assert page.context["form"].errors["file"]
    assert page.context["form"]["source"].value() == "police"
    assert not settings.UPLOAD_ROOT.exists()


def test_the_limit_holds_where_the_length_was_not_told(settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    limit = uploads.UploadLimit()
    limit.new_file("file", "marzo.csv", "text/csv", None)

    assert limit.receive_data_chunk(b"12345", 0) == b"12345"
    with pytest.raises(uploads.SkipFile):
        limit.receive_data_chunk(b"678901", 5)

    assert limit.is_over


def test_an_upload_without_the_forms_token_is_refused(cast):
    drafts.make_places()
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        cast["bruno"], backend="django.contrib.auth.backends.ModelBackend"
    )

    answer = client.post(
        reverse("incidents:import_upload"), UPLOAD | {"file": drafts.upload()}
    )

    assert answer.status_code == 403
    assert not ImportDraft.objects.exists()


def test_drafts_that_nobody_goes_on_with_are_discarded_after_thirty_days(
    cast, django_capture_on_commit_callbacks
):
    old, fresh = drafts.make_draft(), drafts.make_draft()
    ImportDraft.objects.filter(pk=old.pk).update(
        created_at=timezone.now() - timedelta(days=31)
    )

    with django_capture_on_commit_callbacks(execute=True):
        swept = actions.sweep_drafts(by=drafts.BY)

    old.refresh_from_db()
    fresh.refresh_from_db()
    assert swept == 1
    assert (old.status, fresh.status) == (DraftStatus.DISCARDED, DraftStatus.UPLOADED)
    assert not uploads.path_of(old.stored_as).exists()
    assert uploads.path_of(fresh.stored_as).exists()
    assert actions.sweep_drafts(by=drafts.BY) == 0


def test_files_that_no_draft_names_are_swept_when_they_are_old(cast, settings):
    draft = drafts.make_draft()
    orphan, young = (uploads.store(drafts.upload()).name for _ in range(2))
    long_ago = time.time() - timedelta(days=31).total_seconds()
    for name in (orphan, draft.stored_as):
        os.utime(uploads.path_of(name), (long_ago, long_ago))

    actions.sweep_drafts(by=drafts.BY)

    kept = {path.name for path in settings.UPLOAD_ROOT.iterdir()}
    assert kept == {young, draft.stored_as}


def test_the_sheets_of_a_workbook_are_named_and_another_may_be_read(
    client_of, submit, tmp_path, cast
):
    drafts.make_places()
    book = xlsxwriter.Workbook(str(tmp_path / "dos.xlsx"))
    for name, offence in (("Enero", "Robo"), ("Febrero", "Homicidio")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Fecha", "Delito"])
        sheet.write_row(1, 0, ["05/01/2009", offence])
    book.close()
    bruno = client_of("bruno")
    with (tmp_path / "dos.xlsx").open("rb") as file:
        submit(bruno, reverse("incidents:import_upload"), UPLOAD | {"file": file})
    draft = ImportDraft.objects.get()
    assert (draft.reading["sheets"], draft.sheet_name) == (
        ["Enero", "Febrero"],
        "Enero",
    )

    columns = reverse("incidents:import_columns", args=[draft.pk])
    submit(bruno, columns, {"sheet": "Febrero"})
    submit(bruno, columns, {"date": "Fecha", "offence": "Delito"})

    draft.refresh_from_db()
    assert draft.sheet_name == "Febrero"
    assert draft.preview["samples"]["new"][0]["offence_text"] == "Homicidio"
