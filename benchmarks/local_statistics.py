"""Gi* and local Moran of 50,176 cells with 999 draws, beside esda on both cores."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import esda
import libpysal
import numpy as np
from scipy.ndimage import gaussian_filter

from convive.stats import getis_ord_g_star, local_moran, spatial_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convive.stats import LocalStatistic, SpatialWeights

    Peer = Callable[[int], NDArray[np.float64]]
    Test = Callable[..., LocalStatistic]

SIDE = 224
DRAWS = 999
TARGET = 12
LEVEL = 0.05
# Measured on two cores of this kind: numbers that one core fetches from its second
# cache in a second, bytes that memory gives, and bytes of a link.
GATHERS, CORES, BANDWIDTH, BYTES = 1.16e9, 2, 14e9, 12


def smooth_counts() -> NDArray[np.int64]:
    rng = np.random.default_rng(1995)
    field = gaussian_filter(rng.normal(size=(SIDE, SIDE)), 6)
    return rng.poisson(np.exp(0.8 * field / field.std())).ravel()


def queen_grid() -> SpatialWeights:
    cells = np.arange(SIDE * SIDE)
    return spatial_weights(np.stack(np.divmod(cells, SIDE), axis=1), within_m=1.5)


def peers(values: NDArray[np.int64], weights: SpatialWeights) -> tuple[Peer, Peer]:
    """What esda gives of a number of draws: statistics and p-values."""
    rows = np.split(weights.neighbours, weights.starts[1:-1])
    graph = libpysal.weights.W(
        {cell: row.tolist() for cell, row in enumerate(rows)}, silence_warnings=True
    )
    how = {"keep_simulations": False, "n_jobs": -1, "seed": 1}
    y = values.astype(np.float64)

    def g_star(draws: int) -> NDArray[np.float64]:
        found = esda.G_Local(
            y, graph, transform="B", star=True, permutations=draws, **how
        )
        return np.stack([found.Zs, found.p_sim])

    def moran(draws: int) -> NDArray[np.float64]:
        found = esda.Moran_Local(y, graph, permutations=draws, **how)
        return np.stack([found.Is, found.p_sim])

    return g_star, moran


def seconds_of(work: Callable[[], object], repeats: int = 1) -> float:
    seconds = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def smaller_tail(found: LocalStatistic) -> NDArray[np.float64]:
    return np.minimum(found.p_upper, found.p_lower)


def folded(exact: LocalStatistic) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least and largest p-value of esda, by which equal sums it counts.

    It folds the share r of draws that reach the statistic into the smaller of r and
    1 - r. Equal sums of counts are in r for Gi*; in local Moran they differ in their
    last digits, so that chance decides which of them reach it.
    """
    ends = np.stack([1 - exact.p_lower, exact.p_upper])
    both = np.minimum(ends, 1 - ends)
    is_middle = (ends[0] < 0.5) & (ends[1] > 0.5)
    return both.min(axis=0), np.where(is_middle, 0.5, both.max(axis=0))


def compare(
    ours: LocalStatistic, theirs: NDArray[np.float64], exact: LocalStatistic
) -> None:
    """Statistics must be equal, p-values but for chance and for equal sums."""
    np.testing.assert_allclose(ours.statistic, theirs[0], atol=1e-8)
    known, p = smaller_tail(exact), smaller_tail(ours)
    least, largest = folded(exact)
    mine = np.abs(p - known) / standard_error(known)
    away = np.maximum(least - theirs[1], theirs[1] - largest) / standard_error(largest)
    print("statistics equal; p-values beside the exact ones, in standard errors:")
    print(
        f"  convive within {mine.max():.1f}; esda, which folds, within {away.max():.1f}"
    )
    assert max(away.max(), mine.max()) < 6
    called = [
        f"{np.sum(tail <= LEVEL):,}" for tail in (p, known, theirs[1], largest, least)
    ]
    print(
        "cells with a smaller tail of {}: convive {}, exact {}; esda {}, exact and "
        "folded {} to {} by which equal sums count".format(f"{LEVEL:.0%}", *called)
    )
    print(
        f"called at a false discovery rate of {LEVEL:.0%}: by draws "
        f"{ours.is_significant().sum():,} (smallest p {ours.p_value.min():.3f}), by "
        f"exact p {exact.is_significant().sum():,}"
    )


def standard_error(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(p * (1 - p) / DRAWS) + 1 / DRAWS


def measure(test: Test, peer: Peer) -> None:
    values, weights = smooth_counts(), queen_grid()
    rng = np.random.default_rng(2)
    links = len(weights.neighbours)
    print(f"\n{test.__name__}: {len(values):,} cells, {links:,} links, {DRAWS} draws")
    compiling = (
        seconds_of(lambda: peer(9)),
        seconds_of(lambda: test(values, weights, 9)),
    )
    print(
        "first call: esda {:.1f} s (it compiles), convive {:.2f} s".format(*compiling)
    )
    ours = test(values, weights, DRAWS, rng)
    compare(ours, peer(DRAWS), test(values, weights, exact=True))
    theirs = seconds_of(lambda: peer(DRAWS), 2)
    mine = seconds_of(lambda: test(values, weights, DRAWS, rng), 7)
    whole = seconds_of(lambda: test(values, weights, exact=True), 7)
    print(f"esda {theirs:.3f} s; convive {mine:.4f} s, exact {whole:.4f} s")
    print(
        f"ratio {theirs / mine:.0f}, exact {theirs / whole:.0f}; "
        f"target at least {TARGET}"
    )
    fetched = links * DRAWS / GATHERS / CORES
    read = links * BYTES / BANDWIDTH
    print(
        f"physical limit: {fetched:.3f} s to fetch every draw of every cell on {CORES} "
        f"cores, {fetched / mine:.1f} times ours,\n  which shares sums among cells of "
        f"one degree; to read the links once {read:.5f} s, {whole / read:.0f} times "
        "less than exact p-values take"
    )


def main() -> None:
    g_star, moran = peers(smooth_counts(), queen_grid())
    measure(getis_ord_g_star, g_star)
    measure(local_moran, moran)


if __name__ == "__main__":
    main()
