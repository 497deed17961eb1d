"""`convive import places|population|gazetteer`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.console import Console

from convive.core.actors import System
from convive.places import actions
from convive.places.actions import Origin, PlaceFields, PlaceFileError
from convive.places.boundaries import BoundaryError
from convive.places.models import Place, PlaceKind

_console = Console(stderr=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


def import_places(
    file: File,
    parent: Annotated[str, typer.Option(help="Path of the place around them.")],
    kind: Annotated[PlaceKind, typer.Option()],
    name_field: Annotated[
        str, typer.Option(help="Property with the name; '' when the file holds one.")
    ] = "name",
    code_field: Annotated[str, typer.Option()] = "",
    parent_field: Annotated[str, typer.Option()] = "",
    source: Annotated[str, typer.Option()] = "",
    licence: Annotated[str, typer.Option()] = "",
    approximate: Annotated[bool, typer.Option("--approximate")] = False,
) -> None:
    """Load boundaries from GeoJSON or a zipped shapefile."""
    try:
        count = actions.import_boundaries(
            by=System(),
            file=file,
            kind=kind,
            parent=_place(parent),
            fields=PlaceFields(name_field, code_field, parent_field),
            origin=Origin(source or file.name, licence, is_approximate=approximate),
        )
    except BoundaryError as error:
        _refuse(str(error), error)
    else:
        _console.print(_("%(count)s boundaries loaded.") % {"count": count})


def import_population(
    file: File,
    source: Annotated[str, typer.Option()] = "",
    verified: Annotated[bool, typer.Option("--verified")] = False,
) -> None:
    """Load population from a CSV with place, year, persons[, sex, age_group]."""
    origin = Origin(source or file.name, is_verified=verified)
    try:
        count = actions.import_population(by=System(), file=file, origin=origin)
    except PlaceFileError as error:
        _refuse(str(error), error)
    else:
        _console.print(_("%(count)s population figures loaded.") % {"count": count})


def import_gazetteer(
    file: File,
    municipality: Annotated[str, typer.Option(help="Path of the municipality.")],
    source: Annotated[str, typer.Option()] = "",
) -> None:
    """Load barrios and landmarks from a CSV with name, kind, longitude, latitude."""
    try:
        count = actions.import_gazetteer(
            by=System(),
            file=file,
            municipality=_place(municipality),
            origin=Origin(source or file.name),
        )
    except PlaceFileError as error:
        _refuse(str(error), error)
    else:
        _console.print(_("%(count)s gazetteer entries loaded.") % {"count": count})


def _place(path: str) -> Place:
    try:
        return Place.objects.get(path=path.strip("/"))
    except Place.DoesNotExist as error:
        message = _("There is no place “%(place)s”.") % {"place": path}
        raise typer.BadParameter(message) from error


def _refuse(sentence: str, cause: Exception) -> None:
    _console.print(f"[red]{sentence}[/red]")
    raise typer.Exit(1) from cause
