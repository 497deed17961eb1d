"""`convive import incidents`: what the page does, from a shell."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils import translation
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress as Bar

from convive.core.actors import System
from convive.incidents import iccs, importing
from convive.incidents.actions import Claim, ImportRefusedError, Order, Outcome
from convive.incidents.intake import IntakeError
from convive.incidents.models import Batch, ImportMode, Nature
from convive.places.models import Place
from convive.warehouse import WarehouseError

if TYPE_CHECKING:
    from convive.core.jobs import Progress

_console = Console(stderr=True)
_SHOWN_ROWS = 10


def import_incidents(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    place: Annotated[str, typer.Option(help="Slug path, as sv/sonsonate/acajutla.")],
    profile: Annotated[str, typer.Option(help="A mapping kept earlier.")] = "",
    source: Annotated[
        str, typer.Option(help="The office whose list it is.")
    ] = "police",
    mode: Annotated[ImportMode, typer.Option()] = ImportMode.ADD,
    nature: Annotated[Nature, typer.Option()] = Nature.REAL,
    note: Annotated[str, typer.Option(help="What a reader should know.")] = "",
    complete_from: Annotated[
        str, typer.Option(help="First day (yyyy-mm-dd) that the file holds completely.")
    ] = "",
    complete_until: Annotated[str, typer.Option(help="Last such day.")] = "",
    provisional_from: Annotated[
        str, typer.Option(help="Records of this day and later may still arrive.")
    ] = "",
    claim_nothing: Annotated[
        bool,
        typer.Option(
            "--claim-nothing",
            help="The file is a part only: its months stay “no data” where no other "
            "file holds them. Without this, its own months are taken as complete.",
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Import incidents from a CSV, XLSX, XLS or ODS file."""
    claim = Claim(
        nature=nature,
        note=note,
        since=_day(complete_from),
        until=_day(complete_until),
        provisional_from=_day(provisional_from),
    )
    order = Order(
        file=file,
        place_path=place.strip("/"),
        source=source,
        profile=profile,
        mode=mode,
        claim=claim,
        has_usual_claim=not claim_nothing,
    )
    try:
        outcome = _carry_out(order, dry_run=dry_run)
    except (IntakeError, ImportRefusedError, WarehouseError) as error:
        _console.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from error
    _explain(outcome)
    if as_json:
        typer.echo(json.dumps(_summary(outcome, dry_run=dry_run), ensure_ascii=False))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        message = _("“%(value)s” is not a day. Write it as 2009-12-31.")
        raise typer.BadParameter(message % {"value": text}) from error


def _carry_out(order: Order, *, dry_run: bool) -> Outcome:
    if not Place.objects.filter(path=order.place_path).exists():
        raise ImportRefusedError(
            _("There is no place “%(place)s”. Places are named by their path, as "
              "sv/sonsonate/acajutla.")
            % {"place": order.place_path}
        )  # fmt: skip
    if dry_run:
        return importing.preview(order)
    with Bar(console=_console, transient=True) as bar:
        return importing.run_import(by=System(), order=order, progress=_on(bar))


def _on(bar: Bar) -> Progress:
    task = bar.add_task("", total=1)

    def progress(done: int, total: int, phase: str) -> None:
        bar.update(task, completed=done, total=total, description=_(phase))

    return progress


def _summary(outcome: Outcome, *, dry_run: bool) -> dict[str, Any]:
    return {
        "read": outcome.read,
        "accepted": outcome.accepted,
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "removed": outcome.removed,
        "quarantined": len(outcome.rejected),
        "unclassified": sum(outcome.unclassified.values()),
        "batch": outcome.batch.number if outcome.batch else None,
        "complete_from": _iso(outcome.batch.covers_from if outcome.batch else None),
        "complete_until": _iso(outcome.batch.covers_until if outcome.batch else None),
        "notes": [note.text() for note in outcome.notes],
        "dry_run": dry_run,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _claimed(batch: Batch) -> str:
    kinds = ", ".join(iccs.label(code) for code in batch.covers_iccs)
    return _("Taken as complete from %(since)s to %(until)s for: %(kinds)s.") % {
        "since": f"{batch.covers_from:%d/%m/%Y}",
        "until": f"{batch.covers_until:%d/%m/%Y}",
        "kinds": kinds or _("every kind of offence"),
    }


def _explain(outcome: Outcome) -> None:
    """The sentences a person needs, on standard error."""
    with translation.override(translation.get_language() or "es"):
        _console.print(
            _("%(read)s rows read: %(new)s new, %(changed)s changed, %(unchanged)s "
              "unchanged, %(bad)s in quarantine.")
            % {
                "read": outcome.read,
                "new": outcome.new,
                "changed": outcome.changed,
                "unchanged": outcome.unchanged,
                "bad": len(outcome.rejected),
            }
        )  # fmt: skip
        if outcome.batch and outcome.batch.covers_from:
            _console.print(_claimed(outcome.batch))
        for note in outcome.notes:
            _console.print(note.text())
        for row in outcome.rejected[:_SHOWN_ROWS]:
            for problem in row.problems:
                _console.print(
                    _("Row %(row)s, %(column)s: %(sentence)s")
                    % {
                        "row": row.row_number,
                        "column": problem.column,
                        "sentence": problem.text(),
                    }
                )
