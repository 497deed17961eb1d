"""Keeps a worker for background work alive.

It is a process of its own, so that the web server may fork without a thread of ours
in it. When the worker dies its job is closed with a sentence, and another starts.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connections

from convive.core.actions import fail_interrupted_jobs
from convive.core.actors import System

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

COMMAND = [sys.executable, "-m", "convive"]
# A job that outlives this is stopped; imports lose nothing by it.
PATIENCE_S = 20
PAUSE_S = 1


class Stopped(Exception):
    """The installation is being stopped."""


@contextmanager
def working() -> Iterator[None]:
    """Run background work beside the body."""
    command = [*COMMAND, "work", "--with-parent"]
    keeper = subprocess.Popen(command)  # noqa: S603 - our own command
    try:
        yield
    finally:
        keeper.terminate()
        try:
            keeper.wait(timeout=PATIENCE_S + 10)
        except subprocess.TimeoutExpired:
            keeper.kill()


def keep_working(*, with_parent: bool = False) -> None:
    """Start the worker, and start it again whenever it ends, until stopped.

    `with_parent` stops it too when the web server is gone without a word.
    """
    signal.signal(signal.SIGTERM, _stop)
    parent = os.getppid() if with_parent else None
    try:
        while True:
            fail_interrupted_jobs(by=System())
            connections.close_all()
            _run_one(parent)
            time.sleep(PAUSE_S)
    except (Stopped, KeyboardInterrupt):
        pass


def _run_one(parent: int | None) -> None:
    command = [*COMMAND, "manage", "db_worker", "--interval", "0.5"]
    worker = subprocess.Popen(command)  # noqa: S603 - our own command
    try:
        while worker.poll() is None:
            if parent not in {None, os.getppid()}:
                raise Stopped
            time.sleep(PAUSE_S)
    except (Stopped, KeyboardInterrupt):
        worker.terminate()
        try:
            worker.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        raise


def _stop(signum: int, frame: FrameType | None) -> None:
    raise Stopped
