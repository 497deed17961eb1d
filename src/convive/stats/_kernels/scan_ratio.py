"""Log likelihood ratio of a cylinder; with NumPy, of every cylinder one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convive.stats._kernels.scan import Rules

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]


@njit(cache=True)
def score(
    count: float, due: float, cases: float, people: float
) -> float:  # pragma: no cover - compiled
    """Log likelihood ratio of more cases inside than outside."""
    if count <= due:
        return 0.0
    value: float = count * np.log(count / due)
    if count < cases:
        value += (cases - count) * np.log((cases - count) / (cases - due))
    if people < np.inf:
        size = due * people / cases
        for spared, fair in (
            (size - count, size - due),
            (people - cases - size + count, people - cases - size + due),
        ):
            if spared > 0:
                value += spared * np.log(spared / fair)
    return value


def scan_plainly(
    counts: Floats, expected: Floats, circles: list[list[Longs]], rules: Rules
) -> Floats:
    """Best ratio of each centre with NumPy, cylinder by cylinder: the twin."""
    best = np.zeros(len(circles))
    for centre, nested in enumerate(circles):
        for areas in nested:
            for length in range(1, rules.longest + 1):
                for end in range(max(rules.first_end, length), counts.shape[1] + 1):
                    window = slice(end - length, end)
                    count = counts[areas, window].sum()
                    if count >= rules.min_cases:
                        due = expected[areas, window].sum()
                        ratio = score_plainly(count, due, rules.cases, rules.people)
                        best[centre] = max(best[centre], float(ratio))
    return best


def score_plainly(count: Floats, due: Floats, cases: float, people: float) -> Floats:
    """Ratios of many cylinders with NumPy: the twin of `score`."""
    pairs = [(count, due), (cases - count, cases - due)]
    if people < np.inf:
        size = due * (people / cases)
        outside = people - cases - size
        pairs += [(size - count, size - due), (outside + count, outside + due)]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [np.where(c > 0, c * np.log(c / fair), 0.0) for c, fair in pairs]
    return np.where(count > due, np.sum(terms, axis=0), 0.0)
