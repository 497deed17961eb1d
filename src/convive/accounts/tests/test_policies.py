"""Who may act on whom: every role on every role."""

from __future__ import annotations

import pytest

from convive.accounts import policies
from convive.accounts.cast import ACAJUTLA, SONSONATE
from convive.accounts.models import Membership, User
from convive.accounts.roles import Role

pytestmark = pytest.mark.django_db
EVERYWHERE = {Role.ADMINISTRATOR, Role.MINISTRY}
UNIT = [role for role in Role if role not in EVERYWHERE]


def person(name, *held):
    user = User.objects.create(username=name, display_name=name.title())
    for role, path in held:
        Membership.objects.create(user=user, role=role, place_path=path)
    return user


def usual_place(role):
    return "" if role in EVERYWHERE else SONSONATE


# Rows act, columns are acted on; both in the same municipality.
MAY_MANAGE = {(Role.COORDINATOR, other): other not in EVERYWHERE for other in Role} | {
    (Role.ADMINISTRATOR, other): True for other in Role
}


@pytest.mark.parametrize("own", Role)
@pytest.mark.parametrize("other", Role)
def test_who_may_manage_whose_account_in_the_same_place(own, other):
    actor = person("actor", (own, usual_place(own)))
    target = person("target", (other, usual_place(other)))

    assert policies.may_manage_account(actor, target) is MAY_MANAGE.get(
        (own, other), False
    )


@pytest.mark.parametrize("own", Role)
@pytest.mark.parametrize("other", Role)
def test_who_may_give_which_role_in_the_same_place(own, other):
    actor = person("actor", (own, usual_place(own)))

    assert policies.may_give_role(actor, other, usual_place(other)) is MAY_MANAGE.get(
        (own, other), False
    )


@pytest.mark.parametrize("own", UNIT)
@pytest.mark.parametrize("other", Role)
def test_nobody_of_a_unit_acts_in_another_place(own, other):
    actor = person("actor", (own, SONSONATE))
    place = "" if other in EVERYWHERE else ACAJUTLA
    target = person("target", (other, place))

    assert not policies.may_manage_account(actor, target)
    assert not policies.may_give_role(actor, other, place)
    assert not policies.may_take_role(actor, target.memberships.get())


@pytest.mark.parametrize("other", UNIT)
def test_a_coordinator_cannot_take_over_a_person_who_also_works_elsewhere(other):
    coordinator = person("coordinator", (Role.COORDINATOR, SONSONATE))
    target = person("target", (other, SONSONATE), (other, ACAJUTLA))

    assert not policies.may_manage_account(coordinator, target)
    with pytest.raises(policies.PolicyError, match="Target"):
        policies.check_manage_account(coordinator, target)


@pytest.mark.parametrize("other", UNIT)
def test_a_coordinator_cannot_take_over_who_holds_the_whole_department(other):
    coordinator = person("coordinator", (Role.COORDINATOR, SONSONATE))
    target = person("target", (other, "sv/sonsonate"))

    assert not policies.may_manage_account(coordinator, target)


def test_a_coordinator_of_the_department_manages_its_municipalities():
    coordinator = person("coordinator", (Role.COORDINATOR, "sv/sonsonate"))
    target = person("target", (Role.COORDINATOR, SONSONATE), (Role.ANALYST, ACAJUTLA))

    assert policies.may_manage_account(coordinator, target)
    assert policies.may_deactivate(coordinator, target)


def test_a_person_without_roles_or_with_all_of_djangos_is_for_administrators():
    coordinator = person("coordinator", (Role.COORDINATOR, SONSONATE))
    administrator = person("administrator", (Role.ADMINISTRATOR, ""))
    nobody = person("nobody")
    root = person("root", (Role.ANALYST, SONSONATE))
    root.is_superuser = True
    root.save()

    for target in (nobody, root):
        assert not policies.may_manage_account(coordinator, target)
        assert policies.may_manage_account(administrator, target)


def test_whoever_was_deactivated_decides_nothing():
    coordinator = person("coordinator", (Role.COORDINATOR, SONSONATE))
    administrator = person("administrator", (Role.ADMINISTRATOR, ""))
    target = person("target", (Role.ANALYST, SONSONATE))

    for actor in (coordinator, administrator):
        actor.is_active = False
        actor.save()

        assert not policies.may_manage_account(actor, target)
        assert not policies.may_give_role(actor, Role.ANALYST, SONSONATE)


def test_the_last_administrator_stays():
    last = person("last", (Role.ADMINISTRATOR, ""))
    other = person("other", (Role.ADMINISTRATOR, ""))
    other.is_active = False
    other.save()

    assert not policies.may_take_role(last, last.memberships.get())
    with pytest.raises(policies.PolicyError):
        policies.check_take_role(last, last.memberships.get())
    with pytest.raises(policies.PolicyError):
        policies.check_deactivate(last, last)


def test_one_of_two_administrators_may_go():
    one = person("one", (Role.ADMINISTRATOR, ""))
    two = person("two", (Role.ADMINISTRATOR, ""))

    policies.check_take_role(one, two.memberships.get())
    policies.check_deactivate(one, two)


def test_nobody_deactivates_themselves():
    coordinator = person("coordinator", (Role.COORDINATOR, SONSONATE))

    with pytest.raises(policies.PolicyError):
        policies.check_deactivate(coordinator, coordinator)


def test_nobody_issues_a_link_for_themselves():
    for number, held in enumerate(
        [(Role.COORDINATOR, SONSONATE), (Role.ADMINISTRATOR, "")]
    ):
        issuer = person(f"issuer{number}", held)

        assert not policies.may_issue_link(issuer, issuer)
        with pytest.raises(policies.PolicyError):
            policies.check_issue_link(issuer, issuer)


def test_an_administrator_is_made_for_all_places_only():
    administrator = person("administrator", (Role.ADMINISTRATOR, ""))

    assert not policies.may_give_role(administrator, Role.ADMINISTRATOR, SONSONATE)


def test_the_database_knows_no_administrator_of_one_place():
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        person("wrong", (Role.ADMINISTRATOR, SONSONATE))


def test_a_members_page_is_seen_where_the_person_holds_a_role():
    coordinator = person("coordinator", (Role.COORDINATOR, SONSONATE))
    here = person("here", (Role.ANALYST, f"{SONSONATE}/centro"))
    there = person("there", (Role.ANALYST, ACAJUTLA))
    over = person("over", (Role.MINISTRY, ""))

    seen = [policies.may_see_member(coordinator, one) for one in (here, there, over)]

    assert seen == [True, False, False]
