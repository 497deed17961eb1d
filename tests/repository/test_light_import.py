"""The numerical library opens at once: what is heavy is loaded by who needs it."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("django", "numba", "scipy", "polars", "duckdb")


def test_importing_the_statistics_loads_no_heavy_library():
    code = f"import convive.stats, sys; print([m for m in {HEAVY} if m in sys.modules])"

    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "[]"
