"""How unusual the sum over a place's neighbours is among other places drawn at random.

Conditional on the place itself: its so many neighbours are drawn, without return, from
all other places. A sample of draws is quick for any values; for counts the
distribution of the sum is worked out, so that no p-value depends on a seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from convive.stats.weights import SpatialWeights

    Floats = NDArray[np.float64]
    Positions = NDArray[np.int64]

# Sums of the same numbers in another order differ in their last digits.
TIE = 1e-12
# Additions, some seconds of them: beyond it a sample of draws is the better way.
_MOST_ADDITIONS = 2_000_000_000
# Above so many neighbours the chance of the first rows is too small a number.
_MOST_NEIGHBOURS = 600


def drawn_tails(
    values: Floats,
    weights: SpatialWeights,
    permutations: int,
    rng: np.random.Generator | None,
) -> tuple[Floats, Floats]:
    """Pseudo p-values of a mean as high, and as low, as the one observed.

    The weights of each place sum to one.
    """
    from convive.stats._kernels.draws import equal_tail_counts, tail_counts

    if permutations < 0:
        message = f"permutations must be zero or more, not {permutations}"
        raise ValueError(message)
    rng = rng if rng is not None else np.random.default_rng()
    z = values - values.mean()
    degree = np.diff(weights.starts)
    longest = int(degree.max(initial=0)) + 1
    drawn = np.empty((permutations, longest), dtype=np.int32)
    for head in drawn:
        head[:] = rng.choice(len(z), longest, replace=False)
    tie = TIE * longest * float(np.abs(z).max())
    lag = weights.to_sparse() @ z
    if _is_even(weights):
        counts = equal_tail_counts(z, degree, lag * degree, drawn, tie * longest)
    else:
        counts = tail_counts(z, (weights.starts, weights.weights), lag, drawn, tie)
    upper, lower = (1 + counts) / (1 + permutations)
    return upper, lower


def exact_tails(values: Floats, weights: SpatialWeights) -> tuple[Floats, Floats]:
    """Chances of a sum of counts at least, and at most, as large as the one observed.

    The draws of k others with sum s are the coefficients of
    :math:`\\prod_v (1 + t y^v)^{n_v}`, with the place's own value taken out once.
    """
    counts, reach = _whole(values, weights)
    degree = np.diff(weights.starts)
    sums = np.zeros(len(counts), dtype=np.int64)
    np.add.at(
        sums, np.repeat(np.arange(len(counts)), degree), counts[weights.neighbours]
    )
    tails = np.ones((2, len(counts)))
    for places, mass in _sums_of_others(counts, int(degree.max(initial=0)), reach):
        found = degree[places], sums[places]
        tails[0, places] = mass[:, ::-1].cumsum(axis=1)[:, ::-1][found]
        tails[1, places] = mass.cumsum(axis=1)[found]
    upper, lower = np.minimum(tails, 1.0)
    return upper, lower


def _is_even(weights: SpatialWeights) -> bool:
    """Whether all neighbours of a place count alike."""
    first = np.repeat(weights.starts[:-1], np.diff(weights.starts))
    apart = np.abs(weights.weights - weights.weights[first])
    return bool((apart <= TIE * weights.weights).all())


def _whole(values: Floats, weights: SpatialWeights) -> tuple[Positions, int]:
    """Values as counts, and one more than the largest sum of as many as are drawn."""
    counts = np.rint(values).astype(np.int64)
    if (counts != values).any() or (counts < 0).any():
        message = "values must be whole and zero or more for exact p-values"
        raise ValueError(message)
    if not _is_even(weights):
        message = "weights must be equal within each row for exact p-values"
        raise ValueError(message)
    most = int(np.diff(weights.starts).max(initial=0))
    reach = 1 + int(np.sort(counts)[len(counts) - most :].sum())
    distinct = len(np.unique(counts))
    additions = (most + 1) * reach * distinct * distinct.bit_length()
    if most > _MOST_NEIGHBOURS or additions > _MOST_ADDITIONS:
        message = (
            "values or neighbours are too many for exact p-values: up to "
            f"{most} neighbours with sums up to {reach - 1}; use permutations"
        )
        raise ValueError(message)
    return counts, reach


def _sums_of_others(
    counts: Positions, most: int, reach: int
) -> Iterator[tuple[Positions, Floats]]:
    """Places of one count, with the chance of each sum (columns) of k others (rows)."""
    from scipy.stats import binom

    distinct, of, number = np.unique(counts, return_inverse=True, return_counts=True)
    # Each value is drawn a binomial number of times: given how many are drawn in all,
    # that is a draw without return, whatever the chance of one.
    drawn, chance = np.arange(most + 1), max(most, 0.5) / len(counts)
    all_of_it = np.asarray(binom.pmf(drawn, number[:, None], chance))
    all_but_one = np.asarray(binom.pmf(drawn, number[:, None] - 1, chance))

    def adding(parts: Positions, table: Floats) -> Floats:
        for part in parts:
            table = _with_value(table, int(distinct[part]), all_of_it[part])
        return table

    def without_each(
        parts: Positions, table: Floats
    ) -> Iterator[tuple[Positions, Floats]]:
        if len(parts) == 1:
            own = parts[0]
            mass = _with_value(table, int(distinct[own]), all_but_one[own])
            yield np.flatnonzero(of == own), mass / mass.sum(axis=1, keepdims=True)
            return
        # What both halves of the others share is added once.
        half = len(parts) // 2
        yield from without_each(parts[:half], adding(parts[half:], table))
        yield from without_each(parts[half:], adding(parts[:half], table))

    nothing = np.zeros((most + 1, reach))
    nothing[0, 0] = 1.0
    yield from without_each(np.arange(len(distinct)), nothing)


def _with_value(table: Floats, value: int, chances: Floats) -> Floats:
    """Let up to so many draws of one value join the sums of the table."""
    rows, reach = table.shape
    joined: Floats = chances[0] * table
    for times in range(1, rows):
        shift = times * value
        if chances[times] == 0 or shift >= reach:
            break
        joined[times:, shift:] += (
            chances[times] * table[: rows - times, : reach - shift]
        )
    return joined
