"""Exact intervals and rates of 600,000 cells, beside scipy's chi-square."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from convive.stats import crude_rate, poisson_interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Work = Callable[[], object]

CELLS = 600_000
TARGET = 100
PER = 100_000


def peer_interval(count: NDArray[np.int64]) -> list[NDArray[np.float64]]:
    from scipy.stats import chi2

    lower = np.nan_to_num(chi2.ppf(0.025, 2 * count) / 2)
    return [count.astype(float), lower, chi2.ppf(0.975, 2 * count + 2) / 2]


def peer_rate(
    count: NDArray[np.int64], population: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    return [value * (PER / population) for value in peer_interval(count)]


def best_seconds(work: Work, repeats: int = 3) -> float:
    seconds = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def compare(name: str, ours: Work, theirs: Work, arrays: int) -> None:
    """Print both times; `arrays` of all cells must at least be read or written."""
    fast, slow = best_seconds(ours, 9), best_seconds(theirs)
    # A copy reads one half and writes the other.
    half = np.zeros(CELLS * arrays // 2)
    other = np.zeros_like(half)
    limit = best_seconds(lambda: np.copyto(other, half), 9)
    print(f"{name}: convive {fast:.4f} s; scipy.stats.chi2.ppf {slow:.4f} s")
    print(f"  ratio {slow / fast:.0f}; target at least {TARGET}")
    print(
        f"  physical limit: {limit:.4f} s to move {arrays} arrays through memory, "
        f"as a plain copy does; this takes {fast / limit:.1f} times that"
    )


def main() -> None:
    rng = np.random.default_rng(2005)
    population = rng.uniform(2_000, 200_000, CELLS)
    count = rng.poisson(population * rng.gamma(2, 0.0003, CELLS))
    start = perf_counter()
    poisson_interval([0])
    print(f"table of small counts, built once: {perf_counter() - start:.4f} s")
    rate, expected = crude_rate(count, population), peer_rate(count, population)
    for ours, theirs in zip(
        (rate.estimate, rate.lower, rate.upper), expected, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    print(f"largest count {count.max()}; both give the same limits")
    # Counts are read; they and both limits are written. Rates read the people as well
    # and write the rates beside the counts.
    compare(
        "interval", lambda: poisson_interval(count), lambda: peer_interval(count), 4
    )
    compare(
        "rate",
        lambda: crude_rate(count, population),
        lambda: peer_rate(count, population),
        6,
    )


if __name__ == "__main__":
    main()
