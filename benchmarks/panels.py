"""An invented panel of all municipalities, and what the machine can read a second."""

from __future__ import annotations

import shutil
import subprocess
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

UNITS, PERIODS, PRE_PERIODS = 262, 120, 96
CORES = 2


def municipalities() -> NDArray[np.float64]:
    """Ten years of monthly rates; work began in the first row after eight of them."""
    rng = np.random.default_rng(262)
    course = np.cumsum(rng.normal(0, 0.3, (4, PERIODS)), axis=1)
    season = 5 * np.sin(2 * np.pi * np.arange(PERIODS) / 12)
    table = rng.gamma(4, 8, (UNITS, 1)) + 2 * rng.normal(0, 1, (UNITS, 4)) @ course
    table += rng.uniform(0, 1, (UNITS, 1)) * season
    table += rng.normal(0, 2, (UNITS, PERIODS))
    table[0] = 0.4 * table[5] + 0.35 * table[17] + 0.25 * table[60]
    table[0] += rng.normal(0, 1, PERIODS)
    table[0, PRE_PERIODS:] -= 6
    return np.maximum(table, 0)


def best_seconds(work: Callable[[], object], repeats: int = 3) -> float:
    seconds = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def cached_bytes_a_second() -> float:
    """Products of a table that stays in the second cache, on all cores."""
    table, vector = np.ones((UNITS, UNITS)), np.ones(UNITS)
    repeats = 200
    seconds = best_seconds(lambda: [table @ vector for _ in range(repeats)], 5)
    return CORES * repeats * table.nbytes / seconds


def has_r_package(name: str) -> bool:
    rscript = shutil.which("Rscript")
    if rscript is None:
        return False
    asked = f'quit(status = !requireNamespace("{name}", quietly = TRUE))'
    return subprocess.run([rscript, "-e", asked], capture_output=True).returncode == 0
