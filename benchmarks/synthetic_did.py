"""Synthetic difference in differences with a placebo of each of 261 donors.

The peer is the Frank-Wolfe search that the paper's authors use, in NumPy.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from panels import (
    PRE_PERIODS,
    UNITS,
    best_seconds,
    cached_bytes_a_second,
    has_r_package,
    municipalities,
)

from convive.stats import synthetic_did

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TARGET = 100
FITTED = (0, 1, 2)
STEPS = 10_000
# It ends when a step gains less than this share of the noise, squared.
GAIN = 1e-5
# Its answers differ from the optimum by as much.
EARLY_STOP = 0.05
# Measured on another day, 2026-11-24, on two cores like these.
R_SYNTHDID_SECONDS = 603.4


def frank_wolfe(givers: Floats, wanted: Floats, penalty: float, noise: float) -> Floats:
    """Simplex weights, up to a level, by steps towards the best corner."""
    centred = (givers - givers.mean(axis=1, keepdims=True)).T
    target = wanted - wanted.mean()
    shares = np.full(len(givers), 1 / len(givers))
    last = np.inf
    for _step in range(STEPS):
        residual = centred @ shares - target
        slope = centred.T @ residual + penalty * shares
        value = (residual @ residual + penalty * shares @ shares) / len(target)
        if last - value < (GAIN * noise) ** 2:
            break
        last = value
        way = -shares
        way[slope.argmin()] += 1
        along = centred @ way
        step = -(slope @ way) / (along @ along + penalty * way @ way + 1e-300)
        shares = shares + min(max(step, 0.0), 1.0) * way
    return shares


def peer(table: Floats, treated: int) -> float:
    donors = np.delete(table, treated, axis=0)
    before, after = donors[:, :PRE_PERIODS], donors[:, PRE_PERIODS:].mean(axis=1)
    own = table[treated]
    noise = float(np.diff(before, axis=1).std(ddof=1))
    later = table.shape[1] - PRE_PERIODS
    ridge = np.sqrt(later) * noise**2 * PRE_PERIODS
    units = frank_wolfe(before, own[:PRE_PERIODS], ridge, noise)
    times = frank_wolfe(before.T, after, (1e-6 * noise) ** 2 * len(donors), noise)
    change = own[PRE_PERIODS:].mean() - times @ own[:PRE_PERIODS]
    return float(change - units @ (after - before @ times))


def limit_seconds(placebos: int, members: float) -> float:
    """Each fit reads its members' rows once for every member it takes in."""
    read = 8 * UNITS * members * (members + 1) / 2 * placebos
    return read / cached_bytes_a_second()


def main() -> None:
    table = municipalities()
    start = perf_counter()
    synthetic_did(table[:20], 0, PRE_PERIODS)
    print(f"compiled or read from the cache: {perf_counter() - start:.2f} s")
    ours = best_seconds(lambda: synthetic_did(table, 0, PRE_PERIODS))
    effect = synthetic_did(table, 0, PRE_PERIODS)
    print(
        f"effect {effect.estimate:.4f}, placebo error {effect.standard_error:.4f} from "
        f"{len(effect.placebo_estimates)} donors"
    )
    seconds = []
    for unit in FITTED:
        # The first is the effect itself, the others placebos among the donors.
        panel, row = (table, 0) if unit == 0 else (table[1:], unit - 1)
        mine = effect.placebo_estimates[row] if unit else effect.estimate
        start = perf_counter()
        theirs = peer(panel, row)
        seconds.append(perf_counter() - start)
        print(f"unit {unit}: convive {mine:.4f}; Frank-Wolfe {theirs:.4f}")
        assert abs(mine - theirs) < EARLY_STOP
    whole = float(np.mean(seconds)) * UNITS
    print(
        f"convive {ours:.4f} s; Frank-Wolfe in NumPy {whole:.1f} s: {len(FITTED)} fits "
        f"x {UNITS}; ratio {whole / ours:.0f}"
    )
    if has_r_package("synthdid"):
        print("R synthdid is installed, but is not measured by this script")
    else:
        print("R synthdid is absent here")
    print(
        f"R synthdid on another day: {R_SYNTHDID_SECONDS} s, ratio "
        f"{R_SYNTHDID_SECONDS / ours:.0f}; target at least {TARGET}"
    )
    limit = limit_seconds(UNITS, float((effect.weights > 0).sum()))
    print(
        f"physical limit: reading the members' rows from the cache takes {limit:.4f} s;"
        f" this is {ours / limit:.1f} times that"
    )


if __name__ == "__main__":
    main()
