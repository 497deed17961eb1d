"""Commands that prepare and start the installation."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress as Bar

from convive.website import assets, worker

if TYPE_CHECKING:
    from convive.core.jobs import Progress

_console = Console(stderr=True)
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(envvar="CONVIVE_PORT")]


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the web pages and run background work until stopped."""
    from convive.core.actors import System
    from convive.incidents import compute, importing
    from convive.incidents.actions import sweep_drafts

    prepare()
    with compute.exclusive():
        importing.recover()
    sweep_drafts(by=System())
    with worker.working():
        _serve_pages(host, port)


def work(
    with_parent: Annotated[
        bool, typer.Option("--with-parent", help="Stop when the starting process ends.")
    ] = False,
) -> None:
    """Run background work only; `convive serve` does it too. Start one of them."""
    worker.keep_working(with_parent=with_parent)


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Stop after loading.")
    ] = False,
) -> None:
    """Load the demonstration programme and serve it."""
    from convive.website import demo as programme
    from convive.website.demo_diagnosis import load_diagnosis
    from convive.website.demo_unit import load_unit

    prepare()
    with Bar(console=_console) as bar:
        programme.load(_on(bar))
    if accounts := programme.make_accounts():
        _console.print(_("The demonstration's accounts, shown this once:"))
        _console.print(accounts.read_text(encoding="utf-8"), highlight=False)
        _console.print(_("They are kept in %(file)s.") % {"file": accounts})
    load_unit(programme.folder() / "unit.toml")
    load_diagnosis(programme.folder() / "diagnosis.toml")
    if not no_serve:
        _console.print(f"http://{host}:{port}/")
        serve(host, port)


def prepare() -> None:
    """Bring the database to this version; quick when it is there."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    assets.collect_when_changed()


def _on(bar: Bar) -> Progress:
    task = bar.add_task("", total=1)

    def progress(done: int, total: int, phase: str) -> None:
        bar.update(task, completed=done, total=total, description=_(phase))

    return progress


def _serve_pages(host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convive.website.settings")
    Granian(
        "convive.website.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=4,
        log_access=False,
    ).serve()
