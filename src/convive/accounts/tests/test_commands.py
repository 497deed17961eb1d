"""`convive administrator NAME`: the way into a bare installation."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from convive.accounts.commands import administrator
from convive.accounts.models import Membership, User
from convive.accounts.roles import Role

pytestmark = pytest.mark.django_db
SHELL = typer.Typer()
SHELL.command()(administrator)
PASSWORD = "un-lugar-tranquilo-7"


def run(*arguments, given=""):
    return CliRunner().invoke(SHELL, arguments, input=given)


def test_the_printed_link_lets_the_first_administrator_in(client):
    result = run("rosa", "--name", "Rosa", "--address", "http://testserver")
    link = result.stdout.strip().splitlines()[-1]

    client.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    client.post("/cuenta/login/", {"login": "rosa", "password": PASSWORD})

    assert result.exit_code == 0
    assert client.get("/cuenta/personas/").status_code == 200
    assert Membership.objects.get().role == Role.ADMINISTRATOR


def test_a_password_may_be_given_instead_and_is_validated():
    weak = run("rosa", "--password-stdin", given="12345\n")
    nobody = User.objects.exists()
    good = run("rosa", "--password-stdin", given=f"{PASSWORD}\n")

    assert (weak.exit_code, nobody, good.exit_code) == (1, False, 0)
    assert User.objects.get().check_password(PASSWORD)


def test_run_again_it_lets_a_locked_out_administrator_back_in():
    run("rosa")
    User.objects.update(is_active=False)

    result = run("ROSA")

    assert result.exit_code == 0
    assert User.objects.get().is_active


def test_a_name_that_cannot_be_typed_everywhere_is_refused():
    result = run("Rosa María")

    assert result.exit_code == 1
    assert not User.objects.exists()
