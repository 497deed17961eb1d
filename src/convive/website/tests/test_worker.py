"""The worker is started again when it dies, and its job is told to its owner."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CONVIVE = [sys.executable, "-m", "convive"]
WITHIN_S = 60
RUNNING_JOB = """
import django
django.setup()
from convive.core.models import Job
Job.objects.create(by_name="bruno", title="x", status="running")
"""
STATES = """
import django
django.setup()
from convive.core.models import Job
print(*Job.objects.order_by("created_at").values_list("status", flat=True))
"""


def children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def wait_for(condition):
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.1)
    return pytest.fail("it did not happen in time")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_a_killed_worker_is_replaced_and_its_job_closed(tmp_path):
    env = os.environ | {"CONVIVE_HOME": str(tmp_path)}
    env["DATABASE_URL"] = f"sqlite:///{tmp_path}/worker.sqlite3"

    def run(*command):
        done = subprocess.run(command, env=env, capture_output=True, check=True)
        return done.stdout.decode().split()

    run(*CONVIVE, "manage", "migrate", "--verbosity", "0")
    log = (tmp_path / "worker.log").open("wb")
    keeper = subprocess.Popen(
        [*CONVIVE, "work"], env=env, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        [first] = wait_for(lambda: children_of(keeper.pid))
        run(sys.executable, "-c", RUNNING_JOB)
        os.kill(first, signal.SIGKILL)
        [second] = wait_for(lambda: set(children_of(keeper.pid)) - {first})
        states = run(sys.executable, "-c", STATES)
    finally:
        keeper.terminate()
        keeper.wait(timeout=WITHIN_S)
        log.close()

    assert second != first
    assert states == ["failed"]
    assert not Path(f"/proc/{second}").exists()
