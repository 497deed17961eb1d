"""Killed at any instant, the store holds either the whole batch or none of it."""

import json
import os
import resource
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, connections

from convive.core.actors import System
from convive.incidents import compute, importing
from convive.incidents.actions import Order
from convive.incidents.models import Batch, QuarantinedRow
from convive.incidents.tests.shell import Installation, postgres_database
from convive.places.actions import save_place
from convive.places.models import PlaceKind
from convive.warehouse import records
from convive.warehouse.slices import Slice

HEAD = "Expediente,Fecha,Delito,Edad\n"
BAD = "malo,99/03/2009,Homicidio,40\n"
ROWS = 20_000


class Crash(BaseException):
    """The power went."""


class Fuse:
    """Lets a number of steps pass, then burns before or after the next one."""

    def __init__(self, monkeypatch):
        self.left, self.after, self.is_armed = 0, False, False
        for owner, name in (
            (os, "fsync"),
            (os, "open"),
            (os, "mkdir"),
            (Path, "rename"),
            (type(connections["default"]), "commit"),
        ):
            monkeypatch.setattr(owner, name, self.guarded(getattr(owner, name)))

    def guarded(self, step):
        def run(*arguments, **options):
            if self.burns(after=False):
                raise Crash
            answer = step(*arguments, **options)
            if self.burns(after=True):
                raise Crash
            return answer

        return run

    def burns(self, *, after):
        if not self.is_armed or after != self.after:
            return False
        self.left -= 1
        return self.left < 0


@pytest.fixture
def acajutla(transactional_db):
    by = System()
    sv = save_place(by=by, kind=PlaceKind.COUNTRY, name="sv", parent=None, path="sv")
    so = save_place(by=by, kind=PlaceKind.DEPARTMENT, name="Sonsonate", parent=sv)
    return save_place(by=by, kind=PlaceKind.MUNICIPALITY, name="Acajutla", parent=so)


def live_rows():
    march = Slice("sv", date(2009, 3, 1), date(2009, 3, 31))
    table = records(compute.incidents_known_on(), march)
    return sorted(table["incident_id"].to_pylist())


@pytest.fixture
def two_files(tmp_path):
    lines = [f"{i},05/03/2009,Homicidio,20\n" for i in range(3)]
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text(HEAD + "".join(lines), encoding="utf-8")
    changed = [lines[0].replace(",20", ",21"), "8,06/03/2009,Homicidio,1\n", BAD]
    second.write_text(HEAD + "".join(changed), encoding="utf-8")
    return first, second


def crashes(fuse, order):
    """Whether the power goes before the import is done."""
    fuse.is_armed = True
    try:
        importing.run_import(by=System(), order=order)
    except (Crash, ProgrammingError):
        # psycopg adds its own complaint on the way out of the broken transaction.
        assert fuse.left < 0
        hang_up()
        return True
    finally:
        fuse.is_armed = False
    return False


def hang_up():
    """Lose the connection as a dying process does; the next use opens another."""
    if connection.vendor == "sqlite":  # in memory: closing would lose all of it
        connection.connection.rollback()
    else:
        connection.connection.close()
        connection.connection = None
    connection.in_atomic_block = connection.needs_rollback = False
    connection.closed_in_transaction = False
    connection.savepoint_ids, connection.atomic_blocks = [], []
    connection.run_on_commit = []


def take_back():
    batch = Batch.objects.recorded().order_by("-number")[0]
    importing.undo_import(by=System(), batch=batch)
    batch.delete()


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_step_leaves_all_or_nothing_and_the_next_import_mends(
    after, acajutla, two_files, monkeypatch
):
    first, second = (Order(file, acajutla.path, "pnc") for file in two_files)
    importing.run_import(by=System(), order=first)
    before, whole = ["0", "1", "2"], ["0", "1", "2", "8"]
    fuse, steps, seen = Fuse(monkeypatch), 0, []

    fuse.left, fuse.after = 0, after
    while crashes(fuse, second):
        with compute.exclusive():
            importing.recover()
        seen.append(live_rows())
        assert seen[-1] in (before, whole)
        assert QuarantinedRow.objects.count() == int(seen[-1] == whole)
        assert not Batch.objects.filter(status="writing").exists()
        if seen[-1] == whole:
            take_back()
        steps += 1
        fuse.left = steps

    assert steps > 8
    assert before in seen
    assert live_rows() == whole


def databases():
    url = os.environ.get("DATABASE_URL", "")
    return ["sqlite", *(["postgres"] if url.startswith("postgres") else [])]


@pytest.fixture(params=databases())
def installation(request, tmp_path):
    url = f"sqlite:///{tmp_path}/crash.sqlite3"
    if request.param == "postgres":
        name = f"convive_crash_{os.getpid()}"
        url = postgres_database(os.environ["DATABASE_URL"], name)
    return Installation(tmp_path, url)


@pytest.fixture
def march(tmp_path):
    file = tmp_path / "marzo.csv"
    lines = [f"{i},05/03/2009,Homicidio,{i % 90}\n" for i in range(ROWS)]
    file.write_text(HEAD + "".join(lines) + BAD, encoding="utf-8")
    return file


# What appears on disk while a batch is written, in its order.
MOMENTS = [
    "import.lock",
    "incidents/.batch-*",
    "incidents/.batch-*/incidents.parquet",
    "incidents/.batch-*/retired.parquet",
    "incidents/.batch-*/manifest.json",
    "incidents/batch-*",
]


def kill_when(installation, march, moment):
    """Kill an import when a file appears, or some seconds after it began."""
    process = installation.start(march)
    warehouse, start = installation.home / "warehouse", time.monotonic()
    with process:
        while process.poll() is None:
            if isinstance(moment, float):
                is_time = time.monotonic() - start > moment
            else:
                is_time = any(warehouse.glob(moment))
            if is_time:
                process.kill()
                break
        process.wait()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_many_moments_nothing_is_lost_and_nothing_is_half(
    installation, march
):
    empty = {"incidents": 0, "quarantined": 0, "recorded": 0, "writing": 0}
    whole = {"incidents": ROWS, "quarantined": 1, "recorded": 1, "writing": 0}

    for moment in [0.8, 1.6, *MOMENTS]:
        kill_when(installation, march, moment)
        seen = installation.look()
        assert seen in (empty | {"folders": 0}, whole | {"folders": 1}), moment
    done = installation.run(*installation.importing(march))

    assert done.returncode == 0
    assert installation.look() == whole | {"folders": 1}


@pytest.mark.slow
def test_two_imports_at_once_wait_for_one_another_and_both_count(
    installation, march, tmp_path
):
    other = tmp_path / "abril.csv"
    lines = [f"b{i},05/04/2009,Homicidio,{i % 90}\n" for i in range(ROWS)]
    other.write_text(HEAD + "".join(lines), encoding="utf-8")

    both = [installation.start(file) for file in (march, other)]
    codes = [process.wait(timeout=200) for process in both]

    assert codes == [0, 0]
    assert installation.look()["incidents"] == 2 * ROWS


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))


@pytest.mark.slow
def test_a_full_disk_gives_a_sentence_and_nothing_half_done(tmp_path):
    installation = Installation(tmp_path, f"sqlite:///{tmp_path}/full.sqlite3")
    file = tmp_path / "grande.csv"
    words = (os.urandom(30).hex() for _ in range(40_000))
    lines = [f"{i},05/03/2009,Homicidio,{w}\n" for i, w in enumerate(words)]
    head = "Expediente,Fecha,Delito,Lugar\n"
    file.write_text(head + "".join(lines), encoding="utf-8")

    full = installation.run(
        *installation.importing(file), "--json", preexec_fn=limit_files
    )
    left = installation.look()
    again = installation.run(*installation.importing(file), "--json")

    assert full.returncode == 1
    assert full.stdout == b""
    assert "espacio" in full.stderr.decode() or "room" in full.stderr.decode()
    assert b"Traceback" not in full.stderr
    assert (left["incidents"], left["folders"], left["writing"]) == (0, 0, 0)
    assert json.loads(again.stdout)["accepted"] == 40_000


@pytest.mark.slow
def test_the_command_prints_one_object_and_counts_only_records(tmp_path):
    installation = Installation(tmp_path, f"sqlite:///{tmp_path}/one.sqlite3")
    file = tmp_path / "hechos.csv"
    file.write_text(
        "POLICÍA NACIONAL CIVIL,,,\nConsolidado 2009,,,\n,,,\n"
        "Expediente,Fecha,Delito,Edad\n1,05/03/2009,Homicidio,20\n"
        "Subtotal marzo,1,,\n2,99/04/2009,Homicidio,30\nTotal,2,,\n",
        encoding="utf-8",
    )

    tried = installation.run(*installation.importing(file), "--dry-run", "--json")
    done = installation.run(*installation.importing(file), "--json")
    again = installation.run(*installation.importing(file), "--json")

    first, second = json.loads(done.stdout), json.loads(again.stdout)
    assert done.stdout.count(b"\n") == 1
    assert (first["read"], first["accepted"], first["quarantined"]) == (2, 1, 1)
    assert first["batch"] is not None
    assert json.loads(tried.stdout)["batch"] is None
    assert (second["unchanged"], second["batch"]) == (1, None)
    assert b"99/04/2009" in done.stderr
