"""`convive quarantine`: the rows that wait, from a shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.console import Console

from convive.incidents.models import Batch, QuarantinedRow
from convive.incidents.quarantine import downloads

app = typer.Typer(no_args_is_help=True)
_console = Console(stderr=True)
BatchNumber = Annotated[int, typer.Option("--batch", help="Number of the import.")]


@app.command("list")
def list_rows(
    batch: Annotated[int, typer.Option("--batch", help="0 is every import.")] = 0,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show the rows that wait, with what is wrong with each."""
    rows = QuarantinedRow.objects.open().select_related("batch")
    if batch:
        rows = rows.filter(batch=_batch(batch))
    if as_json:
        typer.echo(json.dumps([_entry(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        for problem in downloads.problems_of(row):
            facts = {
                "number": row.batch_id,
                "row": row.row_number,
                "column": problem.column,
                "sentence": problem.text(),
            }
            line = _("Batch %(number)s, row %(row)s, %(column)s: %(sentence)s")
            typer.echo(line % facts)
    _console.print(_("%(count)s rows wait.") % {"count": len(rows)})


def _entry(row: QuarantinedRow) -> dict[str, object]:
    return {
        "batch": row.batch_id,
        "row": row.row_number,
        "place": row.batch.place_path,
        "cells": row.cells,
        "problems": [
            {"column": p.column, "value": p.value, "sentence": p.text()}
            for p in downloads.problems_of(row)
        ],
    }


@app.command("download")
def download_rows(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="As .csv or .xlsx.")],
    batch: BatchNumber,
) -> None:
    """Write the waiting rows of an import to a file, to be corrected and imported."""
    file_format = file.suffix.removeprefix(".").lower()
    if file_format not in downloads.MAKERS:
        raise typer.BadParameter(_("The file name must end in .csv or .xlsx."))
    found = _batch(batch)
    rows = list(found.quarantine.open())
    file.write_bytes(downloads.make(found, rows, file_format))
    said = _("%(count)s rows were written to %(file)s.")
    _console.print(said % {"count": len(rows), "file": file})


def _batch(number: int) -> Batch:
    batch = Batch.objects.filter(number=number).first()
    if batch is None:
        message = _("There is no batch %(number)s.") % {"number": number}
        _console.print(f"[red]{message}[/red]")
        raise typer.Exit(1)
    return batch
