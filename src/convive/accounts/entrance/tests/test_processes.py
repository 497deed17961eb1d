"""Guesses that several processes take at the same moment are counted together."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

GUESS = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "convive.website.settings"
import django
django.setup()
from convive.accounts.entrance import throttle
sys.stdin.readline()
let_through = 0
for _ in range(10):
    try:
        throttle.count(throttle.of_account("alicia"))
        let_through += 1
    except throttle.TooManyAttemptsError:
        pass
print(let_through)
"""


@pytest.mark.slow
def test_four_processes_get_five_guesses_together_and_a_restart_no_more(tmp_path):
    environment = os.environ | {"CONVIVE_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    python = {"env": environment, "text": True}
    migrate = [sys.executable, "-m", "convive", "manage", "migrate", "-v", "0"]
    subprocess.run(migrate, check=True, **python)

    def guessers(count):
        pipe = subprocess.PIPE
        started = [
            subprocess.Popen(
                [sys.executable, "-c", GUESS], stdin=pipe, stdout=pipe, **python
            )
            for _ in range(count)
        ]
        return sum(int(one.communicate("go\n")[0]) for one in started)

    together, after_restart = guessers(4), guessers(1)

    assert (together, after_restart) == (5, 0)
