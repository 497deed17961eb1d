"""Flexible Farrington of 2,620 weekly series, beside R's surveillance on a fraction."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from convive.stats import Baseline, farrington_flexible

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SERIES, WEEKS = 2_620, 416
TARGET = 100
# First week judged, and series that R is given: it is too slow for all.
WORKS = {"one week": (WEEKS - 1, 20), "52 weeks": (WEEKS - 52, 3)}
PLAN = Baseline(trend_level=0.05, is_as_surveillance=True)
# R says its seconds, then its bounds, one a line.
SCRIPT = """
suppressMessages(library(surveillance))
y <- unname(as.matrix(read.csv("{counts}", header = FALSE)))
control <- list(range = {first}:{end}, b = 5, w = 3, noPeriods = 10, trend = TRUE,
  weightsThreshold = 2.58, pastWeeksNotIncluded = 26, thresholdMethod = "nbPlugin")
s <- sts(y, start = c(2016, 1), frequency = 52)
t <- system.time(a <- suppressWarnings(farringtonFlexible(s, control)))[[3]]
cat(t, as.vector(upperbound(a)), sep = "\\n")
"""
# Of a fit, beside exponentials and powers: five steps of Newton of some nine operations
# a week, before and after reweighting, and as many again for means and spreads.
OPERATIONS_A_WEEK = 2 * (5 * 9 + 25)
OPERATIONS_A_SECOND = 2 * 2 * 2.5e9  # two cores, two operations a cycle


def weekly_counts() -> Floats:
    rng = np.random.default_rng(2013)
    usual = rng.lognormal(0.5, 1.2, (SERIES, 1))
    week = np.arange(WEEKS)
    season = 0.25 * np.sin(2 * np.pi * (week + rng.uniform(0, 52, (SERIES, 1))) / 52)
    growth = rng.normal(0, 0.1, (SERIES, 1)) * week / WEEKS
    mean = usual * np.exp(season + growth)
    counts = rng.negative_binomial(8, 8 / (8 + mean)).astype(np.float64)
    # One series in twenty has an outbreak of four weeks.
    counts[::20, -6:-2] += np.ceil(3 * np.sqrt(mean[::20, -6:-2])) + 1
    return counts


def best_seconds(counts: Floats, first: int, repeats: int = 3) -> float:
    seconds = []
    for _ in range(repeats):
        start = perf_counter()
        farrington_flexible(counts, start=first, baseline=PLAN)
        seconds.append(perf_counter() - start)
    return min(seconds)


def of_r(program: str, counts: Floats, first: int) -> tuple[float, Floats]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        np.savetxt(file, counts.T, fmt="%d", delimiter=",")
        script = SCRIPT.format(counts=file, first=first + 1, end=WEEKS)
        said = subprocess.run(
            [program, "-e", script], capture_output=True, text=True, check=True
        ).stdout.split()
    values = [np.nan if one == "NA" else float(one) for one in said]
    return values[0], np.reshape(values[1:], (len(counts), -1))


def beside_r(counts: Floats, first: int, series: int, ours: float) -> None:
    program = shutil.which("Rscript")
    if program is None:
        print("  R is not installed: no peer")
        return
    seconds, bounds = of_r(program, counts[:series], first)
    mine = farrington_flexible(counts[:series], start=first, baseline=PLAN)
    assert np.array_equal(mine.upper_bound[:, first:], bounds, equal_nan=True)
    theirs = seconds * SERIES / series
    print(f"  {bounds.size} bounds of {series} series are R's, all of them")
    print(f"  R {seconds:.2f} s for {series} series: {theirs:.0f} s for all, if so on")
    print(f"  ratio {theirs / ours:.0f}; target at least {TARGET}")


def main() -> None:
    counts = weekly_counts()
    start = perf_counter()
    farrington_flexible(counts[:2], start=WEEKS - 1, baseline=PLAN)
    print(f"compiled, or loaded once compiled: {perf_counter() - start:.2f} s")
    for name, (first, series) in WORKS.items():
        ours = best_seconds(counts, first)
        print(f"{name}: convive {ours:.3f} s for {SERIES} series")
        beside_r(counts, first, series, ours)
        fits = SERIES * (WEEKS - first) * 2  # with a trend, and mostly without
        # Five years less the latest half one.
        limit = fits * (5 * 52 + 3 - 26) * OPERATIONS_A_WEEK / OPERATIONS_A_SECOND
        print(f"  physical limit: {limit:.3f} s of sums, {ours / limit:.1f} times that")


if __name__ == "__main__":
    main()
