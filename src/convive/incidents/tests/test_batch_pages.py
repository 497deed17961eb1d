import pytest
from django.urls import reverse

from convive.core.models import AuditEntry
from convive.incidents import importing, policies
from convive.incidents.actions import ImportRefusedError
from convive.incidents.models import Batch, MappingProfile
from convive.incidents.tests import drafts
from convive.incidents.tests.drafts import HEAD, ROWS, make_batch
from convive.incidents.workflow import (
    BATCH_MOVES,
    DRAFT_MOVES,
    BatchStatus,
    DraftStatus,
)

ACAJUTLA = "sv/sonsonate/acajutla"


def page_of(batch, name="batch"):
    return reverse(f"incidents:{name}", args=[batch.number])


def test_each_sees_the_batches_of_their_places_newest_first(client_of, cast, tmp_path):
    first, second = (
        make_batch(tmp_path),
        make_batch(tmp_path, HEAD + "9,1/3/09,x,M,1\n"),
    )
    elsewhere = make_batch(tmp_path, place_path=ACAJUTLA)

    def listed(name):
        lines = client_of(name).get(reverse("incidents:batches")).context["lines"]
        return [line.batch for line in lines]

    assert listed("bruno") == [second, first]
    assert listed("carla") == [elsewhere]


def test_the_list_is_narrowed_by_office_and_state(client_of, cast, tmp_path):
    police = make_batch(tmp_path)
    health = make_batch(tmp_path, source="health")
    importing.undo_import(by=drafts.BY, batch=health, reason="x")
    bruno, address = client_of("bruno"), reverse("incidents:batches")

    def listed(**asked):
        return [line.batch for line in bruno.get(address, asked).context["lines"]]

    assert listed(source="police") == [police]
    assert listed(status="withdrawn") == [health]
    assert listed(place=police.place_path) == [health, police]
    assert listed(status="nonsense") == [health, police]


def test_a_batch_shows_what_it_did_and_the_hash_of_its_file(client_of, cast, tmp_path):
    batch = make_batch(tmp_path)

    page = client_of("bruno").get(page_of(batch))

    text = page.content.decode()
    assert page.context["shown"].new == 3
    assert batch.file_sha256 in text
    assert page_of(batch, "batch_withdraw") in text


def test_undoing_says_what_will_happen_asks_why_and_keeps_the_batch_visible(
    client_of, cast, tmp_path
):
    make_batch(tmp_path, HEAD + ROWS[0].replace(",20", ",21"))
    batch = make_batch(tmp_path)
    bruno = client_of("bruno")

    asked = bruno.get(page_of(batch, "batch_withdraw")).context["undoing"]
    unexplained = bruno.post(page_of(batch, "batch_withdraw"), {"reason": ""})
    batch.refresh_from_db()
    still = batch.status
    bruno.post(page_of(batch, "batch_withdraw"), {"reason": "Archivo equivocado"})

    page = bruno.get(page_of(batch))
    assert (asked.stop, asked.back, asked.refusal) == (3, 1, "")
    assert "reason" in unexplained.context["form"].errors
    assert still == BatchStatus.RECORDED
    assert "Archivo equivocado" in page.content.decode()
    assert page.context["shown"].withdrawn_by == "bruno"
    assert not page.context["shown"].may_withdraw
    assert batch in [
        line.batch for line in bruno.get(reverse("incidents:batches")).context["lines"]
    ]


def test_a_batch_whose_records_were_changed_since_is_undone_last(
    client_of, cast, tmp_path
):
    first = make_batch(tmp_path, HEAD + ROWS[0])
    second = make_batch(tmp_path, HEAD + ROWS[0].replace(",20", ",21"))
    bruno = client_of("bruno")

    asked = bruno.get(page_of(first, "batch_withdraw")).context["undoing"]
    bruno.post(page_of(first, "batch_withdraw"), {"reason": "x"})
    with pytest.raises(ImportRefusedError):
        importing.undo_import(by=drafts.BY, batch=first)

    first.refresh_from_db()
    assert str(second.number) in asked.refusal
    assert first.status == BatchStatus.RECORDED
    importing.undo_import(by=drafts.BY, batch=second)
    importing.undo_import(by=drafts.BY, batch=first)
    assert not Batch.objects.recorded().exists()


def test_undoing_warns_of_later_files_that_repeated_the_records(cast, tmp_path):
    from convive.incidents.presenters.batches import present_undoing

    first = make_batch(tmp_path, HEAD + ROWS[0])
    later = make_batch(tmp_path)

    assert present_undoing(first).repeated_in == [later.number]


def test_a_withdrawn_batch_is_not_undone_twice(client_of, cast, tmp_path):
    batch = make_batch(tmp_path)
    bruno = client_of("bruno")
    bruno.post(page_of(batch, "batch_withdraw"), {"reason": "once"})

    again = bruno.get(page_of(batch, "batch_withdraw"))

    assert again["Location"] == page_of(batch)


@pytest.mark.parametrize("status", BatchStatus)
@pytest.mark.parametrize("name", ["bruno", "carla", "gabriel"])
def test_who_may_withdraw_in_which_state(cast, status, name):
    batch = Batch(status=status, place_path=drafts.SONSONATE, number=1)
    is_allowed = name == "bruno" and BatchStatus.WITHDRAWN in BATCH_MOVES[status]

    assert policies.may_withdraw(cast[name], batch) is is_allowed
    if name == "bruno" and not is_allowed:
        with pytest.raises(ImportRefusedError):
            policies.check_withdraw(cast[name], batch)


@pytest.mark.parametrize("status", DraftStatus)
@pytest.mark.parametrize("move", DraftStatus)
def test_every_state_of_a_draft_allows_its_moves_and_no_other(status, move):
    from convive.incidents.models import ImportDraft

    draft = ImportDraft(status=status)

    assert policies.may_move(draft, move) is (move in DRAFT_MOVES[status])
    if move not in DRAFT_MOVES[status]:
        with pytest.raises(ImportRefusedError):
            policies.check_move(draft, move)


def test_profiles_are_listed_renamed_and_deleted(client_of, cast):
    profile, bruno = drafts.make_profile(), client_of("bruno")
    entries = AuditEntry.objects.about(profile)
    rename = reverse("incidents:profile_rename", args=[profile.pk])

    listed = bruno.get(reverse("incidents:profiles")).context["lines"]
    bruno.post(rename, {"name": "Mensual nuevo"})
    profile.refresh_from_db()
    renamed = profile.name
    bruno.post(reverse("incidents:profile_delete", args=[profile.pk]))

    assert [line.profile for line in listed] == [profile]
    assert client_of("carla").get(reverse("incidents:profiles")).context["lines"] == []
    assert renamed == "Mensual nuevo"
    assert not MappingProfile.objects.exists()
    assert entries.count() == 3


def test_two_profiles_of_a_place_do_not_share_a_name(client_of, cast):
    from convive.incidents.actions import save_profile

    profile = drafts.make_profile()
    save_profile(
        by=drafts.BY,
        name="Anual",
        place_path=profile.place_path,
        source="police",
        mapping=drafts.MAPPING,
    )

    page = client_of("bruno").post(
        reverse("incidents:profile_rename", args=[profile.pk]), {"name": "Anual"}
    )

    assert "name" in page.context["form"].errors
