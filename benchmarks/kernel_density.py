"""Kernel density of 100,000 points on 500 x 500 cells, beside KDEpy and spatstat."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from convive.stats import kernel_density
from convive.stats._kernels.density import sum_plainly

if TYPE_CHECKING:
    from collections.abc import Callable

POINTS, SIDE = 100_000, 500
WINDOW = (0.0, 0.0, 265_000.0, 145_000.0)
BANDWIDTH = 2_200.0
SAMPLE = 400
TARGET_KDEPY, TARGET_SPATSTAT = 4, 10
# A fused product and sum of four doubles, two a cycle at 2.5 GHz.
PRODUCTS_A_SECOND = 4 * 2 * 2.5e9
R = """
suppressMessages({library(spatstat.geom); library(spatstat.explore)})
d <- read.csv("%s")
p <- ppp(d$x, d$y, window = owin(c(%f, %f), c(%f, %f)), check = FALSE)
f <- function(...) min(replicate(2, system.time(density.ppp(p, sigma = %f,
  dimyx = c(%d, %d), ...))[3]))
cat(f(edge = FALSE), f(edge = TRUE), f(edge = TRUE, diggle = TRUE))
"""


def points() -> np.ndarray:
    """Events around the centres of 262 municipalities of unlike size."""
    rng = np.random.default_rng(1985)
    far = np.array(WINDOW[2:])
    centres, size = rng.uniform(0, far, (262, 2)), np.exp(rng.normal(0, 1, 262))
    at = rng.choice(262, POINTS, p=size / size.sum())
    # KDEpy wants all points between the centres of the outer cells.
    border = far / SIDE
    return np.clip(
        centres[at] + rng.normal(0, 3_300, (POINTS, 2)), border, far - border
    )


def best(work: Callable[[], np.ndarray], repeats: int = 15) -> tuple[np.ndarray, float]:
    seconds = []
    for _ in range(repeats):
        start = perf_counter()
        answer = work()
        seconds.append(perf_counter() - start)
    return answer, min(seconds)


def ours(xy: np.ndarray, **chosen: object) -> np.ndarray:
    return kernel_density(
        xy,
        BANDWIDTH,
        shape=(SIDE, SIDE),
        window_m=WINDOW,
        **chosen,  # type: ignore[arg-type]
    ).events_per_km2


def kdepy(xy: np.ndarray) -> np.ndarray:
    from KDEpy import FFTKDE

    x, y = axes()
    grid = np.column_stack([np.repeat(x, SIDE), np.tile(y, SIDE)])
    # One bandwidth for both axes: its grid is in bandwidths.
    found = FFTKDE(kernel="gaussian", bw=1).fit(xy / BANDWIDTH)
    density = found.evaluate(grid / BANDWIDTH) / BANDWIDTH**2
    return density.reshape(SIDE, SIDE).T * len(xy) * 1e6


def axes() -> list[np.ndarray]:
    return [(np.arange(SIDE) + 0.5) * far / SIDE for far in WINDOW[2:]]


def spatstat(xy: np.ndarray) -> list[float] | None:
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "points.csv"
        np.savetxt(file, xy, delimiter=",", header="x,y", comments="")
        left, bottom, right, top = WINDOW
        script = R % (file, left, right, bottom, top, BANDWIDTH, SIDE, SIDE)
        answer = subprocess.run(
            ["Rscript", "-e", script],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
    return [float(word) for word in answer.stdout.split()] or None


def sample(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows and columns of some cells, and the whole sum there."""
    rng = np.random.default_rng(4)
    row, column = rng.integers(0, SIDE, (2, SAMPLE))
    x, y = axes()
    places, one = (xy[:, 0] / BANDWIDTH, xy[:, 1] / BANDWIDTH), np.ones(len(xy))
    sums = [
        sum_plainly(places, one, (x[[c]] / BANDWIDTH, y[[r]] / BANDWIDTH), 0)[0, 0]
        for r, c in zip(row, column, strict=True)
    ]
    return row, column, np.array(sums) * 1e6 / (2 * np.pi * BANDWIDTH**2)


def say_limit(seconds: float) -> None:
    cells = [far / SIDE for far in WINDOW[2:]]
    taps = sum(2 * int(np.ceil(5 * BANDWIDTH / side)) + 1 for side in cells)
    limit = taps * SIDE**2 / PRODUCTS_A_SECOND
    print(
        f"physical limit: {taps} products a cell take {limit * 1e3:.1f} ms on one"
        f" thread; the whole takes {seconds / limit:.1f} times that"
    )


def main() -> None:
    xy = points()
    start = perf_counter()
    for exact in (False, True):
        ours(xy[:100], exact=exact)
    print(f"compiled, or read from the cache, in {perf_counter() - start:.2f} s")
    row, column, whole = sample(xy)

    def error(density: np.ndarray) -> str:
        gap = np.abs(density[row, column] - whole).max() / whole.max()
        return f"largest error {gap:.1e} of the peak"

    plain, quick = best(lambda: ours(xy, edge="none"))
    exact, slow = best(lambda: ours(xy, edge="none", exact=True), 2)
    theirs, peer = best(lambda: kdepy(xy))
    print(f"convive {quick:.4f} s, {error(plain)}")
    print(f"convive, exact, {slow:.4f} s, {error(exact)}")
    print(f"KDEpy FFTKDE {peer:.4f} s, {error(theirs)}")
    for edge in ("uniform", "diggle"):
        _density, seconds = best(lambda edge=edge: ours(xy, edge=edge))  # type: ignore[misc]
        print(f"convive with the correction {edge!r} {seconds:.4f} s")
    print(f"ratio to KDEpy {peer / quick:.1f}; target at least {TARGET_KDEPY}")
    other = spatstat(xy)
    if other is None:
        print("spatstat is absent (no Rscript, or not the package): not measured")
    else:
        print("spatstat, no correction, uniform, diggle:", *other, "s")
        print(f"ratio to spatstat {other[0] / quick:.1f}; target {TARGET_SPATSTAT}")
    say_limit(quick)


if __name__ == "__main__":
    main()
