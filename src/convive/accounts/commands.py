"""`convive administrator NAME`: the first way into a bare installation."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import gettext as _
from rich.console import Console

from convive.accounts import actions
from convive.accounts.entrance import actions as entrance
from convive.accounts.members.forms import plain_name
from convive.core.actors import System

if TYPE_CHECKING:
    from collections.abc import Callable

_console = Console(stderr=True)


def administrator(
    username: Annotated[str, typer.Argument(help="What the person types to sign in.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    address: Annotated[
        str, typer.Option(help="Where the pages are served, for the link.")
    ] = "http://127.0.0.1:8000",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read a password, give no link.")
    ] = False,
) -> None:
    """Make a person administrator, and print a one-time link to set the password.

    Run it again for a person who can no longer get in: the link also removes the
    second factor, and the account is unlocked when the link is used.
    """
    call_command("migrate", verbosity=0)
    username = username.strip().casefold()
    _refuse_unless(plain_name, username)
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    if password_stdin:
        _refuse_unless(validate_password, password)
    by = System("Convive (shell)")
    user = actions.make_administrator(
        by=by, username=username, display_name=name or username
    )
    token = entrance.issue_link(by=by, user=user, removes_second_factor=True)
    if password_stdin:
        entrance.use_link(by=user, token=token, password=password)
        _console.print(_("%(name)s is administrator.") % {"name": username})
        return
    path = reverse("accounts:link_open", kwargs={"token": token})
    _console.print(
        _("%(name)s is administrator. This link sets the password, once, in 48 hours:")
        % {"name": username}
    )
    typer.echo(f"{address.rstrip('/')}{path}")


def _refuse_unless(is_valid: Callable[[str], None], text: str) -> None:
    try:
        is_valid(text)
    except ValidationError as error:
        _console.print(f"[red]{' '.join(error.messages)}[/red]")
        raise typer.Exit(1) from error
