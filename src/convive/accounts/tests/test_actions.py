"""Writes about people and roles: what they leave behind, and what they refuse."""

from __future__ import annotations

import pytest

from convive.accounts import actions, policies
from convive.accounts.cast import ACAJUTLA, SONSONATE
from convive.accounts.models import Membership, User
from convive.accounts.roles import Role
from convive.core.actors import System
from convive.core.models import AuditEntry


def last_entry():
    return AuditEntry.objects.first()


def test_a_coordinator_adds_an_analyst_who_has_no_password_yet(cast):
    person = actions.create_member(
        by=cast["alicia"],
        username="ana",
        display_name="Ana López",
        password=None,
        roles=[(Role.ANALYST, SONSONATE)],
    )

    assert not person.has_usable_password()
    assert person.memberships.get().place_path == SONSONATE
    assert last_entry().place_path == SONSONATE


@pytest.mark.parametrize(
    ("role", "place"), [(Role.MINISTRY, ""), (Role.ANALYST, ACAJUTLA)]
)
def test_nothing_is_written_when_a_coordinator_reaches_beyond_her_place(
    cast, role, place
):
    before = AuditEntry.objects.count()

    with pytest.raises(policies.PolicyError):
        actions.create_member(
            by=cast["alicia"],
            username="ana",
            display_name="Ana",
            password=None,
            roles=[(role, place)],
        )
    with pytest.raises(policies.PolicyError):
        actions.give_role(
            by=cast["alicia"], user=cast["bruno"], role=role, place_path=place
        )

    assert not User.objects.filter(username="ana").exists()
    assert AuditEntry.objects.count() == before


def test_a_role_given_twice_is_one_role_and_one_entry(cast):
    given = {"user": cast["bruno"], "role": Role.CASE_WORKER, "place_path": SONSONATE}
    actions.give_role(by=cast["alicia"], **given)
    entries = AuditEntry.objects.count()

    actions.give_role(by=cast["alicia"], **given)

    assert cast["bruno"].memberships.count() == 2
    assert AuditEntry.objects.count() == entries


def test_a_role_is_taken_with_what_it_was(cast):
    membership = cast["bruno"].memberships.get()

    actions.take_role(by=cast["alicia"], membership=membership)

    assert not Membership.objects.filter(user=cast["bruno"]).exists()
    assert last_entry().changes == {"roles": [f"analyst {SONSONATE}", ""]}


def test_carla_takes_no_role_in_sonsonate(cast):
    with pytest.raises(policies.PolicyError):
        actions.take_role(by=cast["carla"], membership=cast["bruno"].memberships.get())

    assert cast["bruno"].memberships.exists()


def test_a_deactivated_person_is_out_at_once_and_may_come_back(cast, client_of):
    client = client_of("bruno")

    actions.deactivate_member(by=cast["alicia"], user=cast["bruno"])
    refused = client.get("/cuenta/")
    cast["bruno"].refresh_from_db()
    actions.activate_member(by=cast["alicia"], user=cast["bruno"])

    assert refused.status_code == 302
    assert client.get("/cuenta/").status_code == 200


def test_carla_deactivates_nobody_of_sonsonate(cast):
    for act in (actions.deactivate_member, actions.activate_member):
        with pytest.raises(policies.PolicyError):
            act(by=cast["carla"], user=cast["bruno"])


def test_user_names_differ_by_more_than_capitals(cast):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        actions.create_member(
            by=System(),
            username="Alicia",
            display_name="Another",
            password=None,
            roles=[],
        )


def test_my_account_tells_what_changed_and_is_silent_when_nothing_did(cast):
    alicia = cast["alicia"]

    actions.save_my_account(by=alicia, display_name="Alicia R.", language="en")
    entry = last_entry()
    actions.save_my_account(by=alicia, display_name="Alicia R.", language="en")

    assert entry.changes == {
        "display_name": ["Alicia Ramos", "Alicia R."],
        "language": ["", "en"],
    }
    assert last_entry() == entry


def test_the_words_of_the_roles_are_those_of_the_table():
    from django.utils.translation import override

    with override("en"):
        assert {role: str(role.label) for role in Role} == actions.ROLE_WORDS
