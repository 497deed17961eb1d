"""`convive import panel`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.console import Console

from convive.core.actors import System
from convive.observatory.panel import actions
from convive.observatory.panel.actions import PanelFacts
from convive.observatory.panel.reading import PanelFileError

_console = Console(stderr=True)


def import_panel(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    name: Annotated[str, typer.Option(help="What readers will see it called.")],
    source: Annotated[str, typer.Option(help="Who counted and who published.")],
    licence: Annotated[str, typer.Option()],
    iccs: Annotated[str, typer.Option(help="What it counts.")] = "0101",
    note: Annotated[str, typer.Option(help="How its definitions differ.")] = "",
) -> None:
    """Load a comparison panel from a CSV or XLSX with code, name, year, count and
    population, and region if known.
    """
    facts = PanelFacts(name, source, licence, iccs, note)
    try:
        panel = actions.import_panel(by=System(), file=file, facts=facts)
    except PanelFileError as error:
        _console.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from error
    count = panel.figures.count()
    _console.print(_("%(count)s figures of the panel loaded.") % {"count": count})
