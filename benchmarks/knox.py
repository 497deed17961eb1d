"""The Knox test of 20,000 and of 100,000 events, beside pointpats' Knox."""

from __future__ import annotations

import resource
import warnings
from time import perf_counter

import numpy as np

from convive.stats import KnoxTest, knox_test
from convive.stats.event_pairs import find_close_pairs

PERMUTATIONS = 999
PEER_PERMUTATIONS = 40
DISTANCES, TIMES = [100, 200, 300, 400], [7, 14, 21, 28]
TARGET = 60
MOST_GIB = 2
# Each pair and shuffle reads two times that a processor's second cache holds.
GATHERS_A_SECOND = 1.16e9
# Comparisons and additions of eight numbers at once, two a cycle at 2.5 GHz.
WIDE_A_SECOND = 8 * 2 * 2.5e9
THREADS = 2


def events(count: int) -> tuple[np.ndarray, np.ndarray]:
    """A town of 20 km with 200 clusters, a year, and near repeats of one in seven."""
    rng = np.random.default_rng(1964)
    first = int(count * 0.85)
    centres, share = rng.uniform(0, 20_000, (200, 2)), rng.dirichlet(np.full(200, 0.8))
    xy = centres[rng.choice(200, first, p=share)] + rng.normal(0, 900, (first, 2))
    days = rng.integers(0, 365, first)
    followed = rng.integers(0, first, count - first)
    near = xy[followed] + rng.normal(0, 80, (count - first, 2))
    soon = np.minimum(364, days[followed] + rng.integers(0, 15, count - first))
    return np.vstack([xy, near]), np.concatenate([days, soon])


def ours(xy: np.ndarray, days: np.ndarray) -> tuple[KnoxTest, float]:
    start = perf_counter()
    test = knox_test(xy, days, DISTANCES, TIMES, PERMUTATIONS, np.random.default_rng(1))
    return test, perf_counter() - start


def peer(xy: np.ndarray, days: np.ndarray) -> tuple[int, float, float]:
    """Pairs up to 200 m and 14 days, their expectation, and seconds of all shuffles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pointpats import Knox

        seconds = []
        for permutations in (0, PEER_PERMUTATIONS):
            start = perf_counter()
            knox = Knox(xy, days[:, None].astype(float), 200, 14, permutations)
            seconds.append(perf_counter() - start)
    each = (seconds[1] - seconds[0]) / PEER_PERMUTATIONS
    return int(knox.nst), float(knox.expected[0, 0]), seconds[0] + PERMUTATIONS * each


def say_limit(pairs: int, seconds: float) -> None:
    gathers = 2 * pairs * PERMUTATIONS / (GATHERS_A_SECOND * THREADS)
    wide = 2 * pairs * PERMUTATIONS * len(TIMES) / (WIDE_A_SECOND * THREADS)
    print(
        f"physical limit: {pairs:,} pairs x {PERMUTATIONS} shuffles x two gathers take"
        f" {gathers:.2f} s on {THREADS} threads; 32 shuffles side by side turn them"
        f" into wide reads, and comparing and adding takes {wide:.2f} s;"
        f" the whole test takes {seconds / wide:.1f} times that"
    )


def main() -> None:
    start = perf_counter()
    ours(*events(500))
    print(f"compiled, or read from the cache, in {perf_counter() - start:.2f} s")
    xy, days = events(100_000)
    test, seconds = ours(xy, days)
    # In kibibytes on Linux.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    pairs = len(find_close_pairs(xy, test.distance_bands).left)
    print(
        f"convive, 100,000 events, 16 cells, {PERMUTATIONS} shuffles: {seconds:.2f} s"
    )
    print(f"peak memory {peak:.2f} GiB; target below {MOST_GIB}")
    say_limit(pairs, seconds)
    xy, days = events(20_000)
    test, seconds = min((ours(xy, days) for _ in range(3)), key=lambda run: run[1])
    pairs = len(find_close_pairs(xy, test.distance_bands).left)
    count, expected, theirs = peer(xy, days)
    assert count == test.observed[:2, :2].sum()
    np.testing.assert_allclose(expected, test.expected[:2, :2].sum())
    print(f"20,000 events: both count {count} pairs up to 200 m and 14 days")
    print(
        f"convive, all 16 cells, {seconds:.3f} s; pointpats, one cell, {theirs:.1f} s"
        f" ({PEER_PERMUTATIONS} shuffles run, {PERMUTATIONS} extrapolated)"
    )
    print(f"ratio {theirs / seconds:.0f}; target at least {TARGET}")
    say_limit(pairs, seconds)


if __name__ == "__main__":
    main()
