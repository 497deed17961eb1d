"""The `convive` command: what people do from a shell."""

from __future__ import annotations

import os
import sys

import django
import typer


def build() -> typer.Typer:
    """Assemble the command from the rooms. Django must be set up before."""
    from convive.accounts.commands import administrator
    from convive.incidents.classification.commands import app as crosswalk
    from convive.incidents.quarantine.commands import app as quarantine
    from convive.website import commands

    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        help="Convive: coordinate, measure and publish work against violence.",
    )
    app.command(
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
    )(manage)
    app.command()(commands.serve)
    app.command()(commands.work)
    app.command()(commands.demo)
    app.command()(administrator)
    app.add_typer(_imports(), name="import", help="Load files.")
    app.add_typer(quarantine, name="quarantine", help="Rows that wait to be mended.")
    app.add_typer(crosswalk, name="crosswalk", help="The offence table of a country.")
    return app


def _imports() -> typer.Typer:
    from convive.incidents.commands import import_incidents
    from convive.observatory.panel.commands import import_panel
    from convive.places import commands as places

    imports = typer.Typer(no_args_is_help=True)
    imports.command("incidents")(import_incidents)
    imports.command("places")(places.import_places)
    imports.command("population")(places.import_population)
    imports.command("gazetteer")(places.import_gazetteer)
    imports.command("panel")(import_panel)
    return imports


def manage(context: typer.Context) -> None:
    """Run a Django management command."""
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], *context.args])


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convive.website.settings")
    django.setup()
    build()()
