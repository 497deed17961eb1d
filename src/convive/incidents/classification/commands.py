"""`convive crosswalk`: the offence table of a country, from a shell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress as Bar

from convive.core.actors import System
from convive.incidents.classification import rereading, table
from convive.incidents.classification.actions import save_crosswalk
from convive.incidents.reference import latest_crosswalk
from convive.places.models import Place

if TYPE_CHECKING:
    from convive.core.jobs import Progress

app = typer.Typer(no_args_is_help=True)
_console = Console(stderr=True)
Country = Annotated[str, typer.Option(help="Path of the country, as sv.")]


@app.command("import")
def import_table(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    country: Country,
    note: Annotated[str, typer.Option(help="Why this version is written.")] = "",
) -> None:
    """Write a new version of the whole table from a CSV file."""
    _check_country(country)
    try:
        rows = table.read_csv(file.read_bytes())
    except table.TableError as error:
        for sentence in error.sentences:
            _console.print(f"[red]{sentence}[/red]")
        raise typer.Exit(1) from error
    why = note or _("Imported with the command from %(file)s") % {"file": file.name}
    version = save_crosswalk(
        by=System(), country_path=country, terms=rows, note=why, is_whole=True
    )
    said = _("Version %(version)s of the table of %(country)s has %(count)s offences.")
    facts = {"version": version.version, "country": country, "count": len(rows)}
    _console.print(said % facts)


@app.command("export")
def export_table(
    country: Country,
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="Standard output without one.")
    ] = None,
) -> None:
    """Write the newest version of the table as CSV."""
    _check_country(country)
    latest = latest_crosswalk(country)
    if latest is None:
        _refuse(_("The table of %(country)s is empty.") % {"country": country})
        return
    content = table.to_csv(latest.terms.order_by("key"))
    if file is None:
        sys.stdout.buffer.write(content)
    else:
        file.write_bytes(content)


@app.command("apply")
def apply_table(
    country: Country,
    place: Annotated[
        str, typer.Option(help="Slug path; without one, the whole country.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
) -> None:
    """Classify again the incidents that the newest version classes otherwise."""
    _check_country(country)
    places = [place.strip("/") or country]
    shares = rereading.plan(country, places)
    for share in shares:
        said = _("%(place)s, %(source)s: %(count)s incidents")
        facts = {"place": share.place_path, "source": share.source}
        _console.print(said % (facts | {"count": share.count}))
    total = sum(share.count for share in shares)
    _console.print(_("%(count)s incidents change.") % {"count": total})
    if dry_run or not shares:
        return
    with Bar(console=_console, transient=True) as bar:
        rereading.reread(
            by=System(), country_path=country, places=places, progress=_on(bar)
        )


def _on(bar: Bar) -> Progress:
    task = bar.add_task("", total=1)

    def progress(done: int, total: int, phase: str) -> None:
        bar.update(task, completed=done, total=total, description=_(phase))

    return progress


def _check_country(country: str) -> None:
    if not Place.objects.filter(path=country, parent=None).exists():
        sentence = _("There is no country “%(country)s”. Countries are named by their "
                     "path, as sv.")  # fmt: skip
        _refuse(sentence % {"country": country})


def _refuse(sentence: str) -> None:
    _console.print(f"[red]{sentence}[/red]")
    raise typer.Exit(1)
