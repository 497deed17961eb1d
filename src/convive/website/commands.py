"""Commands that start the installation."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="CONVIVE_PORT")] = 8000,
) -> None:
    """Serve the web pages and run background work until stopped."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "convive", "manage", "db_worker", "--interval", "0.5"]
    )
    try:
        _serve_pages(host, port)
    finally:
        worker.terminate()
        worker.wait(timeout=30)


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
